"""Of which whole days figures are that are kept by day, where the period of a view is one of hours."""

from datetime import date, datetime, time, timedelta

from msgspec import structs

from analytics.local_time import HOURS_PER_DAY, date_of
from bot.views.heads import Placed
from bot.wording import format as fmt
from schemas.results.board import Head
from schemas.results.days import WholeDays
from texts import LazyText, tr

REACTIONS = LazyText("Reactions")


def days_of(placed: Placed) -> WholeDays | None:
    """The days that stand for the hours of a period; None where these are whole days anyway."""
    whole, period = placed.in_days(), placed.period
    if (whole.period.start, whole.period.stop) == (period.start, period.stop):
        return None
    first, last = _dates(whole.period.start, whole.period.stop)
    return WholeDays(first, last, *(_dates(*whole.before) if whole.before else (None, None)))


def said(days: WholeDays | None, what: object) -> tuple[str, ...]:
    """What a board notes of that; ``what`` are the figures, in the plural."""
    if days is None:
        return ()
    named = _named(days.first, days.last)
    if days.previous_first is None or days.previous_last is None:
        return (tr("{what} are counted by whole days: the figures are of {days}.", what=what, days=named),)
    return (
        tr(
            "{what} are counted by whole days: the figures are of {days}, compared with {before}.",
            what=what,
            days=named,
            before=_named(days.previous_first, days.previous_last),
        ),
    )


def head_of_days(head: Head, days: WholeDays | None) -> Head:
    """The head under which a chart stands that shows these days."""
    if days is None:
        return head
    running = head.running and days.last == head.stop.date()
    return structs.replace(head, timeframe_name=_named(days.first, days.last), running=running)


def _dates(start: int, stop: int) -> tuple[date, date]:
    return date_of(start // HOURS_PER_DAY), date_of(-(-stop // HOURS_PER_DAY) - 1)


def _named(first: date, last: date) -> str:
    return fmt.days(datetime.combine(first, time.min), datetime.combine(last + timedelta(days=1), time.min))
