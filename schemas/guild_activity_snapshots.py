"""The state of a server at the end of an interval (S2 ``GuildActivitySnapshot``)."""

from datetime import datetime
from typing import Literal

import msgspec

from schemas.collection import Collection, Document, Index, Retention

Interval = Literal["1h", "1d", "1w", "1m"]


class MemberMetrics(Document):
    """``active``: wrote, was in voice outside the AFK channel, or gave a reaction that stands.

    ``message_authors`` wrote. Both are None where what members did is kept no longer, ``active`` also for
    an hour of a day whose hours were not kept. ``total`` and ``voice`` are gauges, of which the latest
    reading in the interval stands: None where nobody recorded them.
    """

    total: int | None
    active: int | None
    voice: int | None
    message_authors: int | None


class MessageMetrics(Document):
    """Messages of the interval.

    ``with_files`` and ``with_embeds`` are None if Discord did not show the content of any of them,
    ``with_reactions`` where nobody listened;
    anything besides the channels is None for an hour of a day whose hours were not kept.
    """

    total: int
    per_channel: dict[str, int]
    with_files: int | None
    with_embeds: int | None
    with_stickers: int | None
    with_reactions: int | None


class VoiceMetrics(Document):
    """Voice time of the interval outside the AFK channel, in minutes; ``peak_concurrent`` as recorded.

    ``total_minutes`` None: it ended before the bot came to the server.
    """

    total_minutes: float | None
    per_channel: dict[str, float]
    peak_concurrent: int | None


class ThreadMetrics(Document):
    """Threads of the interval; ``active`` is a gauge. ``message_count``: as in ``MessageMetrics``.

    ``created`` and ``archived`` None: it ended before the bot came, and no thread of it is known.
    """

    active: int | None
    created: int | None
    archived: int | None
    message_count: int | None


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
    """Messages by local hour (0-23) and by weekday (0 = Sunday); what has none is missing."""

    hourly: dict[str, int]
    daily: dict[str, int]


class GuildActivitySnapshot(Document):
    """One snapshot; ``timestamp`` is the interval's start.

    Weeks begin on Monday. ``zone`` is the epoch of the server's time zone setting: see ``DaySlice``.
    """

    id: str = msgspec.field(name="_id")
    schema_version: int
    guild_id: str
    timestamp: datetime
    interval: Interval
    zone: int
    metrics: Metrics
    activity_heatmap: ActivityHeatmap


COLLECTION = Collection(
    "guildActivitySnapshots",
    GuildActivitySnapshot,
    (Index((("guildId", 1), ("interval", 1), ("timestamp", -1)), unique=True),),
    Retention("totals", "timestamp"),
    retention_of_some=Retention("hours", "timestamp", only=("interval", "1h")),
)
