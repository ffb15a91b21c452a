"""The intervals of snapshots: the local hour, day, week (from Monday) and calendar month.

An interval lies within one epoch of the server's time zone setting: where the setting changes, the interval
that is running ends, and one of the new zone begins.
"""

from dataclasses import dataclass
from typing import Literal

from analytics.local_time import HOURS_PER_DAY, Label, ZoneHistory, instant_of_hour, weekday_of
from analytics.months import month_of

DayInterval = Literal["1d", "1w", "1m"]


@dataclass(frozen=True, slots=True)
class IntervalDays:
    """A day, week or month; ``days`` are local days of the zone epoch."""

    zone: int
    interval: DayInterval
    days: range

    def over(self, now: Label) -> bool:
        """Whether it has ended by then."""
        return (self.zone, self.days.stop) <= (now.zone, now.day)


def interval_of(zone: int, day: int, interval: DayInterval) -> IntervalDays:
    """The interval in which a day lies."""
    match interval:
        case "1d":
            days = range(day, day + 1)
        case "1w":
            monday = day - (weekday_of(day) - 1) % 7
            days = range(monday, monday + 7)
        case "1m":
            days = month_of(day)
    return IntervalDays(zone, interval, days)


def start_of_hour(zones: ZoneHistory, zone: int, hour_number: int) -> int | None:
    """When an hour of a zone epoch begins, in ms since 1970 UTC; None if no clock of that epoch showed it.

    A clock change leaves an hour out, and a change of the setting cuts the epoch off.
    """
    day, hour = divmod(hour_number, HOURS_PER_DAY)
    start = begin_of(zones, zone, hour_number)
    return start if zones.label(start) == Label(zone, day, hour) else None


def begin_of(zones: ZoneHistory, zone: int, hour_number: int) -> int:
    """When an interval begins whose first hour is given: not before its zone epoch does."""
    span = next(each for each in zones.spans if each.epoch == zone)
    start = instant_of_hour(hour_number, span.zone)
    return start if span.since_ms is None else max(start, span.since_ms)
