"""What is said of one channel."""

from datetime import datetime

import msgspec

from schemas.results.board import Head
from schemas.results.days import WholeDays


class OneChannel(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """How much of a metric a channel had in a period; ``place`` is that among the channels with any.

    ``active_days`` are those with any of it. ``place`` None: the channel has none.
    None is unknown otherwise; ``previous`` is the period before.
    ``amounts`` are by ``bucket``. ``days``: all of it is of these whole days; None: those of the period.
    """

    head: Head
    metric: str
    channel: int
    name: str | None
    amount: float
    previous: float | None
    whole: float
    active_days: int
    previous_active_days: int | None
    place: int | None
    channels: int
    bucket: str
    bucket_starts: tuple[datetime, ...]
    amounts: tuple[float | None, ...]
    days: WholeDays | None = None
