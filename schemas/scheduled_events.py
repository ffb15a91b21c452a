"""Scheduled events: when they were planned and held, who was interested, who came.

Who attends is told by presence in the event's voice or stage channel while the event is on; of an event
elsewhere it is not known. Members are pseudonyms.
"""

from datetime import datetime
from typing import Literal

import msgspec

from schemas.collection import Collection, Document, Index, Retention

EventPlace = Literal["unknown", "stage", "voice", "external"]
EventStatus = Literal["unknown", "scheduled", "active", "completed", "cancelled", "deleted", "gone"]
"""``gone``: it came to its end, in whatever way, while nobody listened."""
ATTENDED_MS = 60_000
"""For how long somebody has to be there to have attended."""


class Attendance(Document):
    """For how long a member was there."""

    user_id: str
    ms: int


class Occurrence(Document):
    """One time that an event was, or was to be, held.

    What nobody saw is None: the instants of a change while the bot was away, and who came to an event that
    is held elsewhere or was not seen while it was on. ``attended_interested``: of the interested, who came.
    """

    planned_start: datetime | None
    planned_end: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    status: EventStatus
    interested_count: int
    attended_count: int | None
    attended_interested_count: int | None


class ScheduledEvent(Occurrence):
    """An event; of one that recurs the present occurrence, with those before it in ``past``."""

    id: str = msgspec.field(name="_id")
    schema_version: int
    guild_id: str
    event_id: str
    channel_id: str | None
    place: EventPlace
    observed: bool
    interested: list[str]
    attendance: list[Attendance]
    past: list[Occurrence]
    updated_at: datetime


SCHEDULED_EVENTS = Collection(
    "scheduledEvents",
    ScheduledEvent,
    (
        Index((("guildId", 1), ("plannedStart", 1))),
        Index((("guildId", 1), ("interested", 1))),
        Index((("guildId", 1), ("attendance.userId", 1))),
    ),
    Retention("members", "updatedAt"),
)
