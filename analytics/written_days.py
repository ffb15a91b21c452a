"""Days as people write them: 2026-01-15, 15.1.2026, 01/15/2026, Nov 15 2026, 2026-11, November, 2026."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple, Self

from analytics.timeframe_words import Vocabulary


class Days(NamedTuple):
    """From one day to another, both included."""

    first: date
    last: date


class AmbiguousError(ValueError):
    """A day that may be one of two: nobody knows which number is the month."""

    def __init__(self, one: date, other: date) -> None:
        super().__init__(f"{one} or {other}")
        self.readings = (one, other)


class NotADayError(ValueError):
    """It is written as a day, and not in the calendar."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written of a day, a month or a year; None was left out."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def days(self) -> Days:
        """The days that are meant; raises NotADayError. There must be a year."""
        try:
            first = date(self.year or 0, self.month or 1, self.day or 1)
        except ValueError as cause:
            raise NotADayError(str(cause)) from cause
        if self.day is not None:
            return Days(first, first)
        month = self.month or 12
        return Days(first, date(first.year, month, monthrange(first.year, month)[1]))

    def latest(self, today: date) -> Self:
        """With the year in which it has begun last, where that was left out."""
        if self.year is not None:
            return self
        return replace(self, year=today.year - (not self._begun(today)))

    def _begun(self, today: date) -> bool:
        """Whether it has begun by a day of its year."""
        return (self.month or 1, self.day or 1) <= (today.month, today.day)

    def up_to(self, end: Self) -> Self:
        """As the beginning of a range with that end, which has what was left out here."""
        if self.month is None and self.year is None:
            return replace(self, year=end.year, month=end.month)
        if self.year is not None or end.year is None:
            return self
        later = (self.month or 1, self.day or 1) > (end.month or 12, end.day or 31)
        return replace(self, year=end.year - later)


_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?")
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})[/.](\d{4})")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})?")
_EITHER_ORDER = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_YEAR = re.compile(r"\d{4}")
_DAY_OF_MONTH = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)?")
_WORD = re.compile(r"[^\W\d_]+\.?")
_MONTHS_PER_YEAR = 12
_MOST_WORDS = 3


def written_day(text: str, words: Vocabulary) -> Written | None:
    """What is written as a day, month or year; None where it is not. Raises AmbiguousError, NotADayError.

    ``text`` is what ``plain`` made of it.
    """
    if match := _YEAR_FIRST.fullmatch(text):
        return Written(int(match[1]), _month(match[2]), int(match[3]) if match[3] else None)
    if match := _DOTTED.fullmatch(text):
        return Written(int(match[3]) if match[3] else None, _month(match[2]), int(match[1]))
    if match := _EITHER_ORDER.fullmatch(text):
        return _in_either_order(int(match[1]), int(match[2]), int(match[3]))
    if match := _MONTH_AND_YEAR.fullmatch(text):
        return Written(int(match[2]), _month(match[1]))
    if _YEAR.fullmatch(text):
        return Written(int(text))
    return _in_words(text.replace(",", " ").split(), words)


def day_alone(text: str) -> Written | None:
    """The day of a month alone, as it stands before the end of a range."""
    match = _DAY_OF_MONTH.fullmatch(text)
    return None if match is None else Written(day=int(match[1]))


def _month(text: str) -> int:
    month = int(text)
    if not 1 <= month <= _MONTHS_PER_YEAR:
        raise NotADayError(text)
    return month


def _in_either_order(one: int, two: int, year: int) -> Written:
    """Of two numbers the one above 12 is the day; of two lower ones nobody knows."""
    readings = {Written(year, one, two), Written(year, two, one)}
    possible = {written for written in readings if (written.month or 0) <= _MONTHS_PER_YEAR}
    if not possible:
        raise NotADayError(f"{one}/{two}")
    if len(possible) > 1:
        first, other = sorted(written.days().first for written in possible)
        raise AmbiguousError(first, other)
    return possible.pop()


def _in_words(parts: list[str], words: Vocabulary) -> Written | None:
    """A month by its name, with a day and a year in whatever order."""
    if not 1 <= len(parts) <= _MOST_WORDS:
        return None
    found: dict[str, int] = {}
    for part in parts:
        if _YEAR.fullmatch(part):
            name, number = "year", int(part)
        elif match := _DAY_OF_MONTH.fullmatch(part):
            name, number = "day", int(match[1])
        elif _WORD.fullmatch(part) and (month := words.month(part)) is not None:
            name, number = "month", month
        else:
            return None
        if name in found:
            return None
        found[name] = number
    return Written(**found) if "month" in found else None
