"""Timeframes: what a user may ask for, and the hours it means in a server's own time."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

from analytics.local_time import (
    HOURS_PER_DAY,
    HourRange,
    ZoneHistory,
    clock_number,
    clock_reading,
    date_of,
    day_of,
)
from analytics.periods_before import (
    before_days,
    before_hours,
    before_months,
    hours_back,
    whole_months,
)
from analytics.timeframe_words import ALL, MONTHS, Vocabulary, plain, shown
from analytics.typed_days import typed_days
from analytics.written_days import AmbiguousError, Days, NotADayError
from texts import Language, LazyText, tr, tr_n

MAX_DAYS = 3660
MAX_HOURS = 24 * 14
EARLIEST = date(1990, 1, 1)
MAX_TEXT = 100
"""Longest text that is read: Discord allows no longer value for a suggestion."""

_MINUTE_MS = 60_000
_DAYS_PER_UNIT = {"d": 1, "w": 7, "m": 30, "y": 365}

ACCEPTED = LazyText(
    "`24h`, `14d`, `6w`, `all`, `yesterday`, `last month`, `November`, `2026-11`, `2026-01-15`, "
    "`2026-01-01..2026-02-01`"
)
"""What a user may type, for error messages and help."""


class TimeframeError(ValueError):
    """The text is no timeframe; the message says what is accepted."""


class Bucket(StrEnum):
    """How finely a timeframe is cut for a chart."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Recent:
    """The last ``count`` hours (``h``) or local days (``d``), the running one included."""

    count: int
    unit: str

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"


@dataclass(frozen=True, slots=True)
class Between:
    """Whole local days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def __str__(self) -> str:
        return f"{self.first.isoformat()}..{self.last.isoformat()}"


@dataclass(frozen=True, slots=True)
class AllTime:
    """From the first counted day on."""

    def __str__(self) -> str:
        return "all"


Timeframe = Recent | Between | AllTime

PRESETS: tuple[tuple[Timeframe, LazyText], ...] = (
    (Recent(24, "h"), LazyText("24 hours")),
    (Recent(7, "d"), LazyText("7 days")),
    (Recent(28, "d"), LazyText("28 days")),
    (Recent(30, "d"), LazyText("30 days")),
    (Recent(90, "d"), LazyText("90 days")),
    (Recent(365, "d"), LazyText("1 year")),
    (AllTime(), LazyText("All time")),
)
"""The timeframes a menu offers, with their names."""

DEFAULT: Timeframe = Recent(30, "d")


@dataclass(frozen=True, slots=True)
class Period:
    """The hours a timeframe means: half-open, in hour numbers of the server's present time zone.

    ``running``: the timeframe goes on beyond its last hour. ``previous`` is the period before, with which it
    is compared (``analytics.periods_before``); None for all time, and where no hour is over yet. What is
    compared has only hours that are over. Elsewhere the running hour is in it: ``open_until`` is then the
    minute (ms since 1970) up to which that has gone, otherwise None.
    """

    timeframe: Timeframe
    start: int
    stop: int
    running: bool
    previous: tuple[int, int] | None
    bucket: Bucket
    open_until: int | None = None

    @property
    def over(self) -> int:
        """Hour number up to which its hours are over."""
        return self.stop - (self.open_until is not None)

    @property
    def shift(self) -> int:
        """How many hours of the clock the period before lies before it; 0: there is none.

        Hours are set against those of the same time of day, days against days from the first one on.
        """
        if self.previous is None:
            return 0
        if isinstance(self.timeframe, Recent) and self.timeframe.unit == "h":
            return self.stop - self.previous[1]
        return self.start - self.previous[0]

    def end(self, zone: ZoneInfo) -> datetime:
        """When it ends on the clock of a zone; that is never in the future."""
        if self.open_until is None:
            return clock_reading(self.stop, zone)
        return max(clock_reading(self.start, zone), datetime.fromtimestamp(self.open_until // 1000, zone))

    def before(self, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """When the period before begins and ends on the clock of a zone."""
        if self.previous is None:
            return None
        start, stop = self.previous
        return clock_reading(start, zone), clock_reading(stop, zone)

    def ranges(self, zones: ZoneHistory) -> tuple[HourRange, ...]:
        """Return the period's hours, by zone epoch."""
        return zones.ranges(self.start, self.stop)

    def previous_ranges(self, zones: ZoneHistory) -> tuple[HourRange, ...]:
        """Hours of the period before, by zone epoch; empty for all time."""
        return zones.ranges(*self.previous) if self.previous else ()

    def in_days(self) -> Self:
        """Its whole days, and as many of the period before, for what is kept by day.

        Where it has no whole day, the last one before its end. A period that is not compared has the running
        day with it.
        """
        ends = self.stop % HOURS_PER_DAY == 0 or self.open_until is not None
        if ends and self.start % HOURS_PER_DAY == 0:
            return self
        first, last = -(-self.start // HOURS_PER_DAY), self.stop // HOURS_PER_DAY
        if self.open_until is not None:
            first = min(first, (self.stop - 1) // HOURS_PER_DAY)
            return replace(self, start=first * HOURS_PER_DAY, previous=None)
        first = min(first, last - 1)
        previous = None
        if self.previous is not None:
            whole = self.shift % HOURS_PER_DAY == 0
            begin = first - (self.shift // HOURS_PER_DAY if whole else last - first)
            previous = (begin * HOURS_PER_DAY, min(begin + last - first, first) * HOURS_PER_DAY)
        return replace(self, start=first * HOURS_PER_DAY, stop=last * HOURS_PER_DAY, previous=previous)


def describe(timeframe: Timeframe) -> str:
    """Name a timeframe for people; ``parse_timeframe`` reads it back, in every language."""
    for preset, name in PRESETS:
        if preset == timeframe:
            return str(name)
    match timeframe:
        case Recent(count, "h"):
            return tr_n("{count} hour", "{count} hours", count)
        case Recent(count, _):
            return tr_n("{count} day", "{count} days", count)
        case Between(first, last) if first == last:
            return first.isoformat()
        case Between(first, last):
            return _named_months(first, last) or tr(
                "{first} to {last}", first=first.isoformat(), last=last.isoformat()
            )
        case _:
            return tr("All time")


def _named_months(first: date, last: date) -> str | None:
    """The name of a calendar month or year; None for other days."""
    match whole_months(first, last):
        case 1:
            return f"{shown(MONTHS[first.month - 1])} {first.year}"
        case months if months == len(MONTHS) and first.month == 1:
            return str(first.year)
        case _:
            return None


def parse_timeframe(text: str, today: date, languages: Iterable[Language] = ()) -> Timeframe:
    """Read what a user typed; raise TimeframeError with what is accepted.

    Words that name a calendar period (``last month``) become the dates they mean ``today``. They may be those
    of the language in force, English ones, or those of the ``languages``.
    """
    words = Vocabulary(languages)
    if len(text) > MAX_TEXT:
        raise _unknown(text)
    typed = words.whole_days(plain(text))
    if typed in words.words_of(ALL):
        return AllTime()
    if (recent := words.numbered(typed)) is not None:
        return _recent(*recent, text)
    days = _typed_days(typed, today, words)
    if days is None:
        raise _unknown(text)
    return _between(*days, today)


def _typed_days(typed: str, today: date, words: Vocabulary) -> Days | None:
    try:
        return typed_days(typed, today, words)
    except AmbiguousError as error:
        one, other = error.readings
        raise TimeframeError(
            tr(
                "“{typed}” may be the one day or the other: write `{one}` or `{other}`.",
                typed=_shown(typed),
                one=one,
                other=other,
            )
        ) from None
    except NotADayError:
        raise TimeframeError(
            tr("{typed} is not in the calendar. Write a date as `2026-01-31`.", typed=_shown(typed))
        ) from None


def _unknown(text: str) -> TimeframeError:
    return TimeframeError(
        tr(
            "“{typed}” is not a timeframe I know. Try one of {accepted}.",
            typed=_shown(text),
            accepted=ACCEPTED,
        )
    )


def resolve(  # noqa: PLR0913 - what a period depends on
    timeframe: Timeframe,
    now_ms: int,
    zones: ZoneHistory,
    first_day: int | None,
    *,
    over: bool = False,
    closed: bool = False,
) -> Period:
    """Hours that a timeframe means at an instant.

    Counts are kept by hour, so a period that is compared ends with the last hour that is over. If the period
    before was not counted in full, there is nothing to compare, and the running hour is in it.

    ``first_day`` is the first local day with anything counted, where "all time" begins. ``over``: nothing
    comes after the instant, so its hour is over. ``closed``: the running hour is left out wherever another
    one is in it.
    """
    zone = zones.current.zone
    present = clock_number(now_ms, zone)
    today = present // HOURS_PER_DAY
    whole = _until(timeframe, present + over, today, zone, first_day)
    found = _until(timeframe, present + 1, today, zone, first_day) or _not_begun(timeframe, today)
    before = None if whole is None else whole.previous
    counted = before is not None and first_day is not None and before[0] >= first_day * HOURS_PER_DAY
    if whole is not None and (closed or counted or whole.stop == found.stop):
        return replace(whole, running=whole.running and not over)
    return replace(found, running=True, previous=before, open_until=now_ms // _MINUTE_MS * _MINUTE_MS)


def _until(
    timeframe: Timeframe, end: int, today: int, zone: ZoneInfo, first_day: int | None
) -> Period | None:
    """Hours of a timeframe before an hour number, the present one or the next; None if there are none."""
    previous: tuple[int, int] | None
    match timeframe:
        case Recent(count, "h"):
            start = hours_back(end, count, zone)
            previous = before_hours(start, end, count, zone)
            return Period(timeframe, start, end, running=False, previous=previous, bucket=Bucket.HOUR)
        case Recent(count, _):
            start, stop, days = (today - count + 1) * HOURS_PER_DAY, end, count
            previous, after = before_days(start, stop, days), end + 1
        case Between(first, last):
            start, after = day_of(first) * HOURS_PER_DAY, (day_of(last) + 1) * HOURS_PER_DAY
            stop, days = min(after, end), min(day_of(last), today) - day_of(first) + 1
            months = whole_months(first, last)
            previous = before_months(first, months, stop) if months else before_days(start, stop, days)
        case _:
            begin = today if first_day is None else min(first_day, today)
            start, stop, days = begin * HOURS_PER_DAY, end, today - begin + 1
            previous, after = None, end + 1
    if start >= stop:
        return None
    return Period(timeframe, start, stop, running=after > end, previous=previous, bucket=_bucket(days))


def _not_begun(timeframe: Timeframe, today: int) -> Period:
    """The first hour of days that have not begun in this server, as they may have in another one."""
    first = day_of(timeframe.first) if isinstance(timeframe, Between) else today
    start = first * HOURS_PER_DAY
    return Period(timeframe, start, start + 1, running=True, previous=None, bucket=Bucket.HOUR)


def bucket_start(day: int, hour: int, bucket: Bucket) -> int:
    """Hour number at which the bucket that holds a local hour begins; weeks begin on Monday."""
    match bucket:
        case Bucket.HOUR:
            return day * HOURS_PER_DAY + hour
        case Bucket.DAY:
            return day * HOURS_PER_DAY
        case Bucket.WEEK:
            return (day - date_of(day).weekday()) * HOURS_PER_DAY
        case Bucket.MONTH:
            return day_of(date_of(day).replace(day=1)) * HOURS_PER_DAY


def bucket_starts(start: int, stop: int, bucket: Bucket) -> list[int]:
    """Beginnings of all buckets that a half-open range of hour numbers touches, in order."""
    starts = []
    at = bucket_start(start // HOURS_PER_DAY, start % HOURS_PER_DAY, bucket)
    while at < stop:
        starts.append(at)
        at = _next_bucket(at, bucket)
    return starts


def _next_bucket(at: int, bucket: Bucket) -> int:
    match bucket:
        case Bucket.HOUR:
            return at + 1
        case Bucket.DAY:
            return at + HOURS_PER_DAY
        case Bucket.WEEK:
            return at + 7 * HOURS_PER_DAY
        case Bucket.MONTH:
            after = date_of(at // HOURS_PER_DAY) + timedelta(days=32)
            return day_of(after.replace(day=1)) * HOURS_PER_DAY


def _bucket(days: int) -> Bucket:
    if days <= 2:  # noqa: PLR2004 - thresholds of readability: about 14 to 110 bars
        return Bucket.HOUR
    if days <= 92:  # noqa: PLR2004 - same
        return Bucket.DAY
    if days <= 740:  # noqa: PLR2004 - same
        return Bucket.WEEK
    return Bucket.MONTH


def _recent(count: int, unit: str, text: str) -> Recent:
    if count < 1:
        raise TimeframeError(tr("“{typed}” is empty: ask for at least `1h` or `1d`.", typed=_shown(text)))
    if unit == "h":
        if count > MAX_HOURS:
            raise TimeframeError(
                tr("Hours go up to {most}: ask for `{days}d` instead.", most=MAX_HOURS, days=-(-count // 24))
            )
        return Recent(count, "h")
    days = count * _DAYS_PER_UNIT[unit]
    if days > MAX_DAYS:
        raise TimeframeError(tr("A timeframe has {most} days at most: ask for `all` instead.", most=MAX_DAYS))
    return Recent(days, "d")


def _between(first: date, last: date, today: date) -> Between:
    if first > last:
        raise TimeframeError(
            tr("The range ends before it begins: did you mean `{last}..{first}`?", last=last, first=first)
        )
    if first > today:
        raise TimeframeError(
            tr("{first} lies in the future: today is {today} in this server.", first=first, today=today)
        )
    if first < EARLIEST:
        raise TimeframeError(
            tr("The earliest day is {earliest}; use `all` for everything there is.", earliest=EARLIEST)
        )
    if (last - first).days >= MAX_DAYS:
        raise TimeframeError(tr("A range has {most} days at most: ask for `all` instead.", most=MAX_DAYS))
    return Between(first, last)


def _shown(text: str) -> str:
    """Repeat a user's text safely: short, and without what Discord would render."""
    plain = re.sub(r"[^\w .,:/+-]", "", text)
    return plain[:40] + "…" if len(plain) > 40 else plain  # noqa: PLR2004 - enough to recognise it
