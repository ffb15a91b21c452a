"""The state of a server at the end of an interval (S2 ``GuildActivitySnapshot``)."""

from datetime import datetime
from typing import Literal

import msgspec

from schemas.collection import Collection, Document, Index, Retention

Interval = Literal["1h", "1d", "1w", "1m"]


class MemberMetrics(Document):
    """``total`` and ``voice`` are gauges: None where nobody recorded them."""

    total: int | None
    active: int
    voice: int | None
    message_authors: int


class MessageMetrics(Document):
    """Messages of the interval; None where the content intent was missing."""

    total: int
    per_channel: dict[str, int]
    with_files: int | None
    with_embeds: int | None
    with_stickers: int | None
    with_reactions: int


class VoiceMetrics(Document):
    """Voice time of the interval, in minutes."""

    total_minutes: float
    per_channel: dict[str, float]
    peak_concurrent: int | None


class ThreadMetrics(Document):
    """Threads of the interval; ``active`` is a gauge."""

    active: int | None
    created: int
    archived: int
    message_count: int


class ChannelMetrics(Document):
    """How many channels of each type there were: gauges."""

    categories: int | None
    text: int | None
    voice: int | None
    stage: int | None
    forum: int | None


class Metrics(Document):
    """All figures of one snapshot."""

    members: MemberMetrics
    messages: MessageMetrics
    voice: VoiceMetrics
    threads: ThreadMetrics
    channels: ChannelMetrics


class ActivityHeatmap(Document):
    """Messages by local hour (0-23) and by weekday (0 = Sunday)."""

    hourly: dict[str, int]
    daily: dict[str, int]


class GuildActivitySnapshot(Document):
    """One snapshot; ``timestamp`` is the interval's start."""

    id: str = msgspec.field(name="_id")
    schema_version: int
    guild_id: str
    timestamp: datetime
    interval: Interval
    metrics: Metrics
    activity_heatmap: ActivityHeatmap


COLLECTION = Collection(
    "guildActivitySnapshots",
    GuildActivitySnapshot,
    (Index((("guildId", 1), ("interval", 1), ("timestamp", -1)), unique=True),),
    Retention("totals", "timestamp"),
)
