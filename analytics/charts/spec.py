"""What a chart shows, as plain values: they can be compared, hashed, encoded and sent to another process.

Nothing here draws: importing this module does not load matplotlib.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from math import isfinite
from typing import Self

import msgspec

from analytics.charts.notation import ENGLISH, Locale

MAX_BUCKETS = 2000


class Theme(StrEnum):
    """Colours of a chart: DARK fits Discord's dark embeds, LIGHT white pages, mails and print."""

    DARK = "dark"
    LIGHT = "light"


class Unit(StrEnum):
    """Width of a time bucket."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Moment(msgspec.Struct, frozen=True, order=True):
    """Beginning of a bucket on the local clock: a date and a full hour."""

    day: date
    hour: int = 0


class TimeAxis(msgspec.Struct, frozen=True):
    """Buckets that follow each other without a hole, in local time; the values say how many there are."""

    unit: Unit
    start: date
    hour: int = 0

    @classmethod
    def starting(cls, moment: datetime, unit: Unit) -> Self:
        """Return the axis whose first bucket begins at a local clock reading."""
        return cls(unit, moment.date(), moment.hour if unit is Unit.HOUR else 0)

    def moments(self, count: int) -> tuple[Moment, ...]:
        """Beginnings of the first ``count`` buckets."""
        return tuple(self._moment(index) for index in range(count))

    def _moment(self, index: int) -> Moment:
        match self.unit:
            case Unit.HOUR:
                days, hour = divmod(self.hour + index, 24)
                return Moment(self.start + timedelta(days=days), hour)
            case Unit.DAY:
                return Moment(self.start + timedelta(days=index))
            case Unit.WEEK:
                return Moment(self.start + timedelta(weeks=index))
            case Unit.MONTH:
                years, month = divmod(self.start.month - 1 + index, 12)
                return Moment(date(self.start.year + years, month + 1, 1))


class ChartSpec(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    """What every chart has.

    ``title`` says the finding, ``subtitle`` the place and the period; both may hold names in any script.
    """

    title: str
    subtitle: str = ""
    theme: Theme = Theme.DARK
    locale: Locale = ENGLISH


class SeriesSpec(ChartSpec, frozen=True, kw_only=True):
    """One series over time, with the period before if that is known.

    ``values`` and ``previous`` hold one number a bucket; None is unknown and drawn as a gap, never as zero.
    ``y_label`` names what is counted and per what, ``suffix`` is written behind values on the axis ("%");
    ``partial_last`` says that the last bucket is still running. Raises ValueError if the two series differ in
    length, are too long to be drawn or hold a value that is no finite number.
    """

    axis: TimeAxis
    values: tuple[float | None, ...]
    y_label: str
    suffix: str = ""
    previous: tuple[float | None, ...] | None = None
    partial_last: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if len(self.values) > MAX_BUCKETS:
            raise ValueError(
                f"a chart shows {MAX_BUCKETS} buckets at most, not {len(self.values)}: use wider ones"
            )
        if self.previous is not None and len(self.previous) != len(self.values):
            raise ValueError(f"previous has {len(self.previous)} values, the series {len(self.values)}")
        if not all(isfinite(value) for value in (*self.values, *(self.previous or ())) if value is not None):
            raise ValueError("a series holds a value that is no finite number: pass None for unknown")


class BarsSpec(SeriesSpec, frozen=True, kw_only=True, tag="bars"):
    """Amounts per time bucket as bars from zero; the period before is a line."""


class LineSpec(SeriesSpec, frozen=True, kw_only=True, tag="line"):
    """A level over time as a line, for example members; the axis need not begin at zero."""

    from_zero: bool = False
