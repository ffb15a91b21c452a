"""Local days and hours: how an instant is labelled, in a server whose time zone may change.

An hour is written as one number, ``hour_number = day * 24 + hour``, where ``day`` counts local calendar
dates from 1970-01-01 and ``hour`` is what the local clock shows (0-23). Labels are not durations: the hour
that a DST change repeats is one label of two hours, the hour that it skips is a label of none.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

EPOCH_DAY = date(1970, 1, 1).toordinal()
HOURS_PER_DAY = 24
BLOCK_MS = 900_000
"""Every zone change in use happens on a quarter of an hour, so labels are constant within one."""


class Label(NamedTuple):
    """The zone epoch, local day and local hour of an instant."""

    zone: int
    day: int
    hour: int


@dataclass(frozen=True, slots=True)
class ZoneSpan:
    """From ``since_ms`` (None: from ever) until the next span, the server lives in ``zone``."""

    epoch: int
    zone: ZoneInfo
    since_ms: int | None


@dataclass(frozen=True, slots=True)
class HourRange:
    """Half-open range of hour numbers within one zone epoch."""

    zone: int
    start: int
    stop: int

    @property
    def days(self) -> range:
        """Every local day that the range touches."""
        return range(self.start // HOURS_PER_DAY, -(-self.stop // HOURS_PER_DAY))

    @property
    def whole_days(self) -> range:
        """The local days that lie in the range with all their hours."""
        return range(-(-self.start // HOURS_PER_DAY), self.stop // HOURS_PER_DAY)

    def hours_of(self, day: int) -> range:
        """Hours of a local day (0-23) that lie in the range."""
        first = day * HOURS_PER_DAY
        return range(max(self.start - first, 0), max(0, min(self.stop - first, HOURS_PER_DAY)))


def day_of(local_date: date) -> int:
    """Number of a calendar date."""
    return local_date.toordinal() - EPOCH_DAY


def date_of(day: int) -> date:
    """Calendar date of a day number."""
    return date.fromordinal(day + EPOCH_DAY)


def weekday_of(day: int) -> int:
    """Weekday of a day number, 0 = Sunday."""
    return (day + 4) % 7


def midnight_utc(day: int) -> datetime:
    """How a day number is written in the database: midnight UTC of that date."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day)


def day_of_midnight(stored: datetime) -> int:
    """Read back what ``midnight_utc`` wrote."""
    return day_of(stored.date())


def clock_reading(hour_number: int, zone: ZoneInfo) -> datetime:
    """When the labelled hour begins (first occurrence), on the clock of a zone."""
    day, hour = divmod(hour_number, HOURS_PER_DAY)
    on = date_of(day)
    return datetime(on.year, on.month, on.day, hour, tzinfo=zone)


def instant_of_hour(hour_number: int, zone: ZoneInfo) -> int:
    """Milliseconds since 1970 UTC at which the labelled hour begins (first occurrence)."""
    return int(clock_reading(hour_number, zone).timestamp()) * 1000


def clock_number(at_ms: int, zone: ZoneInfo) -> int:
    """Hour number that the clock of a zone shows at an instant."""
    local = datetime.fromtimestamp(at_ms // 1000, zone)
    return day_of(local.date()) * HOURS_PER_DAY + local.hour


class ZoneHistory:
    """The time zones a server has lived in, oldest first."""

    def __init__(self, spans: tuple[ZoneSpan, ...]) -> None:
        """Raise ValueError unless the first span is from ever and the others begin later and later."""
        starts = [span.since_ms for span in spans]
        if not spans or starts[0] is not None:
            raise ValueError("the first time zone must hold from ever")
        later = [start for start in starts[1:] if start is not None]
        if len(later) != len(spans) - 1 or later != sorted(set(later)):
            raise ValueError("time zones must begin one after the other")
        if any(start % BLOCK_MS for start in later):
            raise ValueError("a time zone must begin on a quarter of an hour")
        self.spans = spans
        self._starts = later

    @classmethod
    def single(cls, zone: ZoneInfo) -> "ZoneHistory":
        """Build the history of a server that never changed its zone."""
        return cls((ZoneSpan(0, zone, None),))

    @property
    def current(self) -> ZoneSpan:
        """The zone that holds now."""
        return self.spans[-1]

    def span_at(self, at_ms: int) -> ZoneSpan:
        """Zone that held at an instant."""
        return self.spans[bisect_right(self._starts, at_ms)]

    def label(self, at_ms: int) -> Label:
        """Label an instant with the day and hour of the zone that held then."""
        span = self.span_at(at_ms)
        local = datetime.fromtimestamp(at_ms // 1000, span.zone)
        return Label(span.epoch, day_of(local.date()), local.hour)

    def ranges(self, start: int, stop: int) -> tuple[HourRange, ...]:
        """Cut a half-open range of the current zone's hour numbers into one range per zone epoch.

        In an older zone an hour belongs to the range if it begins within it.
        """
        return tuple(self._ranges(start, stop))

    def _ranges(self, start: int, stop: int) -> Iterator[HourRange]:
        if len(self.spans) == 1:
            yield HourRange(self.current.epoch, start, stop)
            return
        start_ms, stop_ms = (instant_of_hour(number, self.current.zone) for number in (start, stop))
        for index, span in enumerate(self.spans):
            since = span.since_ms if span.since_ms is not None else start_ms
            until = self._starts[index] if index < len(self._starts) else stop_ms
            first, last = max(since, start_ms), min(until, stop_ms)
            if first >= last:
                continue
            if span is self.current:
                begin = start if first == start_ms else clock_number(first, span.zone)
                yield HourRange(span.epoch, begin, stop)
                continue
            begin = self._hour_from(first, span.zone) if first == start_ms else clock_number(first, span.zone)
            end = (
                self._hour_from(last, span.zone) if last == stop_ms else clock_number(last - 1, span.zone) + 1
            )
            if begin < end:
                yield HourRange(span.epoch, begin, end)

    @staticmethod
    def _hour_from(at_ms: int, zone: ZoneInfo) -> int:
        """First hour that begins at or after an instant."""
        holding = clock_number(at_ms, zone)
        return holding if instant_of_hour(holding, zone) >= at_ms else holding + 1


class Labeller:
    """Labels a stream of instants; remembers the last quarter of an hour, since streams move slowly."""

    def __init__(self, history: ZoneHistory) -> None:
        self._history = history
        self._block = -1
        self._label = Label(0, 0, 0)

    def label(self, at_ms: int) -> Label:
        """Return the same as ``ZoneHistory.label``, cheaper."""
        block = at_ms // BLOCK_MS
        if block == self._block:
            return self._label
        label = self._history.label(at_ms)
        start = block * BLOCK_MS
        if self._history.label(start) == label == self._history.label(start + BLOCK_MS - 1):
            self._block, self._label = block, label
        return label
