"""What is said of one channel."""

from datetime import datetime

import msgspec

from schemas.results.board import Head, NotShown


class OneChannel(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """How much of a metric a channel had in a period; ``place`` is that among the channels with any.

    These ``channels`` are the ones that may be shown; the others are ``not_shown``. ``active_days`` are those
    with any of it. ``place`` None: the channel has none. None is unknown otherwise; ``previous`` is the
    period before.
    ``amounts`` are by ``bucket``. ``cut``: days that the period cuts count whole.
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
    cut: bool
    not_shown: NotShown | None = None
