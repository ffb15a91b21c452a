"""Moderation: what each moderator did on a day, and how far the audit log is known."""

from datetime import datetime

import msgspec

from schemas.collection import Collection, Document, Index, Retention
from schemas.day_slices import DaySlice


class ModerationDay(DaySlice):
    """What one moderator did on one day; ``counts`` by the names of ``guild_day_names.GuildCount``."""

    user_id: str
    counts: dict[str, int]


class UnknownSpan(Document):
    """A time of which nothing is known."""

    since: datetime
    until: datetime


class OpenTimeout(Document):
    """A timeout, or its lifting (``until`` is None), as long as it is not decided whether one ran out."""

    entry: int
    user_id: str
    until: datetime | None
    zone: int
    day: datetime
    hour: int


class AuditLog(Document):
    """Which entries of a server's audit log are counted.

    Those up to ``floor`` are, and above it exactly those in ``recent`` (packed u64). What the log says is
    known from ``since`` to ``settled``, but for ``gaps``; None until it was read for the first time.
    """

    id: str = msgspec.field(name="_id")
    guild_id: str
    floor: int
    recent: bytes
    since: datetime | None
    settled: datetime | None
    gaps: list[UnknownSpan]
    timeouts: list[OpenTimeout]


MODERATION_DAYS = Collection(
    "moderationDays",
    ModerationDay,
    (Index((("guildId", 1), ("zone", 1), ("day", 1))), Index((("guildId", 1), ("userId", 1), ("day", 1)))),
    Retention("members", "day"),
)
AUDIT_LOGS = Collection("auditLogs", AuditLog)
