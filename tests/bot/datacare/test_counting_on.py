"""After a restore the bot goes on: nothing lost, nothing doubled, with the old data folder or a new one."""

from pathlib import Path
from typing import Any

import pytest

from analytics.packs import ids_from_bytes
from bot.claims import ALL_SERVERS
from bot.datacare.backup import back_up
from bot.datacare.restore import restore
from bot.db import leases
from bot.db.database import Driver, Handle, database
from bot.db.dumping import one_instant
from bot.db.recording import MongoStore
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.messages import MessageSent
from bot.ingest.journal import Journal
from bot.ingest.recorder import Recorder
from bot.ingest.sessions import GatewaySessions
from tests.support.consents import silent_nobody

GUILD, CHANNEL, DAY = 7, 5, 20_700
LATER_MS = 3 * 86_400_000


class FixedClock:
    def now_ms(self) -> int:
        return 1_790_000_000_000


def nothing(*_: object) -> None:
    """A progress that nobody watches."""


def sent(number: int, session: int) -> MessageSent:
    at = 1_790_000_000_000 + number * 1_000
    return MessageSent(GUILD, CHANNEL, 0, 0, 1, at << 22, session, at, 0, DAY, number % 24, 0)


async def record(
    driver: Driver, db: Handle, folder: Path, activities: list[Any], *, flushes: bool = True
) -> None:
    """One life of the bot's writing half; without a flush it ends as a kill would, all in the journal."""
    lease = await leases.acquire(db, ALL_SERVERS, "me")
    store = MongoStore(driver, db, lease)
    journal = Journal(folder, segment_bytes=4_096)
    recorder = Recorder(journal, store, GatewaySessions(), silent_nobody(), flush_seconds=0.05)
    for activity in activities:
        recorder.record(activity)
    if flushes:
        await recorder.flush()
    journal.close()
    await store.close()
    await leases.release(db, lease)


def in_a_range(coverage: dict[str, Any], message: int) -> bool:
    return any(
        span["after"] < message < span["before"] and message not in ids_from_bytes(span["counted"])
        for span in coverage["uncounted"]
    )


@pytest.mark.parametrize("folder", ["the same folder", "a new folder"])
async def test_each_message_is_counted_or_in_a_range(
    driver: Driver, db: Handle, database_name: str, tmp_path: Path, folder: str
) -> None:
    first = [sent(n, session=9) for n in range(100)]
    after = [sent(n, session=9) for n in range(100, 400)]
    waiting = [sent(n, session=9) for n in range(400, 430)]
    fresh = [sent(n, session=11) for n in range(440, 460)]
    journal = tmp_path / "journal"
    await record(driver, db, journal, first)
    async with one_instant(driver, db) as dump:
        await back_up(dump, db.name, tmp_path / "b", FixedClock(), nothing)
    await record(driver, db, journal, after)
    await record(driver, db, journal, waiting, flushes=False)
    left = len(list(journal.glob("*.segment")))
    assert 1 <= left < 5, "what was committed first is no longer in the journal"

    other = database(driver, f"{database_name}_2")
    await restore(other, tmp_path / "b", bytes(32), nothing)
    again = journal if folder == "the same folder" else tmp_path / "new"
    await record(driver, other, again, [*waiting[-3:], *fresh, fresh[0]])

    coverage = await other.coverage.find_one({}) or {}
    member = await other.memberActivityStats.find_one({}) or {}
    ids = [m.id for m in (*first, *after, *waiting, *fresh)]
    uncounted = [i for i in ids if in_a_range(coverage, i)]
    assert member["messageStats"]["totalCount"] == len(ids) - len(uncounted)
    assert not set(uncounted) & {m.id for m in (*first, *fresh)}
    kept = {m.id for m in waiting} if folder == "the same folder" else {m.id for m in waiting[-3:]}
    assert not set(uncounted) & kept
    assert uncounted, "what only the lost database had counted is left to history"
    await driver.drop_database(other.name)


async def test_what_has_no_id_is_folded_once_too(
    driver: Driver, db: Handle, database_name: str, tmp_path: Path
) -> None:
    """The watermark is restored with what it speaks of: the journal is read from there."""
    journal = tmp_path / "journal"
    await record(driver, db, journal, [sent(1, 9), MembersCounted(GUILD, 1, 0, DAY, 3, 50)])
    async with one_instant(driver, db) as dump:
        await back_up(dump, db.name, tmp_path / "b", FixedClock(), nothing)
    other = database(driver, f"{database_name}_2")
    await restore(other, tmp_path / "b", bytes(32), nothing)
    before = await other.guildDays.find_one({})
    await record(driver, other, journal, [])
    assert await other.guildDays.find_one({}) == before, "nothing of the journal was folded again"
    await driver.drop_database(other.name)
