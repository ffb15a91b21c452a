"""Days as people type them: one of them, a month, a year, those that have a name, or from one to another."""

from dataclasses import replace
from datetime import date, timedelta

from analytics.periods_before import months_on
from analytics.timeframe_words import MONTHS, NOW, SINCE, Vocabulary
from analytics.written_days import Days, day_alone, written_day


def typed_days(typed: str, today: date, words: Vocabulary) -> Days | None:
    """What days are meant; None where it is something else. Raises AmbiguousError, NotADayError.

    ``typed`` is what ``plain`` made of it. What is without a year has begun last.
    """
    return _one(typed, today, words) or _range(typed, today, words)


def _one(typed: str, today: date, words: Vocabulary) -> Days | None:
    """Days that have a name or are written as a date, a month or a year; None: they are not."""
    if (name := words.named(typed)) is not None:
        return _named_days(name, today)
    written = written_day(typed, words)
    return None if written is None else written.latest(today).days()


def _range(typed: str, today: date, words: Vocabulary) -> Days | None:
    """From a beginning to an end, which is today where it is left out."""
    since = words.without(typed, SINCE)
    for begin, end in [(since, "")] if since is not None else words.parted(typed):
        days = _from_to(begin, end, today, words)
        if days is not None:
            return days
    return None if since is None else _range(since, today, words)


def _from_to(begin: str, end: str, today: date, words: Vocabulary) -> Days | None:
    if not end or end in words.words_of(NOW):
        days = _one(begin, today, words)
        return None if days is None else Days(days.first, max(today, days.first))
    last, first = written_day(end, words), written_day(begin, words) or day_alone(begin)
    if last is None or first is None:
        named, until = _one(begin, today, words), _one(end, today, words)
        return None if named is None or until is None else Days(named.first, until.last)
    if first.month is None and first.year is None and last.day is None:
        return None
    if last.year is None:
        first = first if first.month is not None else first.up_to(last)
        first = first.latest(today)
        earlier = (last.month or 1, last.day or 31) < (first.month or 1, first.day or 1)
        last = replace(last, year=(first.year or 0) + earlier)
    return Days(first.up_to(last).days().first, last.days().last)


def _named_days(name: str, today: date) -> Days:
    """Whole weeks, months and years, also those that go on."""
    one, week = timedelta(days=1), timedelta(days=6)
    monday = today - timedelta(days=today.weekday())
    month, year = today.replace(day=1), date(today.year, 1, 1)
    months = len(MONTHS)
    days = {
        "today": Days(today, today),
        "yesterday": Days(today - one, today - one),
        "this week": Days(monday, monday + week),
        "last week": Days(monday - 7 * one, monday - one),
        "this month": Days(month, months_on(month, 1) - one),
        "last month": Days(months_on(month, -1), month - one),
        "this year": Days(year, months_on(year, months) - one),
        "last year": Days(months_on(year, -months), year - one),
    }
    return days[name]
