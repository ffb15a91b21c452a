"""What the views of channels say."""

import msgspec

from schemas.results.board import Head, Ranked, Ranking
from schemas.results.curve import Total


class ChannelUsage(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Messages by channel, against the period before; ``active`` are channels with any."""

    head: Head
    total: Total
    active: Total
    channels: Ranking


class QuietChannels(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Channels without a message in the period, of those that there were; ``all_of`` None: never listed.

    A row's value are the days since the last message, or since the channel was made (``never`` of them).
    """

    head: Head
    all_of: int | None
    quiet: tuple[Ranked, ...]
    never: int


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
