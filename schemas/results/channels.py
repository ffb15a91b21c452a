"""What the views of channels say."""

import msgspec

from schemas.results.board import Head, NotShown, Ranked, Ranking
from schemas.results.curve import Total


class ChannelUsage(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Messages by channel, against the period before; ``active`` are channels with any."""

    head: Head
    total: Total
    active: Total
    channels: Ranking


class QuietChannels(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Channels without a message in the period, of those that there were.

    ``all_of`` None: unknown, as channels were never listed or the period was not counted.

    A row's value are the days since the last message, or since the channel was made (``never`` of them).
    """

    head: Head
    all_of: int | None
    quiet: tuple[Ranked, ...]
    never: int
    not_shown: NotShown | None = None


class VoiceUse(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Voice channels by the share of the ``hours`` counted in which anybody was there."""

    head: Head
    hours: int
    channels: tuple[Ranked, ...]
    not_shown: NotShown | None = None


class ChannelPeak(msgspec.Struct, frozen=True, rename="camel"):
    """A channel's busiest hour of the week (weekday 0 is Sunday): messages in an average such hour."""

    channel_id: int
    name: str | None
    weekday: int
    hour: int
    messages: float


class ChannelPeaks(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The busiest hours of the channels with most messages, which come first."""

    head: Head
    channels: tuple[ChannelPeak, ...]
    not_shown: NotShown | None = None


class Spread(msgspec.Struct, frozen=True, rename="camel"):
    """How many, and the values in seconds that a quarter, half and three quarters do not exceed."""

    count: int
    low: float | None
    median: float | None
    high: float | None


class Answers(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Threads begun in the period: time to the first reply by somebody else, and until solved."""

    head: Head
    threads: Total
    reply: Spread
    solved: Spread
    reply_before: Spread | None
    solved_before: Spread | None
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    capped: bool
