"""Days in an archive, beside the same server without one: document by document, and what comes late."""

import json
import zipfile
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest

from analytics.local_time import HourRange, midnight_utc
from analytics.member_activity import RANKED_BY, member_activity, values_of
from analytics.packs import ids_from_bytes, totals_by_id
from bot.datacare.archive import Archived, archive_months, read_back
from bot.datacare.container import BackupFileError
from bot.datacare.restore import restore
from bot.db.archiving import Archiving
from bot.db.database import Driver, Handle
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.db.snapshots import Snapshotter
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activities.voice import VoiceLevel, VoiceTime
from bot.ingest.books.reactions import Given, MessageReacted, ReactionCounted
from bot.ingest.fold import Foldable
from bot.ingest.snowflakes import id_at
from bot.privacy.consents import Consents
from bot.privacy.pseudonym import Pseudonyms, hexadecimal
from bot.privacy.records import Erased
from tests.bot.db.counting import count_activities

MINE, TWIN = 5, 6
FEBRUARY = 20_485
"""The first of February 2026."""
DAYS = range(FEBRUARY, FEBRUARY + 31)
NOW = (FEBRUARY + 60) * 86_400_000


class Clock:
    def now_ms(self) -> int:
        return NOW


KEY = Pseudonyms(bytes(32))


async def nobody() -> Consents:
    """Nobody was erased."""
    return Consents(KEY.seal)


def some(random: Random, guild: int, number: int) -> list[Foldable]:
    return [one(random, guild) for _ in range(number)]


def one(random: Random, guild: int) -> Foldable:
    day, hour = random.choice(DAYS), random.randrange(24)
    label, at = (0, day, hour), (day * 24 + hour) * 3_600_000
    member, channel = random.randrange(1, 7), random.choice([11, 12])
    given = Given("x", *label)
    made: list[Foldable] = [
        MessageSent(guild, channel, 0, 0, member, 0, 0, at, *label, random.randrange(64)),
        VoiceTime(guild, channel, 1, member, at, random.randrange(1, 9**6), *label, random.choice([0, 1])),
        VoiceLevel(guild, random.choice([0, channel]), 1, at, *label, random.randrange(9)),
        ReactionCounted(guild, channel, 0, 0, member, 3, given, random.choice([1, 1, -1]), at),
        MessageReacted(guild, channel, 0, 0, *label, 1),
    ]
    return random.choice(made)


async def both(driver: Driver, db: Handle, seed: int, number: int) -> None:
    """Let the same happen in both servers, and have it packed and its snapshots made."""
    for guild in (MINE, TWIN):
        await count_activities(driver, db, guild, some(Random(seed), guild, number))
    await settle(db)


async def settle(db: Handle) -> None:
    await Packer(db).pack_all(NOW)
    await Snapshotter(db).make_all(NOW)


async def stored(db: Handle, collection: str, guild: int) -> list[dict[str, Any]]:
    found = db[collection].find({"guildId": str(guild)}).sort("_id", 1)
    return [
        {
            k: v
            for k, v in {**each, "_id": each["_id"].split(":", 1)[1]}.items()
            if k not in {"guildId", "revision"}
        }
        async for each in found
    ]


async def same(db: Handle, *collections: str) -> None:
    for name in collections:
        mine, twin = await stored(db, name, MINE), await stored(db, name, TWIN)
        assert mine == twin, name
        assert mine, name


async def archive(db: Handle, folder: Path, before: int = FEBRUARY + 33) -> list[Archived]:
    """Archive MINE alone."""
    done: list[Archived] = []
    await db.guildDays.update_many({"guildId": str(TWIN)}, {"$set": {"archive": "never"}})
    await archive_months(db, before, folder, Clock(), done.append)
    await db.guildDays.update_many({"guildId": str(TWIN)}, {"$unset": {"archive": ""}})
    return done


async def figures(db: Handle, guild: int) -> list[object]:
    """What views and rankings show, of whole days and of days that a period cuts."""
    reader = Reader(db)
    found: list[object] = []
    for start, stop in ((0, 40 * 24), (3 * 24 + 7, 9 * 24 + 11)):
        span = HourRange(0, FEBRUARY * 24 + start, FEBRUARY * 24 + stop)
        period = await reader.period(guild, (span,))
        found += [
            totals_by_id([d.channels for d in period.channels], [d.messages for d in period.channels]),
            [day.hours.tolist() for day in period.channels],
            [period.writers(range(day, day + 1)) for day in span.days],
        ]
    whole = HourRange(0, FEBRUARY * 24, (FEBRUARY + 40) * 24)
    activity = member_activity(await reader.member_spans(guild, (whole,)))
    found += [values_of(activity, by) for by in RANKED_BY]
    cut = member_activity(await reader.member_spans(guild, (span,)))
    found += [values_of(cut, by) for by in RANKED_BY]
    return found


PACKED = ("memberPacks", "channelPacks", "guildActivitySnapshots")
SLICED = ("memberDays", "channelDays")


@pytest.mark.parametrize("seed", [1, 2])
async def test_an_archived_month_goes_gets_more_and_comes_back_exactly(
    driver: Driver, db: Handle, tmp_path: Path, seed: int
) -> None:
    await both(driver, db, seed, 300)
    (month,) = await archive(db, tmp_path / "archive")
    assert month.file.name == f"{MINE}-2026-02.zip"
    assert (month.days, month.stayed) == (28, 0)
    assert (
        await db.memberDays.count_documents(
            {"guildId": str(MINE), "day": {"$lt": midnight_utc(FEBRUARY + 28)}}
        )
        == 0
    )
    await same(db, *PACKED)
    assert await figures(db, MINE) == await figures(db, TWIN)

    await both(driver, db, seed + 10, 40)
    await both(driver, db, seed + 20, 40)
    await same(db, *PACKED)
    assert await figures(db, MINE) == await figures(db, TWIN)
    assert await archive(db, tmp_path / "archive") == [], "what came late stays beside the archive"

    found = await read_back(db, month.file, nobody)
    assert (found.days, found.other_days) == (28, 0)
    await same(db, *SLICED)
    await settle(db)
    await same(db, *SLICED, *PACKED, "guildDays")
    assert await db.memberBases.count_documents({}) == await db.channelBases.count_documents({}) == 0
    assert (await read_back(db, month.file, nobody)).days == 0, "once"


async def test_a_day_that_changes_meanwhile_stays_and_goes_the_next_time(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    await both(driver, db, 1, 200)
    late = MessageSent(MINE, 11, 0, 0, 1, 0, 0, 0, 0, FEBRUARY + 2, 3, 0)
    months = await Archiving(db).months(FEBRUARY + 33)
    day = next(day for day in months[0].days if day.day == FEBRUARY + 2)
    await count_activities(driver, db, MINE, [late])
    assert not await Archiving(db).remove(day, "file.zip")
    assert await db.memberDays.count_documents({"_id": {"$regex": f"^{day.id}"}}) > 0
    await settle(db)
    assert not await Archiving(db).remove(day, "file.zip"), "it is not what is in the file"
    done = await archive(db, tmp_path)
    assert [month.days for month in done] == [28]


async def test_other_files_are_refused(driver: Driver, db: Handle, tmp_path: Path) -> None:
    await both(driver, db, 1, 100)
    (month,) = await archive(db, tmp_path)
    with pytest.raises(BackupFileError, match="read-back"):
        await restore(db, month.file, None, lambda *_: None)
    whole = month.file.read_bytes()
    month.file.write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
    with pytest.raises(BackupFileError, match="damaged"):
        await read_back(db, month.file, nobody)
    month.file.write_bytes(whole)
    await db.migrations.insert_one({"_id": "pseudonym key", "fingerprint": "of another"})
    with pytest.raises(BackupFileError, match="another pseudonym key"):
        await read_back(db, month.file, nobody)


async def test_who_was_erased_since_does_not_come_back(driver: Driver, db: Handle, tmp_path: Path) -> None:
    """One erased before the file is read, one while it is, and one before it was written, who wrote since."""
    await both(driver, db, 1, 300)
    (month,) = await archive(db, tmp_path)
    hour, march = 3_600_000, midnight_utc(FEBRUARY + 28)
    early, ada, bob = (
        Erased(MINE, who, id_at(NOW - ago * hour)) for who, ago in ((1, 30 * 24), (2, 0), (3, 0))
    )
    readings = 0

    async def consents() -> Consents:
        nonlocal readings
        readings += 1
        known = Consents(KEY.seal)
        for erased in (early, ada, *([bob] if readings > 1 else [])):
            known.note(erased)
        return known

    async def slices(guild: int) -> list[dict[str, Any]]:
        return [each for each in await stored(db, "memberDays", guild) if each["day"] < march]

    whole = await slices(TWIN)
    found = await read_back(db, month.file, consents)
    assert found.left_out == sum(each["userId"] == hexadecimal(2) for each in whole) > 0
    assert {each["userId"] for each in whole} > {hexadecimal(who) for who in (1, 2, 3)}
    assert await slices(MINE) == [
        each for each in whole if each["userId"] not in {hexadecimal(2), hexadecimal(3)}
    ]
    await settle(db)
    async for pack in db.memberPacks.find({"guildId": str(MINE), "day": {"$lt": march}}):
        assert not {2, 3} & set(ids_from_bytes(pack["members"]).tolist())
    assert await stored(db, "channelDays", MINE) == await stored(db, "channelDays", TWIN), "sums stay"


@pytest.mark.parametrize(
    ("name", "documents", "said"),
    [
        ("guilds", b"", "does not know"),
        ("channelDays", b"\x05\0\0\0\x01", "documents that no archive does"),
        ("channelDays", b"\x0e\0\0\0\x10_id\0\x07\0\0\0\0", "documents that no archive does"),
    ],
)
async def test_a_file_that_nobody_archived_is_one_sentence(
    driver: Driver, db: Handle, tmp_path: Path, name: str, documents: bytes, said: str
) -> None:
    await both(driver, db, 1, 200)
    path = (await archive(db, tmp_path))[0].file
    with zipfile.ZipFile(path) as packed:
        members = {each: packed.read(each) for each in packed.namelist()}
    manifest = json.loads(members["manifest.json"])
    entry = {"size": len(documents), "sha256": sha256(documents).hexdigest()}
    manifest["collections"][-1] = {"name": name, **entry, "documents": int(bool(documents))}
    members |= {"manifest.json": json.dumps(manifest).encode(), f"{name}.bson": documents}
    with zipfile.ZipFile(path, "w") as packed:
        for each, data in members.items():
            packed.writestr(each, data)
    before = await stored(db, "guildDays", MINE)
    with pytest.raises(BackupFileError, match=said):
        await read_back(db, path, nobody)
    assert await stored(db, "guildDays", MINE) == before
