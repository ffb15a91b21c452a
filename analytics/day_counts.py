"""A period's days by channel and by name of a count, and what hours, buckets and weeks make of them.

``Hourly`` maps from hour numbers to amounts; hours without any are missing.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from analytics.day_columns import ChannelDayColumns
from analytics.hours_passed import odd_hours
from analytics.local_time import HOURS_PER_DAY, HourRange, ZoneHistory, clock_reading, weekday_of
from analytics.packs import Ids
from analytics.timeframes import Bucket, Period, bucket_starts
from schemas.results.curve import Curve

WEEK = 7
_LONGEST_BUCKET = 32 * HOURS_PER_DAY
Hourly = Mapping[int, int]
Matrix = npt.NDArray[Any]
RowsOf = Callable[[ChannelDayColumns], tuple[Ids, Matrix]]


@dataclass(frozen=True, slots=True, eq=False)
class ChannelDayHours:
    """A day's channels with all its hours; ``hours`` are those that lie in the period."""

    zone: int
    day: int
    hours: range
    columns: ChannelDayColumns


@dataclass(frozen=True, slots=True)
class GuildDayHours:
    """A server's day: counts by name and hour, levels by name and hour, of the hours in the period.

    ``emoji`` and ``reactions`` are of the whole day. ``voice_peak`` None: unknown, or nobody came.
    """

    zone: int
    day: int
    counts: Mapping[str, Mapping[int, int]]
    levels: Mapping[str, Mapping[int, int]]
    emoji: Mapping[str, int]
    voice_peak: int | None


def messages(columns: ChannelDayColumns) -> tuple[Ids, Matrix]:
    """Messages by channel and hour."""
    return columns.channels, columns.messages


def voice(columns: ChannelDayColumns) -> tuple[Ids, Matrix]:
    """Time in voice in ms by channel and hour."""
    return columns.voice_channels, columns.voice


def totals(days: Iterable[ChannelDayHours], rows: RowsOf, only: Sequence[int] = ()) -> dict[int, int]:
    """Amount by channel, of channels with any; ``only``: of these channels (none: all)."""
    sums: dict[int, int] = {}
    for day in days:
        ids, values = _within(day, rows, only)
        for channel, amount in zip(ids.tolist(), values.sum(axis=1).tolist(), strict=True):
            if amount:
                sums[channel] = sums.get(channel, 0) + amount
    return sums


def hourly(days: Iterable[ChannelDayHours], rows: RowsOf, only: Sequence[int] = ()) -> Hourly:
    """Amount by hour number over all channels, or over ``only`` some."""
    sums: dict[int, int] = {}
    for day in days:
        by_hour = _within(day, rows, only)[1].sum(axis=0).tolist()
        for hour, amount in zip(day.hours, by_hour, strict=True):
            if amount:
                at = day.day * HOURS_PER_DAY + hour
                sums[at] = sums.get(at, 0) + amount
    return sums


def hourly_of(
    days: Iterable[ChannelDayHours], rows: RowsOf, channels: Sequence[int]
) -> dict[int, dict[int, int]]:
    """Amount by hour number of each of some channels, in one pass."""
    found: dict[int, dict[int, int]] = {channel: {} for channel in channels}
    for day in days if channels else ():
        ids, values = _within(day, rows, channels)
        first = day.day * HOURS_PER_DAY + day.hours.start
        for channel, amounts in zip(ids.tolist(), values.tolist(), strict=True):
            sums = found[channel]
            for at, amount in enumerate(amounts, first):
                if amount:
                    sums[at] = sums.get(at, 0) + amount
    return found


def within(days: Iterable[ChannelDayHours], ranges: Sequence[HourRange]) -> list[ChannelDayHours]:
    """Days cut to some hours; those that have none of them are left out."""
    cut = (
        replace(day, hours=hours)
        for day in days
        for span in ranges
        if span.zone == day.zone and (hours := span.hours_of(day.day))
    )
    return list(cut)


def counted(days: Iterable[GuildDayHours], name: str) -> Hourly:
    """A server's count by hour number."""
    sums: dict[int, int] = {}
    for day in days:
        for hour, amount in day.counts.get(name, {}).items():
            at = day.day * HOURS_PER_DAY + hour
            sums[at] = sums.get(at, 0) + amount
    return sums


@dataclass(frozen=True)
class Calendar:
    """How hours of a period are cut; ``first_hour`` is the first that is known, None: none is.

    ``zones`` are all zones of the server, of which ``zone`` is the present one; None: there was no other.
    """

    period: Period
    zone: ZoneInfo
    first_hour: int | None
    zones: ZoneHistory | None = None

    def by_day(self) -> "Calendar":
        """The same in days at the finest, for what is not known by hour."""
        bucket = self.period.bucket
        return replace(
            self, period=replace(self.period, bucket=Bucket.DAY if bucket is Bucket.HOUR else bucket)
        )

    @cached_property
    def edges(self) -> list[int]:
        """Beginnings of the buckets."""
        return bucket_starts(self.period.start, self.period.stop, self.period.bucket)

    @property
    def partial_first(self) -> bool:
        """Whether the first bucket of which anything is known lacks hours at its beginning."""
        begun = self.counted.start
        return bool(self.counted) and all(edge != begun for edge in self.edges)

    @property
    def partial_last(self) -> bool:
        """Whether the last bucket lacks hours at its end, or its last hour is not over."""
        last, bucket = self.edges[-1], self.period.bucket
        end = bucket_starts(last, last + _LONGEST_BUCKET, bucket)[1]
        return self.period.open_until is not None or end > self.period.stop

    def starts(self) -> tuple[datetime, ...]:
        """Beginnings of the buckets on the local clock."""
        return tuple(clock_reading(edge, self.zone) for edge in self.edges)

    @property
    def counted(self) -> range:
        """The period's hours that are known."""
        if self.first_hour is None:
            return range(0)
        return range(max(self.period.start, self.first_hour), self.period.stop)

    @property
    def over(self) -> range:
        """Those of them that are over."""
        counted = self.counted
        return range(counted.start, min(counted.stop, self.period.over)) if counted else counted

    @property
    def whole_days(self) -> range:
        """The days of which all hours are known and over."""
        return range(-(-self.over.start // HOURS_PER_DAY), self.over.stop // HOURS_PER_DAY)

    def counted_days(self) -> float | None:
        """How many days were counted; None: none of any."""
        return len(self.counted) / HOURS_PER_DAY or None

    def hours(self) -> int:
        """How many hours are known that a clock showed."""
        return len(self.counted) - sum(hour in self.counted for hour in _never(self._odd))

    def hours_before(self) -> int:
        """How many hours the period before had that a clock showed."""
        if self.period.previous is None:
            return 0
        start, stop = self.period.previous
        return stop - start - sum(start <= hour < stop for hour in _never(self._odd_within(start, stop)))

    def average_week(self, amounts: Hourly) -> tuple[tuple[float | None, ...], ...]:
        """Average amounts by weekday (0 is Sunday) and hour; None where no such hour was counted and is over.

        What a clock change skips is no hour, and what it repeats are two.
        """
        sums, times = np.zeros((2, WEEK, HOURS_PER_DAY))
        for at, amount in amounts.items():
            if at < self.period.over:
                sums[_place(at)] += amount
        weeks, rest = divmod(len(self.over), WEEK * HOURS_PER_DAY)
        for place in range(min(len(self.over), WEEK * HOURS_PER_DAY)):
            times[_place(self.over[place])] += weeks + (place < rest)
        for at, hours in self._odd.items():
            if at in self.over:
                times[_place(at)] += hours - 1
        return tuple(
            tuple(amount / hours if hours else None for amount, hours in zip(*rows, strict=True))
            for rows in zip(sums.tolist(), times.tolist(), strict=True)
        )

    def curve(self, now: Hourly, before: Hourly | None) -> Curve:
        """Sums by bucket; None where nothing is known by the bucket's end, and of hours that never were."""
        previous = None
        if before is not None and self.period.previous is not None:
            previous = self.before(self._sums(self.period.shift, before))
        return self.curve_of(self._sums(0, now), previous)

    def before(self, values: Sequence[float | None]) -> tuple[float | None, ...]:
        """Values of the period before by bucket; None in buckets of which it has no hour, as in its 31st."""
        if self.period.previous is None:
            return (None,) * len(values)
        shift, (first, last) = self.period.shift, self.period.previous
        ends = [*self.edges[1:], self.period.stop]
        return tuple(
            value if edge - shift < last and first < end - shift else None
            for value, edge, end in zip(values, self.edges, ends, strict=True)
        )

    def curve_of(self, values: Sequence[float | None], previous: Sequence[float | None] | None) -> Curve:
        """Values by bucket as a curve that says which of them are partial."""
        return Curve(
            self.period.bucket.value,
            self.starts(),
            tuple(values),
            None if previous is None else tuple(previous),
            partial_first=self.partial_first,
            partial_last=self.partial_last,
        )

    def never_was(self, hour: int) -> bool:
        """Whether no clock showed an hour, as a change of the clock skipped it."""
        return self._odd.get(hour) == 0

    @cached_property
    def _odd(self) -> Mapping[int, float]:
        return self._odd_within(self.period.start, self.period.stop)

    def _odd_within(self, start: int, stop: int) -> Mapping[int, float]:
        zones = self.zones or ZoneHistory.single(self.zone)
        return odd_hours(zones, zones.ranges(start, stop))

    def _sums(self, shift: int, amounts: Hourly) -> tuple[float | None, ...]:
        """Sums by bucket of the period, or of the hours that lie ``shift`` before it."""
        edges, stop = [edge - shift for edge in self.edges], self.period.stop - shift
        sums = [0] * len(edges)
        for at, amount in amounts.items():
            if at < stop:  # a longer month before has days that this one has not
                sums[max(bisect_right(edges, at) - 1, 0)] += amount
        first, never = self.first_hour, self._never_within(self.period.start - shift, stop)
        return tuple(
            None if first is None or first >= end or (start in never and not amount) else amount
            for amount, start, end in zip(sums, edges, [*edges[1:], stop], strict=True)
        )

    def _never_within(self, start: int, stop: int) -> frozenset[int]:
        """Hours that are a bucket each, and never were."""
        if self.period.bucket is not Bucket.HOUR:
            return frozenset()
        return frozenset(_never(self._odd_within(start, stop)))


def _never(odd: Mapping[int, float]) -> list[int]:
    """The hours that no clock showed."""
    return [hour for hour, lasted in odd.items() if not lasted]


def _place(at: int) -> tuple[int, int]:
    """Weekday and hour of an hour number."""
    return weekday_of(at // HOURS_PER_DAY), at % HOURS_PER_DAY


def _within(day: ChannelDayHours, rows: RowsOf, only: Sequence[int]) -> tuple[Ids, Matrix]:
    ids, values = rows(day.columns)
    values = values[:, day.hours.start : day.hours.stop]
    if not only:
        return ids, values
    wanted = np.isin(ids, np.array(only, np.uint64))
    return ids[wanted], values[wanted]
