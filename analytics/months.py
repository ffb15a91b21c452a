"""Calendar months as ranges of local days."""

from datetime import timedelta

from analytics.local_time import date_of, day_of


def month_of(day: int) -> range:
    """All days of the month that holds a day."""
    first = date_of(day).replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return range(day_of(first), day_of(after))


def whole_months(days: range) -> list[range]:
    """The months that lie in a range of days with all their days."""
    found = []
    at = days.start
    while at < days.stop:
        month = month_of(at)
        if days.start <= month.start and month.stop <= days.stop:
            found.append(month)
        at = month.stop
    return found
