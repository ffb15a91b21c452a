"""A period's days by channel and by name of a count, and what hours, buckets and weeks make of them.

``Hourly`` maps from hour numbers to amounts; hours without any are missing.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from analytics.day_columns import ChannelDayColumns
from analytics.local_time import HOURS_PER_DAY, HourRange, clock_reading, weekday_of
from analytics.packs import Ids
from analytics.timeframes import Bucket, Period, bucket_starts
from schemas.results.curve import Curve

WEEK = 7
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


@dataclass(frozen=True, slots=True)
class Calendar:
    """How hours of a period are cut; ``first_hour`` is the first that was counted, None: none was."""

    period: Period
    zone: ZoneInfo
    first_hour: int | None

    def by_day(self) -> "Calendar":
        """The same in days at the finest, for what is not known by hour."""
        bucket = self.period.bucket
        return replace(
            self, period=replace(self.period, bucket=Bucket.DAY if bucket is Bucket.HOUR else bucket)
        )

    @property
    def edges(self) -> list[int]:
        """Beginnings of the buckets."""
        return bucket_starts(self.period.start, self.period.stop, self.period.bucket)

    def starts(self) -> tuple[datetime, ...]:
        """Beginnings of the buckets on the local clock."""
        return tuple(clock_reading(edge, self.zone) for edge in self.edges)

    @property
    def counted(self) -> range:
        """The period's hours that were counted."""
        if self.first_hour is None:
            return range(0)
        return range(max(self.period.start, self.first_hour), self.period.stop)

    def counted_days(self) -> float | None:
        """How many days were counted; None: none of any."""
        return len(self.counted) / HOURS_PER_DAY or None

    def average_week(self, amounts: Hourly) -> tuple[tuple[float | None, ...], ...]:
        """Average amounts by weekday (0 is Sunday) and hour; None where no such hour was counted."""
        sums = [[0] * HOURS_PER_DAY for _ in range(WEEK)]
        for at, amount in amounts.items():
            sums[weekday_of(at // HOURS_PER_DAY)][at % HOURS_PER_DAY] += amount
        times = [[0] * HOURS_PER_DAY for _ in range(WEEK)]
        weeks, rest = divmod(len(self.counted), WEEK * HOURS_PER_DAY)
        for place in range(min(len(self.counted), WEEK * HOURS_PER_DAY)):
            at = self.counted[place]
            times[weekday_of(at // HOURS_PER_DAY)][at % HOURS_PER_DAY] += weeks + (place < rest)
        return tuple(
            tuple(amount / often if often else None for amount, often in zip(*rows, strict=True))
            for rows in zip(sums, times, strict=True)
        )

    def curve(self, now: Hourly, before: Hourly | None) -> Curve:
        """Sums by bucket; None where counting had not begun by the bucket's end."""
        edges, stop = self.edges, self.period.stop
        previous = None
        if before is not None and self.period.previous is not None:
            shift = self.period.shift
            previous = self.before(self._sums([edge - shift for edge in edges], stop - shift, before))
        return Curve(self.period.bucket.value, self.starts(), self._sums(edges, stop, now), previous)

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

    def _sums(self, edges: list[int], stop: int, amounts: Hourly) -> tuple[float | None, ...]:
        sums = [0] * len(edges)
        for at, amount in amounts.items():
            if at < stop:  # a longer month before has days that this one has not
                sums[max(bisect_right(edges, at) - 1, 0)] += amount
        first = self.first_hour
        return tuple(
            amount if first is not None and first < end else None
            for amount, end in zip(sums, [*edges[1:], stop], strict=True)
        )


def _within(day: ChannelDayHours, rows: RowsOf, only: Sequence[int]) -> tuple[Ids, Matrix]:
    ids, values = rows(day.columns)
    values = values[:, day.hours.start : day.hours.stop]
    if not only:
        return ids, values
    wanted = np.isin(ids, np.array(only, np.uint64))
    return ids[wanted], values[wanted]
