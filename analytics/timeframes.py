"""Timeframes: what a user may ask for, and the hours it means in a server's own time."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from analytics.local_time import (
    HOURS_PER_DAY,
    HourRange,
    ZoneHistory,
    date_of,
    day_of,
)

MAX_DAYS = 3660
MAX_HOURS = 24 * 14
EARLIEST = date(1990, 1, 1)

_RELATIVE = re.compile(r"(\d{1,4})\s*([hdwmy])(?:ours?|ays?|eeks?|onths?|ears?)?")
_RANGE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})\s*(?:\.\.+|to|until)\s*(\d{4}-\d{1,2}-\d{1,2}|today|now)")
_DAYS_PER_UNIT = {"d": 1, "w": 7, "m": 30, "y": 365}

ACCEPTED = "`24h`, `14d`, `6w`, `all`, `yesterday`, `last month`, `2026-01-15`, `2026-01-01..2026-02-01`"
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

PRESETS: tuple[tuple[Timeframe, str], ...] = (
    (Recent(24, "h"), "24 hours"),
    (Recent(7, "d"), "7 days"),
    (Recent(30, "d"), "30 days"),
    (Recent(90, "d"), "90 days"),
    (Recent(365, "d"), "1 year"),
    (AllTime(), "All time"),
)
"""The timeframes a menu offers, with their names."""

DEFAULT: Timeframe = Recent(30, "d")


@dataclass(frozen=True, slots=True)
class Period:
    """The hours a timeframe means: half-open, in hour numbers of the server's present time zone.

    ``running`` says that the last hour is not over; ``previous`` is the like period before, None for all
    time. It is as long on the local clock and ends at the same hour of day, so that a running day is compared
    with as much of the day it answers to.
    """

    timeframe: Timeframe
    start: int
    stop: int
    running: bool
    previous: tuple[int, int] | None
    bucket: Bucket

    def ranges(self, zones: ZoneHistory) -> tuple[HourRange, ...]:
        """Return the period's hours, by zone epoch."""
        return zones.ranges(self.start, self.stop)

    def previous_ranges(self, zones: ZoneHistory) -> tuple[HourRange, ...]:
        """Hours of the period before, by zone epoch; empty for all time."""
        return zones.ranges(*self.previous) if self.previous else ()


def describe(timeframe: Timeframe) -> str:
    """Name a timeframe for people."""
    for preset, name in PRESETS:
        if preset == timeframe:
            return name
    match timeframe:
        case Recent(count, "h"):
            return f"{count} hours"
        case Recent(count, _):
            return f"{count} days"
        case Between(first, last) if first == last:
            return first.isoformat()
        case Between(first, last):
            return f"{first.isoformat()} to {last.isoformat()}"
        case _:
            return "All time"


def parse_timeframe(text: str, today: date) -> Timeframe:
    """Read what a user typed; raise TimeframeError with what is accepted.

    Words that name a calendar period (``last month``) become the dates they mean ``today``.
    """
    words = " ".join(text.lower().split())
    if words in ("all", "all time", "ever", "always"):
        return AllTime()
    named = _named_days(words, today)
    if named is not None:
        return named
    if match := _RELATIVE.fullmatch(words.removeprefix("last ").removeprefix("past ")):
        return _recent(int(match[1]), match[2], text)
    if match := _RANGE.fullmatch(words):
        last = today if match[2] in ("today", "now") else _date(match[2])
        return _between(_date(match[1]), last, today)
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", words):
        return _between(_date(words), _date(words), today)
    raise TimeframeError(f"“{_shown(text)}” is not a timeframe I know. Try one of {ACCEPTED}.")


def between(first: str, last: str, today: date) -> Between:
    """Read the two dates of a form; raise TimeframeError that names what is wrong."""
    return _between(_date(first.strip()), _date(last.strip()), today)


def resolve(timeframe: Timeframe, now_ms: int, zones: ZoneHistory, first_day: int | None) -> Period:
    """Hours that a timeframe means at an instant.

    ``first_day`` is the first local day with anything counted, where "all time" begins.
    """
    now = zones.label(now_ms)
    stop = now.day * HOURS_PER_DAY + now.hour + 1
    match timeframe:
        case Recent(count, "h"):
            start = stop - count
            return Period(
                timeframe, start, stop, running=True, previous=(start - count, start), bucket=Bucket.HOUR
            )
        case Recent(count, _):
            start = (now.day - count + 1) * HOURS_PER_DAY
            shift = count * HOURS_PER_DAY
            return Period(
                timeframe,
                start,
                stop,
                running=True,
                previous=(start - shift, stop - shift),
                bucket=_bucket(count),
            )
        case Between(first, last):
            start = day_of(first) * HOURS_PER_DAY
            end = min((day_of(last) + 1) * HOURS_PER_DAY, max(stop, start + 1))
            days = day_of(last) - day_of(first) + 1
            shift = days * HOURS_PER_DAY
            return Period(
                timeframe,
                start,
                end,
                running=end == stop,
                previous=(start - shift, end - shift),
                bucket=_bucket(days),
            )
        case _:
            begin = now.day if first_day is None else min(first_day, now.day)
            return Period(
                timeframe,
                begin * HOURS_PER_DAY,
                stop,
                running=True,
                previous=None,
                bucket=_bucket(now.day - begin + 1),
            )


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
        raise TimeframeError(f"“{_shown(text)}” is empty: ask for at least `1h` or `1d`.")
    if unit == "h":
        if count > MAX_HOURS:
            raise TimeframeError(f"Hours go up to {MAX_HOURS}: ask for `{-(-count // 24)}d` instead.")
        return Recent(count, "h")
    days = count * _DAYS_PER_UNIT[unit]
    if days > MAX_DAYS:
        raise TimeframeError(f"A timeframe has {MAX_DAYS} days at most: ask for `all` instead.")
    return Recent(days, "d")


def _between(first: date, last: date, today: date) -> Between:
    if first > last:
        raise TimeframeError(f"The range ends before it begins: did you mean `{last}..{first}`?")
    if first > today:
        raise TimeframeError(f"{first} lies in the future: today is {today} in this server.")
    if first < EARLIEST:
        raise TimeframeError(f"The earliest day is {EARLIEST}; use `all` for everything there is.")
    if (last - first).days >= MAX_DAYS:
        raise TimeframeError(f"A range has {MAX_DAYS} days at most: ask for `all` instead.")
    return Between(first, last)


def _date(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        raise TimeframeError(
            f"“{_shown(text)}” is not a date. Write it as year-month-day, for example `2026-01-31`."
        )
    year, month, day = (int(part) for part in text.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        raise TimeframeError(f"{text} is not in the calendar. Write a date as `2026-01-31`.") from None


def _named_days(words: str, today: date) -> Between | None:
    monday = today - timedelta(days=today.weekday())
    month = today.replace(day=1)
    year = today.replace(month=1, day=1)
    one = timedelta(days=1)
    named = {
        "today": (today, today),
        "yesterday": (today - one, today - one),
        "this week": (monday, today),
        "last week": (monday - 7 * one, monday - one),
        "this month": (month, today),
        "last month": ((month - one).replace(day=1), month - one),
        "this year": (year, today),
        "last year": ((year - one).replace(month=1, day=1), year - one),
    }
    return Between(*named[words]) if words in named else None


def _shown(text: str) -> str:
    """Repeat a user's text safely: short, and without what Discord would render."""
    plain = re.sub(r"[^\w .,:/+-]", "", text)
    return plain[:40] + "…" if len(plain) > 40 else plain  # noqa: PLR2004 - enough to recognise it
