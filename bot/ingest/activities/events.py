"""Scheduled events."""

from enum import IntEnum

import msgspec


class EventWhere(IntEnum):
    """Where a scheduled event is held."""

    UNKNOWN = 0
    STAGE = 1
    VOICE = 2
    EXTERNAL = 3


class EventStage(IntEnum):
    """How far a scheduled event is; ``GONE``: it ended in whatever way while nobody listened."""

    UNKNOWN = 0
    SCHEDULED = 1
    ACTIVE = 2
    COMPLETED = 3
    CANCELLED = 4
    DELETED = 5
    GONE = 6


class EventSeen(msgspec.Struct, array_like=True, tag=30, frozen=True, gc=False):
    """A scheduled event was found to be at a stage; ``live``: just now it came to be so.

    ``starts`` and ``ends`` (0: open) are planned, in ms; ``channel`` is 0 for one that is held elsewhere.
    """

    guild: int
    event: int
    where: int
    stage: int
    channel: int
    starts: int
    ends: int
    live: bool
    at: int
    zone: int
    day: int
    hour: int


class EventInterest(msgspec.Struct, array_like=True, tag=31, frozen=True, gc=False):
    """A member is interested in an event, or no longer."""

    guild: int
    event: int
    member: int
    interested: bool
    at: int


class EventInterestRead(msgspec.Struct, array_like=True, tag=32, frozen=True):
    """Exactly these members are interested in an event."""

    guild: int
    event: int
    members: tuple[int, ...]
    at: int


class EventPresence(msgspec.Struct, array_like=True, tag=33, frozen=True, gc=False):
    """A member was in the channel of an event that is on, for ``ms`` milliseconds up to ``at``."""

    guild: int
    event: int
    member: int
    ms: int
    at: int


EventPlan = EventSeen | EventInterest | EventInterestRead | EventPresence
"""What is counted against what is known of the event: see ``bot.ingest.books.scheduled_events``."""
