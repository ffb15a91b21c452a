"""The recorder on a real mongod: once each, whatever breaks."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pymongo.errors import AutoReconnect
from structlog.testing import capture_logs

from bot.claims import ALL_SERVERS
from bot.db import leases
from bot.db.database import Driver, Handle
from bot.db.leases import LeaseHeld
from bot.db.recording import MongoStore
from bot.ingest import recorder as recorder_module
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.messages import MessageSent
from bot.ingest.journal import START, Journal, Position
from bot.ingest.leftovers import servers_behind
from bot.ingest.pages import HistoryPage
from bot.ingest.recorder import Recorder
from bot.ingest.sessions import GatewaySessions
from bot.ingest.store import Changes, LeaseLost, StoreUnavailable
from tests.support.consents import silent_nobody

GUILD = 7
DAY = 20_700


def sent(number: int, *, member: int = 1, channel: int = 5, thread: int = 0, session: int = 9) -> MessageSent:
    at = 1_790_000_000_000 + number
    return MessageSent(
        GUILD, channel, thread, 0, member, (at << 22) + number, session, at, 0, DAY, number % 24, 0
    )


class Process:
    """One life of the bot's writing half; ``crash`` ends it as ``kill -9`` would."""

    def __init__(self, driver: Driver, db: Handle, folder: Path, owner: str = "me") -> None:
        self.driver, self.db, self.folder, self.owner = driver, db, folder, owner

    async def start(self, flush_seconds: float = 0.05) -> Recorder:
        self.lease = await leases.acquire(self.db, ALL_SERVERS, self.owner)
        self.store = MongoStore(self.driver, self.db, self.lease)
        self.journal = Journal(self.folder, segment_bytes=16_384)
        self.recorder = Recorder(
            self.journal, self.store, GatewaySessions(), silent_nobody(), flush_seconds=flush_seconds
        )
        return self.recorder

    async def stop(self) -> None:
        await self.recorder.stop()
        await self.store.close()
        await leases.release(self.db, self.lease)


@pytest.fixture
def process(driver: Driver, db: Handle, tmp_path: Path) -> Process:
    return Process(driver, db, tmp_path / "journal")


async def totals(db: Handle) -> dict[str, int]:
    return {m["userId"]: m["messageStats"]["totalCount"] async for m in db.memberActivityStats.find()}


def hexed(counts: Iterable[int]) -> dict[str, int]:
    return {f"{member:016x}": count for member, count in Counter(counts).items()}


async def test_a_message_reaches_every_counter(process: Process) -> None:
    recorder = await process.start()
    recorder.record(sent(1, member=0xAB, channel=5, thread=6))
    recorder.record(sent(30, member=0xAB, channel=5))
    await recorder.flush()
    db = process.db
    member = await db.memberActivityStats.find_one({})
    assert member is not None
    assert member["userId"] == "00000000000000ab"
    assert member["messageStats"]["totalCount"] == 2
    assert member["messageStats"]["channelDistribution"] == {"5": 2}
    assert member["messageStats"]["hourlyActivity"] == {"1": 1, "6": 1}
    assert sum(member["messageStats"]["weeklyActivity"].values()) == 2
    assert member["messageStats"]["firstMessageTimestamp"] < member["messageStats"]["lastMessageTimestamp"]
    assert member["threadParticipation"] == {"created": 0, "joined": 0, "messagesInThreads": 1}
    channels = {c["channelId"]: c async for c in db.channelStats.find()}
    assert channels["5"]["metrics"]["messageCount"] == 2
    assert (channels["6"]["type"], channels["6"]["metrics"]["messageCount"]) == ("THREAD", 1)
    day = await db.channelDays.find_one({})
    assert day is not None
    assert (day["messages"], day["threadMessages"], day["hours"]) == (2, 1, {"1": 1, "6": 1})
    assert await db.memberDays.count_documents({"messages": 2}) == 1
    assert (await db.guildDays.find_one({}) or {})["dirty"] is True
    await process.stop()


async def test_the_latest_reading_of_an_hour_stands(process: Process) -> None:
    recorder = await process.start()
    for at, members in ((2_000, 11), (1_000, 10), (1_500, 99)):
        recorder.record(MembersCounted(GUILD, at, 0, DAY, 13, members))
        await recorder.flush()
    day = await process.db.guildDays.find_one({})
    assert day is not None
    assert day["members"]["13"]["value"] == 11
    await process.stop()


async def test_a_crash_before_the_flush_loses_nothing_and_doubles_nothing(process: Process) -> None:
    expected: list[int] = []
    for life in range(5):
        recorder = await process.start()
        for number in range(20):
            member = 1 + (life * 7 + number) % 5
            recorder.record(sent(life * 1_000 + number, member=member, session=life + 1))
            expected.append(member)
            if number == 10:
                await recorder.flush()
        # no stop: the process is gone, the journal keeps what was not flushed
    recorder = await process.start()
    await recorder.flush()
    assert await totals(process.db) == hexed(expected)
    await process.stop()


async def test_a_record_that_nobody_can_read_holds_up_nothing(process: Process) -> None:
    """As a version wrote that did not look at what it was told."""
    recorder = await process.start()
    recorder.record(sent(1))
    process.journal.append(msgspec.msgpack.encode(["R+", {"no": "reaction"}]))
    process.journal.append(b"\xc1 is no messagepack")
    recorder.record(sent(2))
    with capture_logs() as logs:
        await recorder.flush()

    assert await totals(process.db) == hexed([1, 1])
    said = [entry for entry in logs if entry["log_level"] == "error"]
    assert [entry["event"] for entry in said] == [
        "a record of the journal cannot be read and is left out"
    ] * 2
    assert servers_behind(process.journal, START) == {GUILD}
    await process.stop()


async def test_redelivered_messages_count_once_over_restarts(process: Process) -> None:
    batch = [sent(n, member=1 + n % 3) for n in range(30)]
    recorder = await process.start()
    for message in [*batch, *batch[10:]]:
        recorder.record(message)
    await recorder.flush()
    recorder = await process.start()
    for message in batch:
        recorder.record(message)
    await recorder.flush()
    assert await totals(process.db) == hexed(1 + n % 3 for n in range(30))
    await process.stop()


class LosesAnswers(MongoStore):
    """Commits, and then does not hear the answer: every second time."""

    calls = 0

    async def commit(self, changes: Changes) -> None:
        await super().commit(changes)
        self.calls += 1
        if self.calls % 2:
            raise StoreUnavailable("connection closed") from AutoReconnect("connection closed")


async def test_a_commit_whose_answer_was_lost_counts_once(process: Process) -> None:
    recorder = await process.start()
    recorder._store = LosesAnswers(process.driver, process.db, process.lease)
    for number in range(40):
        recorder.record(sent(number, member=1 + number % 4))
        try:
            await recorder.flush()
        except StoreUnavailable:
            continue
    while True:
        try:
            await recorder.flush()
            break
        except StoreUnavailable:
            continue
    assert await totals(process.db) == hexed(1 + n % 4 for n in range(40))
    assert recorder._store.calls > 10
    await process.stop()


async def test_a_transaction_left_open_by_a_killed_process_does_not_hold_up_the_next(
    process: Process,
) -> None:
    recorder = await process.start()
    recorder.record(sent(1))
    await recorder.flush()
    session = await process.store._open_session()
    session.start_transaction()
    await process.db.memberActivityStats.update_many({}, {"$inc": {"x": 1}}, session=session)
    await process.db.watermarks.update_many({}, {"$inc": {"x": 1}}, session=session)
    await process.db.leases.update_many({}, {"$inc": {"x": 1}}, session=session)
    again = Process(process.driver, process.db, process.folder)
    recorder = await again.start()
    recorder.record(sent(2))
    async with asyncio.timeout(3):
        await recorder.flush()
    assert await totals(process.db) == hexed([1, 1])
    await again.stop()


async def test_a_process_that_lost_its_lease_can_write_no_more(process: Process) -> None:
    recorder = await process.start()
    with pytest.raises(LeaseHeld, match="Stop it"):
        await leases.acquire(process.db, ALL_SERVERS, "somebody else")
    await process.db.leases.update_one({"_id": ALL_SERVERS.name}, {"$set": {"owner": ""}})
    await process.db.leases.update_one(
        {"_id": ALL_SERVERS.name}, [{"$set": {"expiresAt": {"$subtract": ["$$NOW", 1]}}}]
    )
    other = Process(process.driver, process.db, process.folder.with_name("other"), "somebody else")
    await other.start()
    recorder.record(sent(1))
    with pytest.raises(LeaseLost):
        await recorder.flush()
    assert await totals(process.db) == {}
    await other.stop()


async def test_a_large_backlog_is_committed_in_bounded_transactions(process: Process) -> None:
    recorder = await process.start()
    biggest = 0
    commit = process.store.commit

    async def watched(changes: Changes) -> None:
        nonlocal biggest
        biggest = max(biggest, changes.delta.documents + len(changes.coverage))
        await commit(changes)

    process.store.commit = watched  # type: ignore[method-assign]
    for number in range(9_000):
        recorder.record(sent(number, member=1 + number % 4_000, channel=number % 50))
    await recorder.flush()
    assert sum((await totals(process.db)).values()) == 9_000
    assert 4_000 < biggest < 5_500
    assert len(list(process.folder.glob("*.segment"))) <= 2, "what is committed is deleted"
    await process.stop()


async def test_a_full_journal_drops_and_leaves_the_hole_to_history(process: Process) -> None:
    recorder = await process.start()
    first = recorder.sessions.of(0)
    process.journal._max_segments = 1
    for number in range(400):
        recorder.record(sent(number, session=first))
    assert recorder.dropped > 0
    assert recorder.sessions.of(0) != first, "what comes next opens an uncounted range"
    await recorder.flush()
    counted = sum((await totals(process.db)).values())
    assert counted == 400 - recorder.dropped
    process.journal._max_segments = 100
    recorder.record(sent(1_000, session=recorder.sessions.of(0)))
    await recorder.flush()
    coverage: dict[str, Any] = await process.db.coverage.find_one({}) or {}
    assert len(coverage["uncounted"]) == 2
    await process.stop()


async def test_a_journal_that_fills_up_is_said_once_and_well_before_its_bound(process: Process) -> None:
    recorder = await process.start()
    process.journal._max_segments = 8
    with capture_logs() as logs:
        for number in range(1_800):
            recorder.record(sent(number, member=1 + number % 50))
            recorder._watch_fill()
        await recorder.flush()
        recorder._watch_fill()
    assert recorder.dropped == 0
    assert [(entry["log_level"], entry["event"][:26]) for entry in logs] == [
        ("error", "the journal fills up becau"),
        ("info", "the journal has room again"),
    ]
    await process.stop()


async def test_the_pump_commits_by_itself_and_stop_commits_the_rest(process: Process) -> None:
    recorder = await process.start()
    await recorder.start()
    recorder.record(sent(1))
    async with asyncio.timeout(5):
        while not await totals(process.db):
            await asyncio.sleep(0.02)
    recorder.record(sent(2))
    await process.stop()
    assert await totals(process.db) == hexed([1, 1])


async def test_the_lease_is_kept_though_flushes_are_far_apart(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "PROLONG_SECONDS", 0.05)
    recorder = await process.start(flush_seconds=60)
    await recorder.start()
    async with asyncio.timeout(5):
        for beat in (1, 4):
            while (await process.db.leases.find_one(process.lease.mine) or {})["beat"] < beat:
                await asyncio.sleep(0.02)
            recorder.record(sent(1))
    assert await totals(process.db) == {}
    await process.stop()
    assert await totals(process.db) == hexed([1])


async def test_a_new_data_folder_doubles_nothing(process: Process) -> None:
    recorder = await process.start()
    batch = [sent(n, member=1 + n % 3) for n in range(10)]
    for message in batch:
        recorder.record(message)
    await recorder.flush()
    await process.stop()
    fresh = Process(process.driver, process.db, process.folder.with_name("fresh"))
    recorder = await fresh.start()
    for message in batch:
        recorder.record(message)
    await recorder.flush()
    assert await totals(process.db) == hexed(1 + n % 3 for n in range(10))
    mark = await process.db.watermarks.find_one({"_id": str(fresh.journal.id)})
    assert mark is not None
    assert Position(mark["segment"], mark["offset"]) == fresh.journal.end
    await fresh.stop()


def errors(logs: list[Any]) -> list[str]:
    return [entry["event"] for entry in logs if entry["log_level"] == "error"]


async def test_an_older_folder_under_a_newer_database_counts_on_and_says_so(process: Process) -> None:
    """What a snapshot of the volume brings back: without a new journal nothing would be counted any more."""
    recorder = await process.start()
    recorder.record(sent(1))
    await process.stop()
    older = process.folder.with_name("older")
    shutil.copytree(process.folder, older)
    recorder = await process.start()
    for number in range(2, 500):
        recorder.record(sent(number))
    await recorder.flush()
    await process.stop()

    back = Process(process.driver, process.db, older)
    with capture_logs() as logs:
        recorder = await back.start()
        await recorder.start()
        recorder.record(sent(1_000, session=recorder.sessions.of(0)))
        await recorder.flush()
        await back.stop()
    assert await totals(process.db) == hexed([1] * 500)
    (said,) = errors(logs)
    assert "the data folder is an older copy" in said
    coverage: dict[str, Any] = await process.db.coverage.find_one({}) or {}
    assert len(coverage["uncounted"]) == 2, (
        "from the beginning to the first, and from the last to the one now"
    )
    again = Process(process.driver, process.db, older)
    with capture_logs() as logs:
        recorder = await again.start()
        await recorder.start()
        recorder.record(sent(1_001))
        await again.stop()
    assert errors(logs) == []
    assert await totals(process.db) == hexed([1] * 501)


async def test_what_came_before_the_older_folder_was_noticed_counts(process: Process) -> None:
    """The database may be silent just then; it is asked again before the first commit."""
    recorder = await process.start()
    shutil.copytree(process.folder, older := process.folder.with_name("older"))
    for number in range(500):
        recorder.record(sent(number))
    await recorder.flush()
    await process.stop()
    back = Process(process.driver, process.db, older)
    recorder = await back.start()
    recorder.record(sent(1_000))
    await recorder.flush()
    assert await totals(process.db) == hexed([1] * 501)
    await back.stop()


async def test_an_older_database_under_a_newer_folder_is_said_and_opens_a_range(process: Process) -> None:
    recorder = await process.start()
    recorder.record(sent(1))
    await recorder.flush()
    names = [name for name in await process.db.list_collection_names() if not name.startswith("system.")]
    snapshot = {name: await process.db[name].find().to_list(None) for name in names}
    for number in range(2, 500):
        recorder.record(sent(number))
    await recorder.flush()
    process.store.commit = unavailable  # type: ignore[method-assign]
    recorder.record(sent(1_000))
    with pytest.raises(StoreUnavailable):
        await recorder.flush()
    await leases.release(process.db, process.lease)  # and the process is killed
    for name, documents in snapshot.items():
        if name != "leases":
            await process.db[name].delete_many({})
            if documents:
                await process.db[name].insert_many(documents)

    again = Process(process.driver, process.db, process.folder)
    with capture_logs() as logs:
        recorder = await again.start()
        await recorder.flush()
    assert any("the database is an older copy" in said for said in errors(logs))
    assert 2 < sum((await totals(process.db)).values()) < 500, "what the journal still holds counts again"
    coverage: dict[str, Any] = await process.db.coverage.find_one({}) or {}
    assert len(coverage["uncounted"]) == 2, "what the newer database had counted is looked for in history"
    await again.stop()


async def unavailable(_changes: Changes) -> None:
    raise StoreUnavailable("gone")


Harm = Callable[[Path], object]


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[2_000] ^= 8
    path.write_bytes(data)


def cut(path: Path) -> None:
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data[:9_000])


@pytest.mark.parametrize("harm", [flip, cut, Path.unlink])
async def test_damage_is_told_and_what_is_lost_is_left_to_history(process: Process, harm: Harm) -> None:
    """All were sent in one session; without a word, what follows would count as if nothing were missing."""
    recorder = await process.start()
    process.store.commit = unavailable  # type: ignore[method-assign]
    for number in range(1_500):
        recorder.record(sent(number, channel=5 + number % 3))
    files = sorted(process.folder.glob("*.segment"))
    assert len(files) > 3
    await leases.release(process.db, process.lease)
    harm(files[1])

    again = Process(process.driver, process.db, process.folder)
    with capture_logs() as logs:
        recorder = await again.start()
        await recorder.start()
        await recorder.flush()
    told = [entry for entry in logs if entry["log_level"] == "error"]
    assert [(entry["file"], "activity is lost" in entry["event"]) for entry in told] == [
        (str(files[1]), True)
    ]
    counted = sum((await totals(process.db)).values())
    assert 900 < counted < 1_500
    async for coverage in process.db.coverage.find():
        inside = [span for span in coverage["uncounted"] if span["after"] > 0]
        assert len(inside) == 1, "in each channel what follows is of a new session"
    for number in range(1_500):  # as history brings them
        key = (GUILD, 5 + number % 3)
        message = sent(number, channel=key[1])
        await recorder.fill(HistoryPage(key, [message], message.id - 1, message.id + 1))
    assert sum((await totals(process.db)).values()) == 1_500, "each once"
    await again.stop()
