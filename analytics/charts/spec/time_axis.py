"""Buckets of time in local time."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self

import msgspec


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
        return tuple(self.moment(index) for index in range(count))

    def moment(self, index: int) -> Moment:
        """Beginning of a bucket."""
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
