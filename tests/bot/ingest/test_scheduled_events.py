"""Scheduled events against a model that keeps sets of people, and presence against overlaps of time."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.claims import ALL_SERVERS
from bot.db import leases
from bot.db.database import Driver, Handle
from bot.db.recording import MongoStore
from bot.db.scheduled_events import ScheduledEvents
from bot.ingest.activities.events import (
    EventInterest,
    EventInterestRead,
    EventPlan,
    EventPresence,
    EventSeen,
    EventStage,
    EventWhere,
)
from bot.ingest.activities.voice import VoiceTime
from bot.ingest.activity import Activity, decode, encode
from bot.ingest.books.scheduled_events import EventAttendance, EventState, apply
from bot.ingest.delta import Delta
from bot.ingest.fold import fold_into
from bot.ingest.journal import Journal
from bot.ingest.recorder import Recorder
from bot.ingest.sessions import GatewaySessions
from schemas.scheduled_events import ATTENDED_MS
from tests.support.consents import silent_nobody

GUILD, EVENT, CHANNEL = 7, 90, 5
T0 = 1_790_000_000_000
HOUR_MS = 3_600_000
DAY = T0 // (24 * HOUR_MS)


def seen(
    stage: EventStage, at: int = T0, *, live: bool = True, starts: int = T0, where: int = EventWhere.VOICE
) -> EventSeen:
    return EventSeen(GUILD, EVENT, where, stage, CHANNEL, starts, 0, live, at, 0, DAY, 3)


def interest(member: int, *, interested: bool = True) -> EventInterest:
    return EventInterest(GUILD, EVENT, member, interested, T0)


def present(member: int, ms: int) -> EventPresence:
    return EventPresence(GUILD, EVENT, member, ms, T0)


def played(script: list[EventPlan], state: EventState | None = None) -> tuple[EventState, dict[str, int]]:
    state, delta = state or EventState(), Delta()
    for each in script:
        again = decode(encode(each))
        assert again == each
        for change in apply(state, each):
            fold_into(delta, change)
    counts = {
        str(name): sum(hours.values())
        for day in delta.guild_days.values()
        for name, hours in day.counts.items()
    }
    return state, counts


@dataclass
class Model:
    """Who is interested, who is there, and what counts so far."""

    on: bool = False
    over: bool = False
    interested: set[int] = field(default_factory=set)
    there: Counter[int] = field(default_factory=Counter)
    totals: Counter[str] = field(default_factory=Counter)

    def take(self, each: EventPlan) -> None:
        match each:
            case EventInterest() if not self.over:
                (self.interested.add if each.interested else self.interested.discard)(each.member)
            case EventInterestRead() if not self.over:
                self.interested = set(each.members)
            case EventPresence() if self.on:
                self.there[each.member] += each.ms
            case EventSeen():
                self.see(EventStage(each.stage))

    def see(self, stage: EventStage) -> None:
        ends = stage in {EventStage.COMPLETED, EventStage.CANCELLED}
        if (self.on and stage is not EventStage.ACTIVE) or (ends and not self.over):
            held = self.on or stage is EventStage.COMPLETED
            self.totals["eventsHeld" if held else "eventsCancelled"] += 1
            if self.on:
                came = {who for who, ms in self.there.items() if ms >= ATTENDED_MS}
                self.totals["eventsObserved"] += 1
                self.totals["eventInterested"] += len(self.interested)
                self.totals["eventAttended"] += len(came)
                self.totals["eventAttendedInterested"] += len(came & self.interested)
            self.over = True
        if self.over and not ends:
            self.there.clear()
        self.on, self.over = stage is EventStage.ACTIVE, ends


member = st.integers(1, 4)
step = st.one_of(
    st.builds(lambda who, yes: interest(who, interested=yes), member, st.booleans()),
    st.builds(lambda who: EventInterestRead(GUILD, EVENT, tuple(sorted(who)), T0), st.sets(member)),
    st.builds(present, member, st.sampled_from([10_000, 30_000, ATTENDED_MS])),
    st.sampled_from(
        [EventStage.SCHEDULED, EventStage.ACTIVE, EventStage.COMPLETED, EventStage.CANCELLED]
    ).map(seen),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(step, st.integers(1, 2)), max_size=40))
def test_each_time_it_is_held_counts_with_who_was_interested_and_who_came(
    story: list[tuple[EventPlan, int]],
) -> None:
    script: list[EventPlan] = [seen(EventStage.SCHEDULED)]
    for each, times in story:
        script += [each] * (times if isinstance(each, EventSeen | EventInterest) else 1)
    model = Model()
    for each in script:
        model.take(each)
    state, counts = played(script)
    assert counts == model.totals
    assert state.interested == model.interested
    assert not model.on or state.observed
    assert (state.attended is None) != state.observed


def test_an_event_that_recurs_keeps_its_interested_and_its_past() -> None:
    week = 7 * 24 * HOUR_MS
    script: list[EventPlan] = [
        seen(EventStage.SCHEDULED),
        interest(1),
        interest(2),
        seen(EventStage.ACTIVE, T0 + 5),
        present(1, ATTENDED_MS),
        present(3, ATTENDED_MS),
        seen(EventStage.SCHEDULED, T0 + HOUR_MS, starts=T0 + week),
        interest(3),
        seen(EventStage.ACTIVE, T0 + week, starts=T0 + week),
        present(3, ATTENDED_MS - 1),
    ]
    state, counts = played(script)
    (before,) = state.past
    assert (before.starts, before.started_at, before.ended_at) == (T0, T0 + 5, T0 + HOUR_MS)
    assert (before.stage, before.interested, before.attended) == (EventStage.COMPLETED, 2, 2)
    assert before.attended_interested == 1
    assert (state.interested, state.attended, state.starts) == ({1, 2, 3}, set(), T0 + week)
    assert counts["eventsHeld"] == 1
    state, counts = played([seen(EventStage.ACTIVE, live=False, starts=T0 + 2 * week)], state)
    assert (state.past[-1].ended_at, state.started_at) == (0, 0), "nobody saw when"
    assert counts["eventsHeld"] == 1


def test_what_nobody_saw_is_unknown() -> None:
    state, counts = played([seen(EventStage.SCHEDULED), seen(EventStage.COMPLETED, live=False)])
    assert (state.attended, state.ended_at) == (None, 0)
    assert counts == {"eventsHeld": 1}
    state, counts = played([seen(EventStage.SCHEDULED), seen(EventStage.GONE, live=False, starts=0)])
    assert (state.stage, state.starts, counts) == (EventStage.GONE, T0, {})
    state, counts = played(
        [
            seen(EventStage.SCHEDULED, where=EventWhere.EXTERNAL),
            seen(EventStage.ACTIVE, where=EventWhere.EXTERNAL),
            seen(EventStage.COMPLETED, where=EventWhere.EXTERNAL),
        ]
    )
    assert (state.attended, counts) == (None, {"eventsHeld": 1})


pieces = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 20), st.integers(1, 3), st.integers(4, 6)), max_size=15
)


@given(pieces, st.integers(0, 50))
def test_presence_is_the_time_that_lies_in_the_event(
    spent: list[tuple[int, int, int, int]], since: int
) -> None:
    told: list[Activity] = []
    attendance = EventAttendance(told.append)
    attendance.begin(GUILD, CHANNEL, EVENT, since)
    attendance.begin(GUILD, CHANNEL, EVENT, since + 1)
    expected: dict[int, int] = {}
    for at, ms, who, channel in spent:
        attendance.hear(VoiceTime(GUILD, channel, 1, who, at, ms, 0, DAY, 3, 0))
        if channel == CHANNEL:
            within = sum(at <= instant < at + ms for instant in range(since, 100))
            expected[who] = expected.get(who, 0) + within
    attendance.end(GUILD, EVENT)
    attendance.hear(VoiceTime(GUILD, CHANNEL, 1, 1, 60, 10, 0, DAY, 3, 0))
    found: dict[int, int] = {}
    for each in told:
        if isinstance(each, EventPresence):
            found[each.member] = found.get(each.member, 0) + each.ms
    assert found == {who: ms for who, ms in expected.items() if ms}
    assert sum(isinstance(each, VoiceTime) for each in told) == len(spent) + 1


async def test_what_is_known_outlives_restarts(driver: Driver, db: Handle, tmp_path: Path) -> None:
    script: list[EventPlan] = [
        seen(EventStage.SCHEDULED),
        interest(1),
        EventInterestRead(GUILD, EVENT, (1, 2), T0),
        seen(EventStage.ACTIVE, T0 + 5),
        present(2, ATTENDED_MS - 1),
        present(2, 1),
        present(3, 5),
        seen(EventStage.COMPLETED, T0 + HOUR_MS),
        interest(1, interested=False),
    ]
    for number, each in enumerate(script):
        lease = await leases.acquire(db, ALL_SERVERS, "me")
        store = MongoStore(driver, db, lease)
        recorder = Recorder(Journal(tmp_path / "journal"), store, GatewaySessions(), silent_nobody())
        recorder.record(each)
        await recorder.flush()
        await store.close()
        unfinished = [EVENT] if number < 7 else []
        assert await ScheduledEvents(db).unfinished(GUILD) == unfinished
    stored = await db.scheduledEvents.find_one({})
    assert stored is not None
    assert stored["interested"] == [f"{1:016x}", f"{2:016x}"]
    assert (stored["status"], stored["place"]) == ("completed", "voice")
    counts = ("interestedCount", "attendedCount", "attendedInterestedCount")
    assert [stored[name] for name in counts] == [2, 1, 1]
    assert stored["endedAt"] - stored["startedAt"] == stored["updatedAt"] - stored["startedAt"]
    day = await db.guildDays.find_one({})
    assert day is not None
    assert day["counts"] == {
        "eventsHeld": {"3": 1},
        "eventsObserved": {"3": 1},
        "eventInterested": {"3": 2},
        "eventAttended": {"3": 1},
        "eventAttendedInterested": {"3": 1},
    }
