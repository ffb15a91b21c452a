"""What the overview of a server says."""

from datetime import datetime

import msgspec

from schemas.results.board import NotShown
from schemas.results.curve import Curve


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
    members are kept no longer, figures of a period in which counting had not begun, and values of
    buckets before that. ``bucket_starts``, ``values`` and ``previous_values`` (messages) are of one length;
    ``partial_first`` and ``partial_last`` as in ``schemas.results.curve.Curve``. ``not_shown`` are channels
    that are in no row but in all sums.
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
    messages: int | None
    previous_messages: int | None
    channels_active: int
    top_channels: tuple[ChannelActivity, ...]
    bucket: str
    bucket_starts: tuple[datetime, ...]
    values: tuple[float | None, ...]
    previous_values: tuple[float | None, ...] | None
    partial_first: bool = False
    partial_last: bool = False
    not_shown: NotShown | None = None
    previous_start: datetime | None = None
    previous_stop: datetime | None = None

    @property
    def curve(self) -> Curve:
        """Messages over time."""
        return Curve(
            self.bucket,
            self.bucket_starts,
            self.values,
            self.previous_values,
            partial_first=self.partial_first,
            partial_last=self.partial_last,
        )
