"""What is said of one channel."""

import msgspec

from schemas.results.board import Head, NotShown
from schemas.results.curve import Curve
from schemas.results.days import WholeDays


class OneChannel(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """How much of a metric a channel had in a period; ``place`` is that among the channels with any.

    These ``channels`` are the ones that may be shown; the others are ``not_shown``. ``active_days`` are those
    with any of it. ``place`` None: the channel has none. None is unknown otherwise; ``previous`` is the
    period before. ``days``: all of it is of these whole days; None: those of the period.
    """

    head: Head
    metric: str
    channel: int
    name: str | None
    amount: float | None
    previous: float | None
    whole: float
    active_days: int | None
    previous_active_days: int | None
    place: int | None
    channels: int
    curve: Curve
    days: WholeDays | None = None
    not_shown: NotShown | None = None
