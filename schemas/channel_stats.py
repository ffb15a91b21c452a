"""A channel's lifetime totals (S2 ``ChannelStats``)."""

from datetime import datetime
from typing import Literal

import msgspec

from schemas.collection import Collection, Document, Index

ChannelType = Literal["TEXT", "VOICE", "THREAD", "FORUM", "STAGE", "ANNOUNCEMENT", "MEDIA"]


class ChannelMetrics(Document):
    """Lifetime counts; the distinct counts and the peak are None until a job has computed them."""

    message_count: int
    unique_authors: int | None
    attachment_count: int
    reaction_count: int
    thread_count: int
    voice_minutes: float
    unique_voice_users: int | None
    peak_concurrent_users: int | None


class Forgotten(Document):
    """Members who count in the distinct counts, and whose totals were deleted since they were idle too long.

    One of them who comes back counts as somebody new: nothing is left to tell that they were here before.
    """

    authors: int = 0
    voice_users: int = 0


class ChannelStats(Document):
    """Totals of a channel or thread; a thread's messages count for its parent channel too.

    ``voice_ms`` is the exact sum of which ``metrics.voiceMinutes`` is made. A thread's authors are not told
    apart: its distinct counts stay None.
    """

    id: str = msgspec.field(name="_id")
    schema_version: int
    guild_id: str
    channel_id: str
    type: ChannelType
    metrics: ChannelMetrics
    hourly_activity: dict[str, int]
    weekly_activity: dict[str, int]
    last_active: datetime | None
    voice_ms: int = 0
    forgotten: Forgotten = msgspec.field(default_factory=Forgotten)


COLLECTION = Collection(
    "channelStats",
    ChannelStats,
    (Index((("guildId", 1), ("channelId", 1)), unique=True),),
)
