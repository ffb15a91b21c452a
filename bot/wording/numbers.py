"""How cards and reports write a number of each measure, and how it moved."""

from collections.abc import Mapping
from types import MappingProxyType

from analytics.charts.spoken import spoken_locale
from bot.wording import format as fmt
from schemas.results.board import Measure
from texts import decimal, tr

_MINUS = "\N{MINUS SIGN}"
_UP, _DOWN = "\N{BLACK UP-POINTING TRIANGLE}", "\N{BLACK DOWN-POINTING TRIANGLE}"
_IN_POINTS: Mapping[Measure, int] = MappingProxyType({Measure.SHARE: 100, Measure.SCORE: 1})
"""What moves in points, and how many of them one is."""
_MINUTE = 60


def number(value: float | None, measure: Measure) -> str:
    """Write a number; None is unknown."""
    if value is None:
        return str(fmt.UNKNOWN)
    match measure:
        case Measure.COUNT:
            return fmt.amount(round(value))
        case Measure.SHARE:
            return fmt.percent(value, 1)
        case Measure.MINUTES:
            return spoken_locale().duration(value)
        case Measure.SECONDS:
            return _seconds(value)
        case _:
            return decimal(value, 1)


def change(now: float, before: float | None, measure: Measure) -> str:
    """Write how a number moved against the period before: arrow, percent, absolute.

    Shares and scores move in points. The arrow says the direction, so that an amount beside it has no sign.
    """
    if before is None:
        return tr("change unknown")
    if measure is Measure.COUNT:
        return fmt.change(round(now), round(before))
    if number(now, measure) == number(before, measure):
        return tr("no change")
    if measure in _IN_POINTS:
        points = abs(now - before) * _IN_POINTS[measure]
        arrow = _UP if now > before else _DOWN
        return tr("{arrow} {moved} points", arrow=arrow, moved=decimal(points, 1))
    return _moved(now, before, measure)


def _moved(now: float, before: float, measure: Measure) -> str:
    arrow, sign = (_UP, "+") if now > before else (_DOWN, _MINUS)
    absolute = number(abs(now - before), measure)
    if not before:
        return fmt.risen_from_0(arrow, absolute)
    moved, many = f"{sign}{absolute}", fmt.times(now, before)
    if many is not None:
        return tr("{arrow} {times} times as much ({moved})", arrow=arrow, times=many, moved=moved)
    return f"{arrow} {fmt.percent(abs(now - before), before)} ({moved})"


def _seconds(seconds: float) -> str:
    if 0 < seconds < _MINUTE:
        return tr("{seconds} s", seconds=decimal(seconds))
    return spoken_locale().duration(seconds / _MINUTE)
