"""One metric over time: its level, its buckets, the best and the worst of them, and its weekdays."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from msgspec.structs import replace

from analytics.day_counts import WEEK, Calendar, Hourly
from analytics.local_time import HOURS_PER_DAY, weekday_of
from analytics.period_days import PeriodDays
from schemas.results.curve import Curve, Total

_Data = TypeVar("_Data")
_Values = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A metric over a period: its level, its buckets, and its value by day; of ``unknown`` days nothing."""

    level: Total
    curve: Curve
    days: Mapping[int, float]
    unknown: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Extremes:
    """Places of the best and the worst whole bucket; None: there is none."""

    best: int | None
    worst: int | None


def summed(calendar: Calendar, now: Hourly, before: Hourly | None, *, scale: int = 1) -> Course:
    """Course of amounts that add up; ``scale`` of them make one of the metric's unit."""
    curve = calendar.curve(now, before)

    def scaled(values: _Values) -> _Values:
        return tuple(None if value is None else value / scale for value in values)

    return Course(
        Total(
            sum(now.values()) / scale if calendar.counted else None,
            None if before is None else sum(before.values()) / scale,
        ),
        calendar.curve_of(scaled(curve.values), None if curve.previous is None else scaled(curve.previous)),
        _sums_by_day(now, scale),
    )


def levels(calendar: Calendar, now: Hourly, before: Hourly | None) -> Course:
    """Course of readings, of which the latest in a bucket stands; None where there is none.

    A bucket whose beginning is cut off has as good a reading as any.
    """
    days = {at // HOURS_PER_DAY: float(now[at]) for at in sorted(now)}
    period = calendar.period
    touched = range(period.start // HOURS_PER_DAY, -(-period.stop // HOURS_PER_DAY))
    return Course(
        Total(_latest(now), None if before is None else _latest(before)),
        replace(_curve(calendar, _readings, now, before), partial_first=False),
        days,
        frozenset(touched) - days.keys(),
    )


def writers(calendar: Calendar, now: PeriodDays, before: PeriodDays | None) -> Course:
    """Course of the members who wrote, each once a bucket; None where their days are kept no longer.

    Who wrote is looked at by day, so buckets are days at least.
    """
    touched = {day.day for day in now.channels}
    return Course(
        Total(now.writers() if calendar.counted else None, None if before is None else before.writers()),
        _curve(calendar.by_day(), _writers_in_buckets, now, before),
        {day: float(number) for day in touched if (number := now.writers(range(day, day + 1))) is not None},
        now.forgotten,
    )


def extremes(curve: Curve) -> Extremes:
    """The first greatest and the first least value of the whole buckets; of zeros alone none is."""
    whole = [(value, place) for place, value in enumerate(settled(curve)) if value is not None]
    if not any(value for value, _ in whole):
        return Extremes(None, None)
    return Extremes(max(whole, key=lambda pair: (pair[0], -pair[1]))[1], min(whole)[1])


def settled(curve: Curve, *, previous: bool = False) -> _Values:
    """The values of a curve's whole buckets; None also of one that lacks hours.

    ``previous``: those of the period before, all of which is known and which is cut at the same places.
    """
    values = list((curve.previous or ()) if previous else curve.values)
    known = [place for place, value in enumerate(curve.values) if value is not None]
    if values and known and curve.partial_first:
        values[known[0]] = None
    if values and curve.partial_last:
        values[-1] = None
    return tuple(values)


def weekday_averages(calendar: Calendar, course: Course) -> _Values:
    """Average of each weekday (0: Sunday) over the days counted with all their hours; None: there is none.

    A day that is missing has nothing; an unknown one is left out.
    """
    values: list[list[float]] = [[] for _ in range(WEEK)]
    for day in calendar.whole_days:
        if day not in course.unknown:
            values[weekday_of(day)].append(course.days.get(day, 0))
    return tuple(sum(each) / len(each) if each else None for each in values)


def _sums_by_day(amounts: Hourly, scale: int) -> dict[int, float]:
    sums: dict[int, float] = {}
    for at, amount in amounts.items():
        day = at // HOURS_PER_DAY
        sums[day] = sums.get(day, 0) + amount / scale
    return sums


def _curve(
    calendar: Calendar, values: Callable[[list[int], int, _Data], _Values], now: _Data, before: _Data | None
) -> Curve:
    """None where counting had not begun by the bucket's end."""
    edges, period = calendar.edges, calendar.period
    previous = None
    if before is not None and period.previous is not None:
        shift = period.shift
        previous = calendar.before(values([edge - shift for edge in edges], period.stop - shift, before))
    first = calendar.first_hour
    known = tuple(
        value if first is not None and first < end else None
        for value, end in zip(values(edges, period.stop, now), [*edges[1:], period.stop], strict=True)
    )
    return calendar.curve_of(known, previous)


def _latest(readings: Hourly) -> int | None:
    return readings[max(readings)] if readings else None


def _readings(edges: list[int], stop: int, readings: Hourly) -> _Values:
    values: list[float | None] = [None] * len(edges)
    for at in sorted(readings):
        if at < stop:
            values[max(bisect_right(edges, at) - 1, 0)] = readings[at]
    return tuple(values)


def _writers_in_buckets(edges: list[int], stop: int, days: PeriodDays) -> _Values:
    """The first bucket begins with a day that the period may cut, the others with the day at their edge."""
    starts = [edges[0] // HOURS_PER_DAY, *(-(-edge // HOURS_PER_DAY) for edge in edges[1:])]
    last = max((span.days.stop for span in days.ranges), default=starts[-1])
    last = max(min(last, -(-stop // HOURS_PER_DAY)), starts[-1])
    return tuple(
        days.writers(range(start, stop)) for start, stop in zip(starts, [*starts[1:], last], strict=True)
    )
