"""What a trend says: one metric over time."""

import msgspec

from schemas.results.board import Head, Measure
from schemas.results.curve import Curve, Total
from schemas.results.days import WholeDays


class Trend(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A metric's level in the period and the one before, its course, and its average by weekday (0: Sunday).

    ``best`` and ``worst`` are places in the curve's values, of whole buckets alone; None: there is none.
    ``days``: it is of these whole days; None: of the period.
    """

    head: Head
    metric: str
    measure: Measure
    level: Total
    curve: Curve
    best: int | None
    worst: int | None
    weekdays: tuple[float | None, ...]
    days: WholeDays | None = None
