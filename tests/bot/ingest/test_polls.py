"""Votes against a model that keeps them as sets."""

from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.claims import ALL_SERVERS
from bot.db import leases
from bot.db.database import Driver, Handle
from bot.db.recording import MongoStore
from bot.ingest.activities.polls import PollVote, PollVoted, PollVoteRemoved
from bot.ingest.activity import decode, encode
from bot.ingest.books.polls import PollState, apply
from bot.ingest.delta import Delta
from bot.ingest.fold import fold_into
from bot.ingest.journal import Journal
from bot.ingest.recorder import Recorder
from bot.ingest.sessions import GatewaySessions
from tests.support.consents import silent_nobody

GUILD, CHANNEL, DAY = 7, 5, 20_700
AT = DAY * 86_400_000


def voted(poll: int, member: int, answer: int, day: int = DAY) -> PollVoted:
    vote = poll * 1_000 + member * 10 + answer
    return PollVoted(GUILD, CHANNEL, 0, poll, member, vote, AT + day, 0, day, 3)


def taken_back(poll: int, member: int, answer: int) -> PollVoteRemoved:
    return PollVoteRemoved(GUILD, poll, member, poll * 1_000 + member * 10 + answer, AT)


poll, member, answer = st.integers(1, 2), st.integers(21, 23), st.integers(1, 2)
event = st.one_of(
    st.builds(voted, poll, member, answer, st.integers(DAY, DAY + 2)),
    st.builds(taken_back, poll, member, answer),
)


@given(st.lists(st.tuples(event, st.integers(1, 2)), max_size=30))
def test_votes_that_stand_count_on_the_day_on_which_they_were_given(
    script: list[tuple[PollVote, int]],
) -> None:
    delta, states = Delta(), {1: PollState(), 2: PollState()}
    standing: dict[int, PollVoted] = {}
    for each, times in script:
        assert decode(encode(each)) == each
        for _ in range(times):
            for change in apply(states[each.message], each):
                fold_into(delta, change)
        if isinstance(each, PollVoted):
            standing.setdefault(each.vote, each)
        else:
            standing.pop(each.vote, None)
    members = {(k[2], k[3]): e.votes for k, e in delta.vote_member_days.items() if e.votes}
    assert members == Counter((each.day, each.member) for each in standing.values())
    by_day = Counter(each.day for each in standing.values())
    assert {k[2]: e.votes for k, e in delta.vote_channel_days.items() if e.votes} == by_day
    hours = {key[2]: day.counts["pollVotes"][3] for key, day in delta.guild_days.items()}  # type: ignore[index]
    assert {day: count for day, count in hours.items() if count} == by_day


async def test_batches_and_restarts_change_nothing(driver: Driver, db: Handle, tmp_path: Path) -> None:
    script: list[PollVote] = [
        voted(1, 21, 1),
        voted(1, 21, 1),
        voted(1, 22, 2, DAY + 1),
        taken_back(1, 21, 1),
        taken_back(1, 21, 1),
        voted(1, 23, 1, DAY + 1),
    ]
    for number, each in enumerate(script):
        lease = await leases.acquire(db, ALL_SERVERS, "me")
        store = MongoStore(driver, db, lease)
        recorder = Recorder(Journal(tmp_path / "journal"), store, GatewaySessions(), silent_nobody())
        recorder.record(each)
        if number % 2:
            await recorder.flush()  # otherwise the process is killed before
        await store.close()
    days = {int(d["userId"], 16): d["pollVotes"] async for d in db.memberDays.find()}
    assert days == {21: 0, 22: 1, 23: 1}
    channels = {d["day"].day: d["pollVotes"] async for d in db.channelDays.find()}
    assert sorted(channels.values()) == [0, 2]
    assert await db.pollStates.count_documents({}) == 1
    text = str(await db.pollStates.find_one({}))
    assert f"{22:016x}" not in text, "who voted for what is not kept"
