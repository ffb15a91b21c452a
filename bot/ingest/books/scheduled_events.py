"""Scheduled events against what is known of them, and who is present at one.

An event is held from ACTIVE to whatever follows. Then it counts, with those who were interested and those who
came. One that recurs goes back to SCHEDULED and begins anew; its interested stay. What changed while nobody
listened has no instant, and of an event that was never seen ACTIVE it is not known who came.
"""

from collections.abc import Callable, Iterator

import msgspec

from bot.ingest.activities.events import (
    EventInterestRead,
    EventPlan,
    EventPresence,
    EventSeen,
    EventStage,
    EventWhere,
)
from bot.ingest.activities.voice import VoiceTime
from bot.ingest.activity import Activity
from schemas.scheduled_events import ATTENDED_MS

MAX_PAST = 400
"""Occurrences of one event that are remembered."""
_ENDED = frozenset(
    {EventStage.COMPLETED, EventStage.CANCELLED, EventStage.DELETED, EventStage.GONE},
)


class PastOccurrence(msgspec.Struct, frozen=True):
    """How an occurrence went; instants are ms or 0, unknown counts None."""

    starts: int
    ends: int
    started_at: int
    ended_at: int
    stage: EventStage
    interested: int
    attended: int | None
    attended_interested: int | None


class EventState(msgspec.Struct):
    """What is known of an event; ``attendance`` in ms by member, ``observed``: it was seen being on."""

    where: EventWhere = EventWhere.UNKNOWN
    channel: int = 0
    stage: EventStage = EventStage.UNKNOWN
    starts: int = 0
    ends: int = 0
    started_at: int = 0
    ended_at: int = 0
    observed: bool = False
    updated_at: int = 0
    interested: set[int] = msgspec.field(default_factory=set)
    attendance: dict[int, int] = msgspec.field(default_factory=dict)
    past: list[PastOccurrence] = msgspec.field(default_factory=list)

    @property
    def attended(self) -> set[int] | None:
        """Who came for long enough; None where that is not known."""
        if not self.observed or self.where is EventWhere.EXTERNAL:
            return None
        return {member for member, ms in self.attendance.items() if ms >= ATTENDED_MS}

    @property
    def occurrence(self) -> PastOccurrence:
        """How the present occurrence stands."""
        attended = self.attended
        return PastOccurrence(
            self.starts,
            self.ends,
            self.started_at,
            self.ended_at,
            self.stage,
            len(self.interested),
            None if attended is None else len(attended),
            None if attended is None else len(attended & self.interested),
        )


class EventCounted(msgspec.Struct, frozen=True):
    """An event was held, or (``held`` False) called off; ``occurrence`` says how it went."""

    guild: int
    zone: int
    day: int
    hour: int
    held: bool
    occurrence: PastOccurrence


def apply(state: EventState, told: EventPlan) -> Iterator[EventCounted]:
    """Note what happened to an event; yields what changes in the counters."""
    state.updated_at = max(state.updated_at, told.at)
    if isinstance(told, EventSeen):
        yield from _see(state, told)
    elif isinstance(told, EventPresence):
        if state.stage is EventStage.ACTIVE:
            state.attendance[told.member] = state.attendance.get(told.member, 0) + told.ms
    elif state.stage in _ENDED:
        return  # who was interested stays as it was when the event ended
    elif isinstance(told, EventInterestRead):
        state.interested = set(told.members)
    elif told.interested:
        state.interested.add(told.member)
    else:
        state.interested.discard(told.member)


def _see(state: EventState, seen: EventSeen) -> Iterator[EventCounted]:
    before, stage = state.stage, EventStage(seen.stage)
    instant = seen.at if seen.live else 0
    again = stage not in _ENDED and seen.starts != state.starts  # a plan does not move while it is on
    if before is EventStage.ACTIVE and (stage is not EventStage.ACTIVE or again):
        state.ended_at = 0 if stage is EventStage.ACTIVE else instant
        yield from _end(state, seen, stage if stage in _ENDED else EventStage.COMPLETED)
    elif before is EventStage.SCHEDULED and stage in _ENDED:
        yield from _end(state, seen, stage)
    if stage in _ENDED and before is not EventStage.UNKNOWN:
        return
    if state.stage in _ENDED:
        _begin_anew(state)
    if stage is EventStage.ACTIVE and state.stage is not EventStage.ACTIVE:
        state.started_at, state.observed = instant, True
    state.stage = stage
    state.where, state.channel = EventWhere(seen.where), seen.channel
    state.starts, state.ends = seen.starts, seen.ends


def _end(state: EventState, seen: EventSeen, stage: EventStage) -> Iterator[EventCounted]:
    """The occurrence is over; it was held if it was ever on."""
    held = state.stage is EventStage.ACTIVE or stage is EventStage.COMPLETED
    state.stage = stage
    if held or stage is not EventStage.GONE:
        yield EventCounted(seen.guild, seen.zone, seen.day, seen.hour, held, state.occurrence)


def _begin_anew(state: EventState) -> None:
    """Put the occurrence that is over to those before."""
    state.past = [*state.past, state.occurrence][-MAX_PAST:]
    state.attendance, state.observed = {}, False
    state.started_at = state.ended_at = 0


class EventAttendance:
    """Stands behind the voice tracker: time in the channel of an event that is on is presence there."""

    def __init__(self, record: Callable[[Activity], None]) -> None:
        self._record = record
        self._on: dict[tuple[int, int], dict[int, int]] = {}

    def hear(self, activity: Activity) -> None:
        """Record what the tracker tells, and what it means for events."""
        self._record(activity)
        if isinstance(activity, VoiceTime):
            for event, since in self._on.get((activity.guild, activity.channel), {}).items():
                ms = min(activity.ms, activity.at + activity.ms - since)
                if ms > 0:
                    at = activity.at + activity.ms
                    self._record(EventPresence(activity.guild, event, activity.member, ms, at))

    def begin(self, guild: int, channel: int, event: int, at: int) -> None:
        """An event is on in a channel, as far as is known from ``at`` (ms) on; once is enough."""
        events = self._on.setdefault((guild, channel), {})
        if event not in events:
            self.end(guild, event)
            self._on.setdefault((guild, channel), {})[event] = at

    def end(self, guild: int, event: int) -> None:
        """An event is no longer on; have the tracker tell the time up to now before."""
        for place, events in list(self._on.items()):
            if place[0] == guild and events.pop(event, None) is not None and not events:
                del self._on[place]

    def is_on(self, guild: int, event: int) -> bool:
        """Whether presence at an event is followed."""
        return any(place[0] == guild and event in events for place, events in self._on.items())
