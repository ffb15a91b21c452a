"""The period that another one is compared with: the one before, of as many hours of the same kind.

- Calendar months (one, a quarter's three, a year's twelve) are compared with as many before them.
- What is shorter than a week is compared with the same weekdays and hours a week earlier: a Sunday with a
  Sunday, an evening with an evening.
- All else is compared with as many days directly before it.

A period that goes on is compared with as much of the one before. Hours are numbers of the server's present
time zone, see ``analytics.local_time``.
"""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from analytics.local_time import HOURS_PER_DAY, clock_number, day_of, instant_of_hour

Hours = tuple[int, int]
WEEK_DAYS = 7
WEEK_HOURS = WEEK_DAYS * HOURS_PER_DAY
_MONTHS_PER_YEAR = 12
_HOUR_MS = 3_600_000


def before_days(start: int, stop: int, days: int) -> Hours:
    """Hours before a period of so many local days, of which hours from ``start`` to ``stop`` are meant."""
    shift = max(days, WEEK_DAYS) * HOURS_PER_DAY
    return start - shift, stop - shift


def before_months(first: date, months: int, stop: int) -> Hours:
    """Hours before calendar months that begin with ``first``, meant up to ``stop``.

    Months differ in length: whole ones are compared whole, and one that goes on never reaches into itself.
    """
    start, after = day_of(first) * HOURS_PER_DAY, day_of(months_on(first, months)) * HOURS_PER_DAY
    begin = day_of(months_on(first, -months)) * HOURS_PER_DAY
    return begin, start if stop >= after else min(begin + stop - start, start)


def before_hours(start: int, stop: int, count: int, zone: ZoneInfo) -> Hours:
    """Hours before the ``count`` hours that end with ``stop``: as many real ones."""
    end = stop - WEEK_HOURS if count < WEEK_HOURS else start
    return hours_back(end, count, zone), end


def hours_back(stop: int, count: int, zone: ZoneInfo) -> int:
    """Number of the hour that begins ``count`` real hours before another: a clock change is no hour more."""
    return clock_number(instant_of_hour(stop, zone) - count * _HOUR_MS, zone)


def whole_months(first: date, last: date) -> int:
    """How many calendar months the days from ``first`` to ``last`` are; 0 if they are no whole ones."""
    after = last + timedelta(days=1)
    if first.day != 1 or after.day != 1:
        return 0
    return (after.year - first.year) * _MONTHS_PER_YEAR + after.month - first.month


def months_on(first: date, months: int) -> date:
    """The first day of the month that comes so many months after that of a first day."""
    number = first.year * _MONTHS_PER_YEAR + first.month - 1 + months
    return date(number // _MONTHS_PER_YEAR, number % _MONTHS_PER_YEAR + 1, 1)
