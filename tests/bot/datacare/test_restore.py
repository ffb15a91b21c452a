"""A backup restored into an empty database is the same database; into anything else it is refused."""

import json
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.claims import ALL_SERVERS
from bot.datacare.backup import back_up
from bot.datacare.container import (
    LARGEST_MANIFEST,
    BackupFileError,
    Manifest,
    count_documents,
    reading,
    writing,
)
from bot.datacare.restore import restore
from bot.db import leases
from bot.db.check import NEEDED_ACTIONS
from bot.db.database import LONG_AGO, Driver, Handle, database
from bot.db.dumping import BACKED_UP, SnapshotLost, one_instant
from bot.db.identity import key_fingerprint, require_same_key
from bot.db.migrations import MIGRATIONS, migrate, schema_version
from bot.db.restoring import HalfRestored, NotEmpty, Restoring, require_whole, restoring
from bot.privacy.keyfile import KeyFileError
from schemas.registry import COLLECTIONS
from tests.support.samples import sample

KEY = bytes(range(32))
DOCUMENTS = 40


class FixedClock:
    def now_ms(self) -> int:
        return 1_780_000_000_000


def nothing(*_: object) -> None:
    """A progress that nobody watches."""


Backup = Callable[[Handle, Path], Awaitable[Manifest]]


@pytest.fixture
def backup(driver: Driver) -> Backup:
    async def make(db: Handle, path: Path) -> Manifest:
        async with one_instant(driver, db) as dump:
            return await back_up(dump, db.name, path, FixedClock(), nothing)

    return make


@pytest.fixture
async def filled(db: Handle) -> Handle:
    await fill(db)
    return db


async def fill(db: Handle) -> None:
    random = Random(db.name)
    await require_same_key(db, KEY)
    for collection in COLLECTIONS:
        await db[collection.name].insert_many(
            [sample(collection, number, random) for number in range(DOCUMENTS)]
        )


@pytest.fixture
async def empty(driver: Driver, database_name: str) -> AsyncIterator[Handle]:
    yield database(driver, f"{database_name}_2")
    await driver.drop_database(f"{database_name}_2")


async def everything(db: Handle) -> dict[str, list[dict[str, Any]]]:
    return {
        collection.name: await db[collection.name].find().sort("_id", 1).to_list(None)
        for collection in COLLECTIONS
    }


async def test_every_document_of_every_collection_comes_back(
    filled: Handle, empty: Handle, backup: Backup, tmp_path: Path
) -> None:
    path = tmp_path / "all.backup"
    manifest = await backup(filled, path)
    assert manifest.documents == DOCUMENTS * len(BACKED_UP)
    seen: dict[str, tuple[int, int]] = {}
    await restore(empty, path, KEY, lambda what, done, size: seen.update({what: (done, size)}))
    assert all(done == size for done, size in seen.values())
    assert list(seen) == ["Checking the file", "Restoring", "Reading back"]

    before, after = await everything(filled), await everything(empty)
    assert before.pop("leases")
    assert [each["_id"] for each in after.pop("leases")] == ["register"]
    assert before.pop("agreements")
    assert after.pop("agreements") == []
    assert [document.pop("session") for document in after["coverage"]] == [0] * DOCUMENTS
    assert all(document.pop("session") for document in before["coverage"])
    assert after == before
    assert set(before) == set(BACKED_UP) - {"leases"}

    assert await schema_version(empty) == MIGRATIONS[-1].version
    assert await key_fingerprint(empty) == await key_fingerprint(filled)
    await require_whole(empty)
    indexes = await empty.memberActivityStats.index_information()
    assert indexes["guildId_1_userId_1"]["unique"] is True


async def test_a_backup_shows_one_instant(
    filled: Handle, empty: Handle, driver: Driver, tmp_path: Path
) -> None:
    before = await everything(filled)
    async with one_instant(driver, filled) as dump:
        for collection in COLLECTIONS:
            await filled[collection.name].delete_one({"_id": "000003"})
        await filled.guilds.update_many({}, {"$set": {"name": "later"}})
        await back_up(dump, filled.name, tmp_path / "b", FixedClock(), nothing)
    await restore(empty, tmp_path / "b", KEY, nothing)
    assert (await everything(empty))["guilds"] == before["guilds"]
    assert await empty.memberDays.count_documents({}) == DOCUMENTS


async def test_a_backup_that_took_too_long_says_what_to_do_and_leaves_no_file(
    filled: Handle, driver: Driver, tmp_path: Path
) -> None:
    window = "minSnapshotHistoryWindowInSeconds"
    kept = (await driver.admin.command({"getParameter": 1, window: 1}))[window]
    async with one_instant(driver, filled) as dump:
        await driver.admin.command({"setParameter": 1, window: 0})
        try:
            with pytest.raises(SnapshotLost, match="--still"):
                for number in range(1_000):
                    await filled.guilds.update_many({}, {"$set": {"name": str(number)}})
                    await back_up(dump, filled.name, tmp_path / "b", FixedClock(), nothing)
                    (tmp_path / "b").unlink()
        finally:
            await driver.admin.command({"setParameter": 1, window: kept})
    assert not list(tmp_path.iterdir())  # noqa: ASYNC240 - nothing else runs


async def test_a_database_with_data_is_left_alone(filled: Handle, backup: Backup, tmp_path: Path) -> None:
    await backup(filled, tmp_path / "b")
    before = await everything(filled)
    await filled.leases.delete_many({})
    with pytest.raises(NotEmpty, match="--into"):
        await restore(filled, tmp_path / "b", KEY, nothing)
    before.pop("leases")
    after = await everything(filled)
    after.pop("leases")
    assert after == before
    await require_whole(filled)


async def test_a_bot_that_runs_on_the_empty_database_keeps_it(
    filled: Handle, empty: Handle, backup: Backup, tmp_path: Path
) -> None:
    await backup(filled, tmp_path / "b")
    await migrate(empty)
    lease = await leases.acquire(empty, ALL_SERVERS, "a bot")
    with pytest.raises(leases.LeaseHeld, match="Stop it"):
        await restore(empty, tmp_path / "b", KEY, nothing)
    await leases.release(empty, lease)
    await empty.watermarks.insert_one({"_id": "j", "segment": 0, "offset": 0, "updatedAt": LONG_AGO})
    await restore(empty, tmp_path / "b", KEY, nothing)
    assert await empty.watermarks.find_one({"_id": "j"}) is None


@pytest.mark.parametrize(
    ("key", "said"), [(None, "no pseudonym key yet"), (bytes(32), "another pseudonym key")]
)
async def test_another_key_is_refused_with_the_mend(
    filled: Handle, empty: Handle, backup: Backup, tmp_path: Path, key: bytes | None, said: str
) -> None:
    await backup(filled, tmp_path / "b")
    with pytest.raises(KeyFileError, match=said) as refused:
        await restore(empty, tmp_path / "b", key, nothing)
    assert "pseudonym.key" in str(refused.value)
    assert not await empty.list_collection_names()


async def test_a_restore_cut_short_keeps_the_bot_out_until_it_is_done_again(
    filled: Handle, empty: Handle, backup: Backup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await backup(filled, tmp_path / "b")
    insert = Restoring.insert

    async def power_cut(self: Restoring, collection: str, documents: list[bytes]) -> None:
        await insert(self, collection, documents)
        if collection == "channelDays":
            raise RuntimeError("power cut")

    monkeypatch.setattr(Restoring, "insert", power_cut)
    with pytest.raises(RuntimeError, match="power cut"):
        await restore(empty, tmp_path / "b", KEY, nothing)
    with pytest.raises(HalfRestored, match="serverstats restore"):
        await require_whole(empty)
    monkeypatch.setattr(Restoring, "insert", insert)
    await restore(empty, tmp_path / "b", KEY, nothing)
    await require_whole(empty)
    assert (await everything(empty))["memberDays"] == (await everything(filled))["memberDays"]


async def test_what_comes_in_from_elsewhere_meanwhile_is_noticed(
    filled: Handle, empty: Handle, backup: Backup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await backup(filled, tmp_path / "b")
    count = Restoring.insert

    async def changed(self: Restoring, collection: str, documents: list[bytes]) -> None:
        await count(self, collection, documents)
        await empty.memberDays.update_one({"_id": "000001"}, {"$inc": {"messages": 1}})

    monkeypatch.setattr(Restoring, "insert", changed)
    with pytest.raises(BackupFileError, match="memberDays"):
        await restore(empty, tmp_path / "b", KEY, nothing)


async def test_two_restores_at_once_do_not_mix(empty: Handle) -> None:
    async with restoring(empty):
        with pytest.raises(leases.LeaseHeld):
            async with restoring(empty):
                pass


def repacked(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def lose_a_document(members: dict[str, bytes]) -> None:
    members["memberDays.bson"] = members["memberDays.bson"][
        int.from_bytes(members["memberDays.bson"][:4], "little") :
    ]


def cut_a_document(members: dict[str, bytes]) -> None:
    members["channels.bson"] = members["channels.bson"][:-3]


def lose_a_collection(members: dict[str, bytes]) -> None:
    del members["coverage.bson"]


def from_the_future(members: dict[str, bytes]) -> None:
    members["manifest.json"] = json.dumps({"format": 2}).encode()


def newer_schema(members: dict[str, bytes]) -> None:
    manifest = msgspec.json.decode(members["manifest.json"], type=Manifest)
    members["manifest.json"] = msgspec.json.encode(msgspec.structs.replace(manifest, schema_version=99))


def unknown_collection(members: dict[str, bytes]) -> None:
    members["manifest.json"] = members["manifest.json"].replace(b'"memberDays"', b'"novelties"')


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lose_a_document, "is damaged: memberDays"),
        (cut_a_document, "is damaged: channels"),
        (lose_a_collection, "is damaged: coverage"),
        (from_the_future, "newer Serverstats"),
        (newer_schema, "schema version 99"),
        (unknown_collection, "novelties"),
        (lambda members: members.clear(), "no backup"),
    ],
)
async def test_a_file_that_is_not_what_was_written_is_refused_before_anything_is_done(
    filled: Handle,
    empty: Handle,
    backup: Backup,
    tmp_path: Path,
    change: Callable[[dict[str, bytes]], None],
    said: str,
) -> None:
    await backup(filled, tmp_path / "b")
    with pytest.raises(BackupFileError, match=said):
        await restore(empty, repacked(tmp_path / "b", change), KEY, nothing)
    assert not await empty.list_collection_names()


def with_manifest(**fields: object) -> Callable[[dict[str, bytes]], None]:
    """Change fields of a manifest, as nobody who writes one does."""

    def change(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        members["manifest.json"] = json.dumps({**manifest, **fields}).encode()

    return change


def twice(members: dict[str, bytes]) -> None:
    manifest = json.loads(members["manifest.json"])
    manifest["collections"].append(manifest["collections"][0])
    members["manifest.json"] = json.dumps(manifest).encode()


def deep(members: dict[str, bytes]) -> None:
    members["manifest.json"] = b'{"format": 1, "x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"


def huge(members: dict[str, bytes]) -> None:
    members["manifest.json"] += b" " * (LARGEST_MANIFEST + 1)


def replaced(documents: bytes) -> Callable[[dict[str, bytes]], None]:
    """Put other documents into a collection, with the sums that belong to them."""

    def change(members: dict[str, bytes]) -> None:
        members["guilds.bson"] = documents
        manifest = json.loads(members["manifest.json"])
        for entry in manifest["collections"]:
            if entry["name"] == "guilds":
                entry |= {
                    "documents": count_documents(documents),
                    "size": len(documents),
                    "sha256": sha256(documents).hexdigest(),
                }
        members["manifest.json"] = json.dumps(manifest).encode()

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (twice, "holds a collection twice"),
        (deep, "is no backup that"),
        (huge, "is no backup that"),
        (with_manifest(takenAt="2026-01-01T00:00:00"), "is no backup that"),
        (with_manifest(schemaVersion=10**30), "is no backup that|schema version"),
        (with_manifest(format="1"), "is no backup that"),
        (with_manifest(collections=None), "is no backup that"),
    ],
)
async def test_a_manifest_that_nobody_writes_is_one_sentence(
    filled: Handle,
    empty: Handle,
    backup: Backup,
    tmp_path: Path,
    change: Callable[[dict[str, bytes]], None],
    said: str,
) -> None:
    await backup(filled, tmp_path / "b")
    with pytest.raises(BackupFileError, match=said) as refused:
        await restore(empty, repacked(tmp_path / "b", change), KEY, nothing)
    assert "\n" not in str(refused.value)
    assert not await empty.list_collection_names()


@pytest.mark.parametrize(
    "documents",
    [
        b"\x05\0\0\0\x01",
        b"\x0d\0\0\0\x02abcd\0\xff\xff\x00",
        2 * b"\x0e\0\0\0\x10_id\0\x07\0\0\0\0",
        b"\x12\0\0\0\x04_id\0\x08\0\0\0\x0a0\0\0\0",
    ],
    ids=["no end", "no document", "same id", "no id"],
)
async def test_documents_that_nobody_writes_are_one_sentence_and_keep_the_bot_out(
    filled: Handle, empty: Handle, backup: Backup, tmp_path: Path, documents: bytes
) -> None:
    await backup(filled, tmp_path / "b")
    repacked(tmp_path / "b", replaced(documents))
    with pytest.raises(BackupFileError, match="is damaged: guilds"):
        await restore(empty, tmp_path / "b", KEY, nothing)
    with pytest.raises(HalfRestored):
        await require_whole(empty)


async def test_documents_that_a_migration_cannot_read_are_one_sentence(
    filled: Handle, empty: Handle, backup: Backup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def chokes(_db: Handle) -> None:
        raise KeyError("day")

    await backup(filled, tmp_path / "b")
    monkeypatch.setattr("bot.db.restoring.migrate", chokes)
    with pytest.raises(BackupFileError, match="does not hold what a backup of schema version"):
        await restore(empty, tmp_path / "b", KEY, nothing)
    with pytest.raises(HalfRestored):
        await require_whole(empty)


def rezipped(path: Path, change: Callable[[bytearray], None]) -> None:
    """Change a file's bytes."""
    data = bytearray(path.read_bytes())
    change(data)
    path.write_bytes(data)


def in_every_entry(at_central: int, value: int) -> Callable[[bytearray], None]:
    """Set a field in each central directory entry, and the local one where zipfile compares it."""

    def change(data: bytearray) -> None:
        for magic, at in ((b"PK\x01\x02", at_central), (b"PK\x03\x04", at_central - 2)):
            start = data.find(magic)
            while start >= 0:
                data[start + at] = value
                start = data.find(magic, start + 4)

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [(in_every_entry(8, 1), "under a password"), (in_every_entry(10, 14), "packed in another way")],
    ids=["encrypted", "LZMA"],
)
async def test_an_entry_under_a_password_or_packed_otherwise_is_one_sentence(
    filled: Handle, backup: Backup, tmp_path: Path, change: Callable[[bytearray], None], said: str
) -> None:
    await backup(filled, tmp_path / "b")
    rezipped(tmp_path / "b", change)
    with pytest.raises(BackupFileError, match=said), reading(tmp_path / "b"):
        pass


async def test_a_file_twice_in_the_zip_is_one_sentence(
    filled: Handle, backup: Backup, tmp_path: Path
) -> None:
    await backup(filled, tmp_path / "b")
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(tmp_path / "b", "a") as archive:
        archive.writestr("guilds.bson", b"")
    with pytest.raises(BackupFileError, match="holds a file twice"), reading(tmp_path / "b"):
        pass


@pytest.fixture(scope="session")
def small_backup(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A backup of a few documents."""
    path = tmp_path_factory.mktemp("backup") / "b"
    with writing(path) as writer:
        for name in ("guilds", "channels"):
            writer.begin(name)
            writer.write(b"\x0e\0\0\0\x10_id\0\x07\0\0\0\0" * 3)
            writer.end(name)
        writer.finish(
            schema_version=3, key_fingerprint=None, database="x", at=datetime(2026, 1, 1, tzinfo=UTC)
        )
    return path.read_bytes()


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_bytes_are_a_backup_or_one_sentence(
    small_backup: bytes, tmp_path: Path, data: st.DataObject
) -> None:
    changed = bytearray(small_backup)
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    path = tmp_path / "b"
    path.write_bytes(data.draw(st.binary(max_size=200) | st.just(bytes(changed))))
    try:
        with reading(path) as reader:
            reader.verify(nothing)
    except BackupFileError as error:
        assert str(path) in str(error)
        assert "\n" not in str(error).removeprefix(str(path))
    else:
        assert reader.manifest.documents == 6


def test_what_is_no_backup_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("hello")
    with pytest.raises(BackupFileError, match="is no backup"), reading(tmp_path / "b"):
        pass
    with pytest.raises(BackupFileError, match="No such file"), reading(tmp_path / "none"):
        pass


async def test_a_file_that_is_there_is_not_replaced_and_others_cannot_read_it(
    db: Handle, backup: Backup, tmp_path: Path
) -> None:
    await backup(db, tmp_path / "b")
    assert (tmp_path / "b").stat().st_mode & 0o077 == 0
    with pytest.raises(BackupFileError, match="exists already"):
        await backup(db, tmp_path / "b")
    with pytest.raises(BackupFileError, match="cannot be written"):
        await backup(db, tmp_path / "nowhere" / "b")


def test_all_is_backed_up_but_leases_and_what_admins_may_have_taken_back() -> None:
    assert {c.name for c in COLLECTIONS} - set(BACKED_UP) == {"leases", "agreements"}
    assert "remove" in NEEDED_ACTIONS
