"""Pages of history through the recorder, on a real mongod: once each, whatever breaks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from pymongo.errors import AutoReconnect

from bot.claims import ALL_SERVERS
from bot.db import leases
from bot.db.recording import MongoStore
from bot.ingest.activities.messages import MessageSent
from bot.ingest.delta import Delta
from bot.ingest.fold import fold
from bot.ingest.journal import Journal
from bot.ingest.pages import Beginning, HistoryPage, Listed
from bot.ingest.recorder import Recorder
from bot.ingest.sessions import GatewaySessions
from bot.ingest.store import Changes, LeaseLost, StoreUnavailable, WatermarkMoved
from tests.support.consents import silent_nobody

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.db.database import Driver, Handle

GUILD, CHANNEL = 7, 5
KEY = (GUILD, CHANNEL)


def sent(message_id: int, *, session: int = 0, channel: int = CHANNEL) -> MessageSent:
    return MessageSent(
        GUILD, channel, 0, 0, message_id, message_id, session, 1_790_000_000_000, 0, 20_700, 1, 0
    )


def page(*ids: int, after: int = 0, before: int, channel: int = CHANNEL) -> HistoryPage:
    return HistoryPage((GUILD, channel), [sent(i, channel=channel) for i in ids], after, before)


class LosesAnswers(MongoStore):
    """Commits, and then does not hear the answer, as often as told."""

    lost = 0

    async def commit(self, changes: Changes) -> None:
        await super().commit(changes)
        if self.lost:
            self.lost -= 1
            raise StoreUnavailable("connection closed") from AutoReconnect("connection closed")


@pytest.fixture
async def store(driver: Driver, db: Handle) -> AsyncIterator[LosesAnswers]:
    store = LosesAnswers(driver, db, await leases.acquire(db, ALL_SERVERS, "me"))
    yield store
    await store.close()


@pytest.fixture
async def recorder(store: LosesAnswers, tmp_path: Path) -> AsyncIterator[Recorder]:
    recorder = Recorder(
        Journal(tmp_path / "journal", segment_bytes=16_384), store, GatewaySessions(), silent_nobody()
    )
    yield recorder
    await recorder.stop()


async def counts(db: Handle) -> dict[int, int]:
    return {
        int(m["userId"], 16): m["messageStats"]["totalCount"] async for m in db.memberActivityStats.find()
    }


async def test_a_page_counts_what_the_range_holds_and_shrinks_it(recorder: Recorder, db: Handle) -> None:
    recorder.record(sent(100, session=9))
    await recorder.flush()
    filled = await recorder.fill(page(98, 99, 100, after=97, before=100))
    assert (filled.counted, filled.standing.ranges) == (2, ((0, 98),))
    assert (await recorder.fill(page(98, 99, before=100))).standing.ranges == ()
    assert await counts(db) == {98: 1, 99: 1, 100: 1}


async def test_a_page_whose_answer_was_lost_counts_once(
    recorder: Recorder, store: LosesAnswers, db: Handle
) -> None:
    recorder.record(sent(100, session=9))
    await recorder.flush()
    store.lost = 2
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            await recorder.fill(page(10, 20, before=100))
    assert (await recorder.fill(page(10, 20, before=100))).counted == 0
    assert await counts(db) == {10: 1, 20: 1, 100: 1}


async def test_a_coverage_that_changed_since_it_was_read_is_not_overwritten(
    recorder: Recorder, store: LosesAnswers, db: Handle
) -> None:
    recorder.record(sent(100, session=9))
    await recorder.flush()
    stale = (await store.coverage([KEY]))[KEY]
    await recorder.fill(page(10, before=100))
    with pytest.raises(WatermarkMoved):
        await store.commit(Changes(Delta(), {KEY: stale}, None))
    recorder._coverage[KEY] = stale
    with pytest.raises(StoreUnavailable):
        await recorder.fill(page(10, before=100))
    assert (await recorder.fill(page(10, before=100))).counted == 0
    assert await counts(db) == {10: 1, 100: 1}


@pytest.mark.parametrize("after_ms", [0, 1, 2, 3, 5, 8])
async def test_a_commit_that_is_cancelled_does_not_keep_out_the_next(
    store: LosesAnswers, db: Handle, after_ms: int
) -> None:
    """As at the end, when history is told to stop in the middle of a commit, and again in that of its end."""
    await store.commit(Changes(fold([sent(1)]), {}, None))
    for number in range(5):
        cut = asyncio.create_task(store.commit(Changes(fold([sent(100 + number)]), {}, None)))
        await asyncio.sleep(after_ms / 1000)
        cut.cancel()
        await asyncio.sleep(0)
        cut.cancel()
        await asyncio.wait([cut])
        await store.commit(Changes(fold([sent(200 + number)]), {}, None))
    (day,) = await db.channelDays.find().to_list(None)
    assert 6 <= day["messages"] <= 11


async def test_live_messages_after_a_stale_coverage_count_once(recorder: Recorder, db: Handle) -> None:
    recorder.record(sent(100, session=9))
    await recorder.flush()
    await db.coverage.update_one({}, {"$inc": {"revision": 1}})
    recorder.record(sent(200, session=9))
    await recorder.flush()
    assert await counts(db) == {100: 1, 200: 1}


async def test_pages_that_wait_share_transactions(
    recorder: Recorder, store: LosesAnswers, db: Handle
) -> None:
    commits = 0
    commit = store.commit

    async def counting(changes: Changes) -> None:
        nonlocal commits
        commits += 1
        assert changes.delta.documents < 5_000
        await commit(changes)

    store.commit = counting  # type: ignore[method-assign]
    for channel in range(1, 61):
        recorder.record(sent(100_000, session=9, channel=channel))
    await recorder.flush()
    commits = 0
    pages = [
        page(*range(channel * 100, channel * 100 + 100), before=100_000, channel=channel)
        for channel in range(1, 61)
    ]
    filled = await asyncio.gather(*(recorder.fill(each) for each in pages))
    assert [each.counted for each in filled] == [100] * 60
    assert 2 <= commits <= 10
    assert len(await counts(db)) == 6_001


async def test_the_newest_page_begins_a_session_and_tells_how_far_threads_are_known(
    recorder: Recorder, db: Handle
) -> None:
    newest = HistoryPage(
        KEY, [sent(i) for i in (40, 50)], after=39, before=51, begins=Beginning(session=9, newest=50)
    )
    assert (await recorder.fill(newest)).standing.ranges == ((0, 40),)
    told: list[tuple[int, int]] = []
    recorder.on_range(told.append)
    recorder.record(sent(45, session=9))
    recorder.record(sent(60, session=9))
    await recorder.flush()
    assert told == [], "the page has begun the session"
    recorder.record(sent(80, session=10))
    await recorder.flush()
    assert told == [KEY]
    await recorder.fill(HistoryPage(KEY, listed=Listed(1_000, private=False)))
    standing = (await recorder.standing([KEY]))[KEY]
    assert (standing.archived, standing.archived_private) == (1_000, 0)
    assert standing.ranges == ((50, 80), (0, 40))
    assert await recorder.unsettled(GUILD) == [CHANNEL]
    assert await counts(db) == {40: 1, 50: 1, 60: 1, 80: 1}


async def test_who_lost_the_lease_fills_nothing(recorder: Recorder, db: Handle) -> None:
    await db.leases.update_one({"_id": ALL_SERVERS.name}, {"$set": {"owner": "somebody else"}})
    with pytest.raises(LeaseLost):
        await recorder.fill(page(10, before=100))
    assert await counts(db) == {}
