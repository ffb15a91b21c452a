"""What weekdays are called; 0 is Sunday."""

from analytics.charts.spoken import spoken_locale
from texts import LazyText

WEEKDAYS = (
    LazyText("Sunday"),
    LazyText("Monday"),
    LazyText("Tuesday"),
    LazyText("Wednesday"),
    LazyText("Thursday"),
    LazyText("Friday"),
    LazyText("Saturday"),
)
EACH = (
    LazyText("Sundays"),
    LazyText("Mondays"),
    LazyText("Tuesdays"),
    LazyText("Wednesdays"),
    LazyText("Thursdays"),
    LazyText("Fridays"),
    LazyText("Saturdays"),
)
"""All days of the name: Mondays."""
MONDAY_FIRST = (1, 2, 3, 4, 5, 6, 0)


def short(weekday: int) -> str:
    """The name in short, as charts have it."""
    return spoken_locale().weekdays[weekday - 1]
