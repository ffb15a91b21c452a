"""Files through the real fold into a real mongod: once each, however often and however broken."""

import gzip
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.claims import ALL_SERVERS
from bot.clock import SystemClock
from bot.db import leases
from bot.db.database import Driver, Handle
from bot.db.directory import Directory
from bot.db.imports import Imports
from bot.db.recording import MongoStore
from bot.importing import importer as module
from bot.importing.admission import Admission
from bot.importing.importer import Importer, ImportReport, NewGuild, Progress
from bot.importing.probe import HEAD_BYTES
from bot.importing.rows import ChannelRef, ImportedMessage, ImportFileError
from bot.importing.translation import Translation, made_up_id
from bot.ingest.activities.messages import MessageSent
from bot.ingest.calendars import Calendars
from bot.ingest.coverage import Coverage, admit_live
from bot.ingest.fold import fold
from bot.ingest.journal import START, Position
from bot.ingest.store import Changes, JournalMove, StoreUnavailable
from bot.privacy.consents import Consents
from bot.privacy.gate import Gate
from bot.privacy.pseudonym import DELETED_USER, Pseudonyms, hexadecimal

GUILD = 77
KEY = b"k" * 32
BERLIN = NewGuild("A server", ZoneInfo("Europe/Berlin"))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_ROWS", 20)
    monkeypatch.setattr(module, "COMMIT_DOCUMENTS", 30)


class Set:
    """What one import run needs."""

    def __init__(self, driver: Driver, db: Handle) -> None:
        self.driver, self.db = driver, db
        self.consents = Consents(Pseudonyms(KEY).seal)

    async def store(self) -> MongoStore:
        return MongoStore(self.driver, self.db, await leases.acquire(self.db, ALL_SERVERS, "test"))

    async def run(
        self,
        path: Path,
        *,
        new: NewGuild = BERLIN,
        store: MongoStore | None = None,
        default: ZoneInfo | None = None,
        on_progress: Callable[[Progress], None] = lambda _: None,
    ) -> ImportReport:
        store = store or await self.store()
        importer = await self.importer(default or new.zone, store)
        try:
            return await importer.run(path, new, on_progress)
        finally:
            await store.close()

    async def importer(self, default: ZoneInfo, store: MongoStore | None = None) -> Importer:
        store = store or await self.store()
        directory = Directory(self.db)
        calendars = Calendars(default, await directory.zones())
        translation = Translation(GUILD, calendars, Pseudonyms(KEY), Gate(self.consents))
        return Importer(GUILD, store, Imports(self.db), directory, translation, SystemClock())

    async def by_author(self) -> dict[str, int]:
        members = self.db.memberActivityStats.find({"guildId": str(GUILD)})
        return {m["userId"]: m["messageStats"]["totalCount"] async for m in members}


@pytest.fixture
def server(driver: Driver, db: Handle) -> Set:
    return Set(driver, db)


def line(number: int, **fields: object) -> dict[str, object]:
    at = datetime(2024, 3, 30, tzinfo=UTC) + timedelta(minutes=17 * number)
    row: dict[str, object] = {
        "ts": at.isoformat().replace("+00:00", "Z"),
        "channel": f"channel-{number % 3}",
        "author": f"u{number % 7}",
        "kind": "message",
        "len": 12,
    }
    return {**row, **fields}


def with_id(number: int, **fields: object) -> dict[str, object]:
    at = datetime(2024, 3, 30, tzinfo=UTC) + timedelta(minutes=17 * number)
    snowflake = (int(at.timestamp() * 1000) - 1_420_070_400_000 << 22) + number
    return line(
        number,
        id=str(snowflake),
        channel_id=str(500 + number % 3),
        author_id=str(900 + number % 7),
        **fields,
    )


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def authors(rows: list[dict[str, object]]) -> dict[str, int]:
    pseudonyms = Pseudonyms(KEY)
    counts = Counter(
        hexadecimal(
            pseudonyms.of(GUILD, int(str(row["author_id"])))
            if "author_id" in row
            else pseudonyms.of_name(GUILD, str(row["author"]))
        )
        for row in rows
        if row["kind"] == "message"
    )
    return dict(counts)


async def test_totals_equal_an_independent_count(server: Set, tmp_path: Path) -> None:
    rows = [line(n) for n in range(400)] + [line(n, kind="join") for n in range(9)]
    report = await server.run(write(tmp_path / "log.jsonl", rows))
    assert (report.messages, report.other, report.broken.count) == (400, {"join": 9}, 0)
    assert await server.by_author() == authors(rows)
    zone = ZoneInfo("Europe/Berlin")
    per_day: Counter[tuple[str, str]] = Counter()
    hours: Counter[tuple[str, int]] = Counter()
    for row in rows[:400]:
        local = datetime.fromisoformat(str(row["ts"])).astimezone(zone)
        channel = str(made_up_id(str(row["channel"])))
        per_day[channel, local.date().isoformat()] += 1
        hours[channel, local.hour] += 1
    stored: dict[Any, int] = {}
    stored_hours: Counter[tuple[str, int]] = Counter()
    async for day in server.db.channelDays.find():
        stored[day["channelId"], day["day"].date().isoformat()] = day["messages"]
        for hour, count in day["hours"].items():
            stored_hours[day["channelId"], int(hour)] += count
    assert stored == per_day
    assert stored_hours == hours
    names = await Directory(server.db).channel_names(GUILD)
    assert names == {made_up_id(f"channel-{n}"): f"channel-{n}" for n in range(3)}


async def test_the_same_content_counts_once_however_it_is_packed_or_grows(
    server: Set, tmp_path: Path
) -> None:
    rows = [line(n) for n in range(100)]
    path = write(tmp_path / "log.jsonl", rows)
    assert (await server.run(path)).messages == 100
    assert (await server.run(path)).messages == 0
    packed = tmp_path / "log.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert (await server.run(packed)).messages == 0
    grown = [*rows, *(line(n) for n in range(100, 130))]
    report = await server.run(write(tmp_path / "later.jsonl", grown))
    assert (report.resumed_at, report.messages) == (100, 30)
    assert await server.by_author() == authors(grown)


async def test_an_import_that_was_killed_goes_on_where_it_was(server: Set, tmp_path: Path) -> None:
    rows = [line(n) for n in range(900)]
    path = write(tmp_path / "log.jsonl", rows)
    for commits in (1, 2, 3):
        seen = 0

        def stop(_: Progress, most: int = commits) -> None:
            nonlocal seen
            seen += 1
            if seen == most:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            await server.run(path, on_progress=stop)
    report = await server.run(path)
    assert 0 < report.resumed_at < 900
    assert await server.by_author() == authors(rows)


async def test_a_lost_answer_counts_once(server: Set, tmp_path: Path) -> None:
    class LosesAnswers(MongoStore):
        async def commit(self, changes: Changes) -> None:
            await super().commit(changes)
            raise StoreUnavailable("connection closed")

    rows = [line(n) for n in range(120)]
    path = write(tmp_path / "log.jsonl", rows)
    lease = await leases.acquire(server.db, ALL_SERVERS, "test")
    await server.run(path, store=LosesAnswers(server.driver, server.db, lease))
    assert await server.by_author() == authors(rows)


async def test_a_commit_that_failed_is_said_and_the_next_run_goes_on(server: Set, tmp_path: Path) -> None:
    class Fails(MongoStore):
        async def commit(self, changes: Changes) -> None:
            raise StoreUnavailable(f"no primary for {changes.move}")

    rows = [line(n) for n in range(50)]
    path = write(tmp_path / "log.jsonl", rows)
    lease = await leases.acquire(server.db, ALL_SERVERS, "test")
    with pytest.raises(StoreUnavailable):
        await server.run(path, store=Fails(server.driver, server.db, lease))
    assert (await server.run(path)).messages == 50
    assert await server.by_author() == authors(rows)


async def test_broken_lines_are_named_and_the_rest_counts(server: Set, tmp_path: Path) -> None:
    path = write(tmp_path / "log.jsonl", [line(n) for n in range(50)])
    text = path.read_text().splitlines()
    text[3], text[40] = '{"ts": "2024', '{"channel": "x"}'
    path.write_text("\n".join(text) + "\n")
    report = await server.run(path)
    assert report.messages == 48
    assert [broken.number for broken in report.broken.first] == [4, 41]
    assert "ts" in report.broken.first[1].reason


async def test_a_cut_off_file_counts_up_to_the_cut(server: Set, tmp_path: Path) -> None:
    rows = [line(n) for n in range(3000)]
    whole = gzip.compress(write(tmp_path / "log.jsonl", rows).read_bytes())
    cut = tmp_path / "cut.gz"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ImportFileError, match="good up to line"):
        await server.run(cut)
    counted = sum((await server.by_author()).values())
    assert 100 < counted < 3000
    cut.write_bytes(whole)
    report = await server.run(cut)
    assert (report.resumed_at, report.messages) == (counted, 3000 - counted)
    assert await server.by_author() == authors(rows)


async def test_bots_and_discords_own_messages_stay_out(server: Set, tmp_path: Path) -> None:
    rows = [line(n, bot=n % 10 == 0) for n in range(30)]
    report = await server.run(write(tmp_path / "log.jsonl", rows))
    assert (report.messages, report.bots) == (27, 3)


async def test_overlapping_files_with_ids_count_each_message_once(server: Set, tmp_path: Path) -> None:
    rows = [with_id(n) for n in range(200)]
    await server.run(write(tmp_path / "middle.jsonl", rows[60:120]))
    report = await server.run(write(tmp_path / "all.jsonl", rows))
    assert (report.messages, report.settled) == (140, 60)
    assert await server.by_author() == authors(rows)


async def test_ids_that_the_bot_counted_live_are_left_alone(server: Set, tmp_path: Path) -> None:
    rows = [with_id(n) for n in range(60)]
    store = await server.store()
    coverage = Coverage()
    counted = [row for n, row in enumerate(rows) if n % 3 == 0 and 20 < n < 40]
    sent = []
    for row in counted:
        message_id = int(str(row["id"]))
        assert admit_live(coverage, message_id, 1)
        sent.append(
            MessageSent(
                GUILD,
                500,
                0,
                0,
                Pseudonyms(KEY).of(GUILD, int(str(row["author_id"]))),
                message_id,
                1,
                0,
                0,
                19_800,
                1,
                0,
            )
        )
    await Directory(server.db).add_guild(GUILD, "A server", "Europe/Berlin")
    await Directory(server.db).mark_discord(GUILD)
    await store.watermark("journal")
    move = JournalMove("journal", START, Position(1, 1))
    await store.commit(Changes(fold(sent), {(GUILD, 500): coverage}, move))
    await store.close()
    report = await server.run(write(tmp_path / "export.jsonl", rows))
    assert (report.messages, report.settled) == (60 - len(counted), len(counted))
    assert await server.by_author() == authors(rows)


async def test_a_file_without_ids_is_refused_where_discord_counts(server: Set, tmp_path: Path) -> None:
    await Directory(server.db).add_guild(GUILD, "A server", "UTC")
    await Directory(server.db).mark_discord(GUILD)
    with pytest.raises(ImportFileError, match="no message ids") as refused:
        await server.run(write(tmp_path / "log.jsonl", [line(1), line(2)]))
    assert "Import a file with ids" in str(refused.value)
    assert await server.by_author() == {}


async def test_ids_out_of_order_are_refused_with_the_mend(server: Set, tmp_path: Path) -> None:
    rows = [with_id(n) for n in range(60)]
    with pytest.raises(ImportFileError, match="Sort its lines by `id`"):
        await server.run(write(tmp_path / "log.jsonl", rows[::-1]))


def far_beyond_the_head(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """The same rows, each so long that a few are more than what is looked at to tell what a file is."""
    return [{**row, "padding": "x" * (HEAD_BYTES // 20)} for row in rows]


async def test_ids_that_step_back_between_two_pages_are_refused_before_anything_counts(
    server: Set, tmp_path: Path
) -> None:
    rows = far_beyond_the_head([{**with_id(n), "channel_id": "500"} for n in range(60)])
    late = rows.pop(5)
    rows.insert(45, late)
    with pytest.raises(ImportFileError, match="line 46 has a smaller message id") as refused:
        await server.run(write(tmp_path / "log.jsonl", rows))
    assert "Sort its lines by `id`" in str(refused.value)
    assert await server.by_author() == {}
    rows.sort(key=lambda row: int(str(row["id"])))
    assert (await server.run(write(tmp_path / "sorted.jsonl", rows))).messages == 60
    assert await server.by_author() == authors(rows)


async def test_a_page_that_steps_back_admits_nothing(server: Set) -> None:
    store = await server.store()
    gate = Gate(server.consents)
    translation = Translation(GUILD, Calendars(ZoneInfo("UTC")), Pseudonyms(KEY), gate)
    admission = Admission(GUILD, store)

    def sent(channel: int, message_id: int) -> tuple[MessageSent, bool]:
        row = ImportedMessage(
            at_ms(message_id), ChannelRef(channel, "c"), "1", author_is_id=True, message_id=message_id
        )
        return translation.message(row)

    assert len(await admission.admit([sent(500, IDS[3]), sent(501, IDS[3])])) == 2
    admission.committed()
    assert await admission.admit([sent(500, IDS[3])]) == [], "the same once more is no step back"
    admission.committed()
    with pytest.raises(ImportFileError, match="has changed"):
        await admission.admit([sent(501, IDS[4]), sent(500, IDS[2])])
    assert admission.touched == {}
    assert [each.id for each in await admission.admit([sent(501, IDS[4]), sent(500, IDS[3] + 1)])] == [
        IDS[4],
        IDS[3] + 1,
    ]
    await store.close()


async def test_the_first_import_is_labelled_in_the_zone_that_was_asked_for(
    server: Set, tmp_path: Path
) -> None:
    rows = [line(n, ts=f"2023-01-15T0{2 + n}:00:00Z") for n in range(3)]
    new_york = NewGuild("A server", ZoneInfo("America/New_York"), insists=True)
    await server.run(write(tmp_path / "log.jsonl", rows), new=new_york, default=ZoneInfo("UTC"))
    days = {(day["day"].date().isoformat(), *day["hours"]) async for day in server.db.channelDays.find()}
    assert days == {("2023-01-14", "21"), ("2023-01-14", "22"), ("2023-01-14", "23")}


async def test_another_zone_for_a_known_server_is_not_passed_over(server: Set, tmp_path: Path) -> None:
    path = write(tmp_path / "log.jsonl", [line(1)])
    await server.run(path)
    importer = await server.importer(ZoneInfo("UTC"))
    await importer.require_zone(NewGuild(None, ZoneInfo("Europe/Berlin"), insists=True))
    await importer.require_zone(NewGuild(None, ZoneInfo("UTC")))
    with pytest.raises(ImportFileError, match="are those of Europe/Berlin") as refused:
        await importer.require_zone(NewGuild(None, ZoneInfo("UTC"), insists=True))
    assert "--anew" in str(refused.value)
    await Directory(server.db).mark_discord(GUILD)
    with pytest.raises(ImportFileError, match="/admin settings"):
        await importer.require_zone(NewGuild(None, ZoneInfo("UTC"), insists=True))


async def test_times_and_ids_of_the_future_are_reported_and_not_counted(server: Set, tmp_path: Path) -> None:
    rows = [with_id(n) for n in range(4)]
    rows.insert(1, with_id(9, ts="2087-05-05T00:00:00Z"))
    rows.insert(3, {**with_id(9), "id": str((1 << 62) + 5)})
    report = await server.run(
        write(tmp_path / "log.jsonl", sorted(rows, key=lambda row: int(str(row["id"]))))
    )
    assert report.messages == 4
    assert report.broken.reasons == {
        "has a time in the future": 1,
        "has an id that no message has yet": 1,
    }
    coverage = await server.db.coverage.find({"floor": {"$gte": 1 << 62}}).to_list(None)
    assert coverage == [], "nothing that is still to come counts as counted"


async def test_of_broken_lines_a_few_are_kept_and_all_are_counted(server: Set, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    good = json.dumps(line(1)) + "\n"
    kinds = "".join(json.dumps(line(1, kind=f"kind {n}")) + "\n" for n in range(300))
    path.write_text(good + "oops\n" * 400 + "{}\n" * 7 + kinds)
    report = await server.run(path)
    assert report.messages == 1
    assert [each.number for each in report.broken.first] == list(range(2, 52))
    assert report.broken.count == 407
    assert report.broken.reasons == {"is not valid JSON": 400, "has no `ts`": 7}
    assert (len(report.other), report.other[module.OTHER_KINDS]) == (51, 250)


def export(channel: dict[str, object], messages: list[dict[str, object]]) -> str:
    return json.dumps(
        {
            "guild": {"id": str(GUILD), "name": "A real server", "iconUrl": ""},
            "channel": channel,
            "dateRange": {"after": None, "before": None},
            "exportedAt": "2026-01-01T00:00:00+00:00",
            "messages": messages,
            "messageCount": len(messages),
        }
    )


def exported(message_id: int, author: int = 1, **fields: object) -> dict[str, object]:
    at = datetime.fromtimestamp(((message_id >> 22) + 1_420_070_400_000) / 1000, UTC)
    return {
        "id": str(message_id),
        "type": "Default",
        "timestamp": at.isoformat(),
        "timestampEdited": None,
        "isPinned": False,
        "content": "never read",
        "author": {"id": str(author), "name": "a", "discriminator": "0000", "isBot": False, "roles": []},
        "attachments": [],
        "embeds": [],
        "stickers": [],
        "reactions": [],
        "mentions": [],
        **fields,
    }


def at_ms(message_id: int) -> int:
    return (message_id >> 22) + 1_420_070_400_000


IDS = [(1_711_756_800_000 - 1_420_070_400_000 + 60_000 * n) << 22 for n in range(10)]
GENERAL: dict[str, object] = {
    "id": "500",
    "type": "GuildTextChat",
    "categoryId": "1",
    "category": "c",
    "name": "general",
}
THREAD: dict[str, object] = {
    "id": str(IDS[2]),
    "type": "GuildPublicThread",
    "categoryId": "500",
    "category": "general",
    "name": "t",
}


@pytest.mark.parametrize("thread_first", [True, False])
async def test_a_threads_first_message_that_stands_in_two_exports_counts_once(
    server: Set, tmp_path: Path, *, thread_first: bool
) -> None:
    channel, thread = tmp_path / "channel.json", tmp_path / "thread.json"
    channel.write_text(export(GENERAL, [exported(i) for i in IDS[:5]]))
    thread.write_text(export(THREAD, [exported(i) for i in (IDS[2], *IDS[6:9])]))
    for path in (thread, channel) if thread_first else (channel, thread):
        await server.run(path)
    assert sum((await server.by_author()).values()) == 8
    parent = await server.db.channelStats.find_one({"channelId": "500"})
    assert parent is not None
    assert parent["metrics"]["messageCount"] == 8
    facts = await server.db.threads.find_one({"threadId": THREAD["id"]})
    assert facts is not None
    assert facts["messages"] == (4 if thread_first else 3)
    assert facts["createdAt"] is None
    (first,) = facts["earliest"]
    assert first["at"].isoformat() == exported(IDS[6])["timestamp"], "the post itself is no reply"


async def test_deleted_accounts_count_for_server_and_channel_and_as_no_member(
    server: Set, tmp_path: Path
) -> None:
    path = tmp_path / "export.json"
    path.write_text(export(GENERAL, [exported(i, DELETED_USER if i in IDS[2:7] else 1) for i in IDS]))
    report = await server.run(path)
    assert report.messages == 10
    assert await server.by_author() == {hexadecimal(Pseudonyms(KEY).of(GUILD, 1)): 5}
    parent = await server.db.channelStats.find_one({"channelId": "500"})
    assert parent is not None
    assert parent["metrics"]["messageCount"] == 10


async def test_an_export_of_another_server_is_refused(server: Set, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(export(GENERAL, [exported(IDS[0])]).replace(f'"{GUILD}"', '"4242"'))
    with pytest.raises(ImportFileError, match="Import it with --guild 4242"):
        await server.run(path)


async def test_a_new_server_is_named_by_its_export(server: Set, tmp_path: Path) -> None:
    path = tmp_path / "export.json"
    path.write_text(export(GENERAL, [exported(i) for i in IDS]))
    await server.run(path, new=NewGuild(None, ZoneInfo("UTC")))
    known = await Directory(server.db).guild(GUILD)
    assert known is not None
    assert (known.name, known.discord_since) == ("A real server", None)
