"""What the overview of a server says."""

from datetime import datetime

import msgspec


class ChannelActivity(msgspec.Struct, frozen=True, rename="camel"):
    """A channel's messages in the period and in the one before (None: unknown); ``name`` None: not known."""

    channel_id: int
    name: str | None
    messages: int
    previous_messages: int | None


class Overview(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Figures of one server over one period.

    ``start`` and ``stop`` bound the period, half-open, in the server's time zone, ``previous_start`` and
    ``previous_stop`` the one before; ``running`` says that the timeframe goes on beyond ``stop``,
    ``comparable`` that there is a period before to compare with.

    None means unknown: the number of members where nobody recorded it, the members who wrote of days whose
    members are kept no longer, figures of the period before where counting had not begun, values of buckets
    before counting began.
    ``bucket_starts``, ``values`` and ``previous_values`` (messages) are of one length.
    """

    guild_id: int
    guild_name: str
    timeframe: str
    timeframe_name: str
    zone: str
    zone_changed: bool
    start: datetime
    stop: datetime
    running: bool
    comparable: bool
    counted_since: datetime | None
    members: int | None
    writers: int | None
    previous_writers: int | None
    messages: int
    previous_messages: int | None
    channels_active: int
    top_channels: tuple[ChannelActivity, ...]
    bucket: str
    bucket_starts: tuple[datetime, ...]
    values: tuple[int | None, ...]
    previous_values: tuple[int | None, ...] | None
    previous_start: datetime | None = None
    previous_stop: datetime | None = None
