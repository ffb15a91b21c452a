"""What is known of messages and polls stays while events may still come: MongoDB deletes by its own clock.

A state that is born expired would be gone within a minute, and a removal would undo nothing, and an edit or a
deletion that comes again would count again.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SystemClock
from bot.db.database import connect, database
from bot.db.migrations import migrate
from bot.ingest.activities.message_changes import MessageDeleted, MessageEdited, PreviewShown
from bot.ingest.activities.polls import PollVoted, PollVoteRemoved
from bot.ingest.activities.reactions import ReactionAdded, ReactionRemoved, ReactionsCleared
from bot.ingest.books import message_changes, polls, reactions
from tests.bot.db.test_threads_and_changes import AT as LONG_AGO
from tests.bot.db.test_threads_and_changes import CHANNEL, CREATOR, GUILD, LABEL, OTHER, Lives
from tests.support.databases import fresh_database_name
from tests.support.mongod import quick_folder, replica_set

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from bot.db.database import Driver, Handle
    from bot.ingest.activity import Activity

DAY_MS = 86_400_000
SECONDS = 30.0
EACH_SECOND = ["ttlMonitorSleepSecs=1"]
KEPT = {"messageStates": 90, "messageMarks": 1, "pollStates": 40}
"""Days from the last event on."""
COUNTS = ("edits", "deletions", "embeds", "pollVotes")


def added(at: int, reaction: int = 1) -> ReactionAdded:
    return ReactionAdded(GUILD, CHANNEL, 0, 0, 77, CREATOR, 0, LABEL[1], OTHER, reaction, "👍", at, *LABEL)


def removed(at: int, reaction: int = 1) -> ReactionRemoved:
    return ReactionRemoved(GUILD, 77, OTHER, reaction, at)


def edited(at: int) -> MessageEdited:
    return MessageEdited(GUILD, CHANNEL, 0, CREATOR, 1, at, at, *LABEL)


def deleted(at: int) -> MessageDeleted:
    return MessageDeleted(GUILD, CHANNEL, 0, 2, 0, at, *LABEL)


def previewed(at: int) -> PreviewShown:
    return PreviewShown(GUILD, CHANNEL, 0, 3, at, *LABEL)


def voted(at: int) -> PollVoted:
    return PollVoted(GUILD, CHANNEL, 0, 78, OTHER, 9, at, *LABEL)


def events(at: int) -> list[Activity]:
    return [added(at), edited(at), deleted(at), previewed(at), voted(at)]


@pytest.fixture(scope="module")
def impatient_uri() -> Iterator[str]:
    """Address of a MongoDB that deletes each second what has expired, instead of each minute."""
    with (
        quick_folder() as folder,
        replica_set(folder, nodes=1, parameters=["ttlMonitorSleepSecs=1"]) as nodes,
    ):
        yield nodes.uri


@pytest.fixture
async def impatient(impatient_uri: str) -> AsyncIterator[Driver]:
    driver = connect(impatient_uri)
    yield driver
    driver.close()


@pytest.fixture
async def quick_expiry(impatient: Driver) -> Handle:
    """A migrated, empty database there."""
    handle = database(impatient, fresh_database_name())
    await migrate(handle)
    return handle


async def expiry_has_passed(db: Handle) -> None:
    """Wait until the database has deleted what had expired when this was called."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    for name in KEPT:
        kept = await db[name].find_one({})
        assert kept is not None
        await db[name].insert_one({**kept, "_id": "expired", "expiresAt": past})
    async with asyncio.timeout(SECONDS):
        for name in KEPT:
            while await db[name].count_documents({"_id": "expired"}):
                await asyncio.sleep(0.05)


async def counters(db: Handle) -> dict[str, Any]:
    """What counts of the events."""
    day = await db.channelDays.find_one({"channelId": str(CHANNEL)})
    assert day is not None
    guild_day = await db.guildDays.find_one({})
    assert guild_day is not None
    return {
        **{name: day.get(name, 0) for name in COUNTS},
        "withReactions": guild_day["counts"].get("withReactions", {}),
        "emoji": {name: count for name, count in guild_day.get("emoji", {}).items() if count},
    }


async def test_what_comes_after_the_database_has_cleaned_up_still_meets_what_is_known(
    impatient: Driver, quick_expiry: Handle, tmp_path: Path
) -> None:
    db, now = quick_expiry, SystemClock().now_ms()
    lives = Lives(impatient, db, tmp_path)
    await lives.live(*events(now))
    for name, days in KEPT.items():
        async for state in db[name].find():
            expected = datetime.fromtimestamp((now + days * DAY_MS) / 1000, UTC)
            assert abs(state["expiresAt"] - expected) < timedelta(milliseconds=2), name
    once = await counters(db)
    assert once["emoji"] == {"👍": 1}
    assert {once[name] for name in COUNTS} == {1}
    await expiry_has_passed(db)
    await lives.live(*events(now))
    assert await counters(db) == once, "all of it came again, and counts once"
    later = now + 5
    await lives.live(removed(later), PollVoteRemoved(GUILD, 78, OTHER, 9, later))
    undone = await counters(db)
    assert undone["emoji"] == {}
    assert sum(undone["withReactions"].values()) == 0
    assert (undone["pollVotes"], undone["edits"], undone["deletions"]) == (
        once["pollVotes"] - 1,
        once["edits"],
        once["deletions"],
    )


async def test_what_is_over_is_forgotten(impatient: Driver, quick_expiry: Handle, tmp_path: Path) -> None:
    db, now = quick_expiry, SystemClock().now_ms()
    lives = Lives(impatient, db, tmp_path)
    await lives.live(*events(now - 91 * DAY_MS))
    async with asyncio.timeout(SECONDS):
        for name in KEPT:
            while await db[name].count_documents({}):
                await asyncio.sleep(0.05)


instants = st.lists(st.integers(LONG_AGO, LONG_AGO + 200 * DAY_MS), min_size=1, max_size=6)


@given(instants, st.sampled_from([added, removed, lambda at: ReactionsCleared(GUILD, 77, "", at)]))
def test_reactions_are_known_for_ninety_days_from_the_last_event_on(at: list[int], make: Any) -> None:  # noqa: ANN401 - one of three
    state = reactions.MessageState()
    for each in at:
        list(reactions.apply(state, make(each)))
    assert state.expires == max(at) + 90 * DAY_MS


@given(instants, st.sampled_from([edited, deleted, previewed]))
def test_changes_are_known_for_a_day_from_the_last_event_on(at: list[int], make: Any) -> None:  # noqa: ANN401 - same
    mark = message_changes.MessageMark()
    for each in at:
        list(message_changes.mark(mark, make(each)))
    assert mark.expires == max(at) + DAY_MS
    assert message_changes.NEWS_MS < DAY_MS, "what is no news any more may be forgotten"


@given(instants, st.sampled_from([voted, lambda at: PollVoteRemoved(GUILD, 78, OTHER, 9, at)]))
def test_votes_are_known_for_longer_than_a_poll_is_open(at: list[int], make: Any) -> None:  # noqa: ANN401 - same
    state = polls.PollState()
    for each in at:
        list(polls.apply(state, make(each)))
    assert state.expires == max(at) + 40 * DAY_MS
