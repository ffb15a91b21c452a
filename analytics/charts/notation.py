"""How numbers and dates read in a chart, and the few words a chart says itself."""

from enum import StrEnum
from itertools import pairwise
from math import floor, log10

import msgspec

from analytics.charts.phrases import Phrases

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
COMPACT_FROM = 10_000
"""Below this a number is written out; from here on 12.3k says enough."""

MINUTES_PER_HOUR, MINUTES_PER_DAY = 60, 24 * 60

_THOUSAND = 1000
_HUNDRED = 100
_ONE_SHOWS, _SMALLEST = 0.095, 1e-6
_DAYS_FROM = 2 * MINUTES_PER_DAY


class Quantity(StrEnum):
    """What the numbers of a chart are, and so how they are written: durations are in minutes."""

    NUMBER = "number"
    PERCENT = "percent"
    DURATION = "duration"


class Locale(msgspec.Struct, frozen=True, omit_defaults=True):
    """Number and date format with a chart's own words; the defaults are English.

    ``compact`` holds the marks of thousands, millions and billions. The formats of days know ``{weekday}``,
    ``{day}`` and ``{month}``; ``phrases`` are those of alternative texts.
    """

    thousands: str = ","
    decimal: str = "."
    compact: tuple[str, str, str] = ("k", "M", "bn")
    percent: str = "%"
    minutes: str = "{minutes} min"
    hours: str = "{hours} h"
    hours_minutes: str = "{hours} h {minutes} min"
    days: str = "{days} d"
    days_hours: str = "{days} d {hours} h"
    months: tuple[str, ...] = MONTHS
    weekdays: tuple[str, ...] = WEEKDAYS
    day_month: str = "{day} {month}"
    weekday_day: str = "{weekday} {day}"
    weekday_day_month: str = "{weekday} {day} {month}"
    previous: str = "Period before"
    partial: str = "So far"
    incomplete: str = "Incomplete"
    unknown: str = "Not recorded"
    empty: str = "No data in this period"
    nothing: str = "Nothing to show"
    median: str = "Median {value}"
    middle_half: str = "Middle half {low}\N{EN DASH}{high}"
    heat_top: str = "up to {value}"
    heat_beyond: str = "to {value} and more"
    phrases: Phrases = Phrases()

    def number(self, value: float) -> str:
        """Write a value as people read it: 4,312 · 12.3k · 1.25M · 0.4."""
        if abs(value) < COMPACT_FROM - 0.5:
            return self._plain(value, _decimals(abs(value)))
        power = 1
        while power < len(self.compact) and abs(value) >= _THOUSAND ** (power + 1) * 0.9995:
            power += 1
        scaled = value / _THOUSAND**power
        return self._plain(scaled, 0 if abs(scaled) >= _HUNDRED else 1) + self.compact[power - 1]

    def written(self, value: float, quantity: Quantity) -> str:
        """Write a value as what it is: 4,312 · 38% · 3 h 20 min."""
        match quantity:
            case Quantity.PERCENT:
                return self.number(value) + self.percent
            case Quantity.DURATION:
                return self.duration(value)
            case _:
                return self.number(value)

    def duration(self, minutes: float) -> str:
        """Write minutes as people say them: <1 min · 45 min · 3 h 20 min · 4 d 2 h · 412 d."""
        if minutes < 0:
            return "\N{MINUS SIGN}" + self.duration(-minutes)
        whole = round(minutes)
        if whole < MINUTES_PER_HOUR:
            return self.minutes.format(minutes=whole if whole or not minutes else "<1")
        hours, rest = divmod(whole, MINUTES_PER_HOUR)
        if whole < _DAYS_FROM:
            pattern = self.hours_minutes if rest else self.hours
            return pattern.format(hours=hours, minutes=rest)
        days, hours = divmod(hours, 24)
        pattern = self.days_hours if hours and days < _HUNDRED else self.days
        return pattern.format(days=self.number(days), hours=hours)

    def scale(self, values: tuple[float, ...], quantity: Quantity = Quantity.NUMBER) -> tuple[str, ...]:
        """Write an axis whose values rise evenly: all in one unit, with the decimals their distance needs."""
        match quantity:
            case Quantity.PERCENT:
                return tuple(label + self.percent for label in self._numbers(values))
            case Quantity.DURATION:
                return self._durations(values)
            case _:
                return self._numbers(values)

    def _durations(self, values: tuple[float, ...]) -> tuple[str, ...]:
        step = _step(values)
        if step >= MINUTES_PER_DAY:
            return tuple(self.days.format(days=self.number(value / MINUTES_PER_DAY)) for value in values)
        if step >= MINUTES_PER_HOUR:
            return tuple(self.hours.format(hours=self.number(value / MINUTES_PER_HOUR)) for value in values)
        return tuple(self.minutes.format(minutes=self.number(value)) for value in values)

    def _numbers(self, values: tuple[float, ...]) -> tuple[str, ...]:
        highest = max((abs(value) for value in values), default=0)
        power = 0
        while power < len(self.compact) and highest >= max(COMPACT_FROM, _THOUSAND ** (power + 1)):
            power += 1
        mark = self.compact[power - 1] if power else ""
        decimals = max(0, 1 - floor(log10(_step(values) / _THOUSAND**power)))
        return tuple(
            self._plain(value / _THOUSAND**power, decimals) + mark if value else self._plain(0, 0)
            for value in values
        )

    def _plain(self, value: float, decimals: int) -> str:
        text = f"{value:,.{decimals}f}"
        if decimals:
            text = text.rstrip("0").rstrip(".")
        if text == "-0":
            text = "0"
        marks = {",": self.thousands, ".": self.decimal, "-": "\N{MINUS SIGN}"}
        return "".join(marks.get(mark, mark) for mark in text)


def _step(values: tuple[float, ...]) -> float:
    return min((high - low for low, high in pairwise(values)), default=1.0)


def _decimals(size: float) -> int:
    """Decimals a number needs: none, one, or as many as show two digits of what one would not show."""
    if size >= _HUNDRED:
        return 0
    if size >= _ONE_SHOWS or size < _SMALLEST:
        return 1
    return 1 - floor(log10(size))


ENGLISH = Locale()
