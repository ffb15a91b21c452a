"""A member's lifetime totals in one server (S2 ``MemberActivityStats``)."""

from datetime import datetime

import msgspec

from schemas.collection import PRESENT, Collection, Document, Index


class Absence(Document):
    """One leave; ``rejoined_at`` is None while the member is away.

    Where nobody saw it, it was between ``not_before`` (None: unknown) and ``left_at``. ``joined_at`` is the
    join of the stay that ended (None: unknown).
    """

    left_at: datetime
    rejoined_at: datetime | None
    not_before: datetime | None = None
    joined_at: datetime | None = None


class ReactionCount(Document):
    """Reactions this member gave, and got on own messages."""

    given: int
    received: int


class MessageStats(Document):
    """Messages sent; maps go from channel id, hour (0-23) and weekday (0 = Sunday) to counts.

    The time of the first is missing while there is none.
    """

    total_count: int
    last_message_timestamp: datetime | None
    channel_distribution: dict[str, int]
    hourly_activity: dict[str, int]
    weekly_activity: dict[str, int]
    reaction_count: ReactionCount
    first_message_timestamp: datetime | None = None


class VoiceStats(Document):
    """Time in voice, in minutes, derived from ``voice_ms``; maps as in MessageStats."""

    total_minutes: float
    channel_minutes: dict[str, float]
    last_active: datetime | None
    hourly_activity: dict[str, float]
    weekly_activity: dict[str, float]


class VoiceMs(Document):
    """Time in voice in ms: exact sums, of which the minutes are made."""

    total: int = 0
    channels: dict[str, int] = msgspec.field(default_factory=dict)
    hours: dict[str, int] = msgspec.field(default_factory=dict)
    weekdays: dict[str, int] = msgspec.field(default_factory=dict)


class ThreadParticipation(Document):
    """Threads this member opened, joined and wrote in."""

    created: int
    joined: int
    messages_in_threads: int


class LeaveCounted(Document):
    """Where the open absence counts, so that it can be taken back; ``boosted``: a boost ended with it."""

    zone: int
    day: datetime
    hour: int
    found: bool
    boosted: bool


class Standing(Document):
    """What a present member has: role ids, boosting since, screening still to pass; ``left`` if away."""

    roles: list[str]
    boosting_since: datetime | None
    pending: bool
    left: LeaveCounted | None


class MemberActivityStats(Document):
    """Totals since counting began; ``user_id`` is a pseudonym, ``activity_score`` None until computed.

    ``standing`` is None as long as nothing is known of joins and leaves; with it a ``join_timestamp`` of None
    means that the member was first heard of when leaving.
    """

    id: str = msgspec.field(name="_id")
    schema_version: int
    guild_id: str
    user_id: str
    join_timestamp: datetime | None
    leave_history: list[Absence]
    message_stats: MessageStats
    voice_stats: VoiceStats
    thread_participation: ThreadParticipation
    last_active: datetime | None
    activity_score: float | None
    voice_ms: VoiceMs = msgspec.field(default_factory=VoiceMs)
    standing: Standing | None = None


COLLECTION = Collection(
    "memberActivityStats",
    MemberActivityStats,
    (
        Index((("guildId", 1), ("userId", 1)), unique=True),
        Index((("guildId", 1), ("lastActive", -1))),
        Index((("guildId", 1), ("joinTimestamp", 1), ("userId", 1))),
        Index((("guildId", 1), ("standing.roles", 1), ("userId", 1))),
        Index((("guildId", 1), ("leaveHistory.leftAt", 1)), only=("leaveHistory.leftAt", PRESENT)),
    ),
)
