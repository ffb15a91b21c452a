"""How cards and reports write a number of each measure, and how it moved."""

from bot.wording import format as fmt
from schemas.results.board import Measure

_MINUS = "\N{MINUS SIGN}"
_UP, _DOWN = "\N{BLACK UP-POINTING TRIANGLE}", "\N{BLACK DOWN-POINTING TRIANGLE}"
_HOUR, _DAY = 60, 24 * 60


def number(value: float | None, measure: Measure) -> str:
    """Write a number; None is unknown."""
    if value is None:
        return fmt.UNKNOWN
    match measure:
        case Measure.COUNT:
            return fmt.amount(round(value))
        case Measure.SHARE:
            return fmt.percent(value, 1)
        case Measure.MINUTES:
            return _duration(value)
        case Measure.SECONDS:
            return f"{value:.0f} s" if 0 < value < _HOUR else _duration(value / 60)
        case _:
            return f"{value:,.1f}".replace("-", _MINUS)


def change(now: float, before: float | None, measure: Measure) -> str:
    """Write how a number moved against the period before: arrow, percent, absolute; of shares, in points."""
    if before is None:
        return f"change {fmt.UNKNOWN}"
    if measure is Measure.COUNT:
        return fmt.change(round(now), round(before))
    moved = now - before
    if number(now, measure) == number(before, measure):
        return "no change"
    arrow, sign = (_UP, "+") if moved > 0 else (_DOWN, _MINUS)
    if measure is Measure.SHARE:
        return f"{arrow} {sign}{abs(moved) * 100:.1f} points"
    absolute = f"{sign}{number(abs(moved), measure)}"
    return (
        f"{arrow} {fmt.percent(abs(moved), before)} ({absolute})" if before else f"{arrow} {absolute}, from 0"
    )


def _duration(minutes: float) -> str:
    """Minutes as people say them: 45 min, 3 h 20 min, 4 d 2 h."""
    whole = round(minutes)
    if whole < _HOUR:
        return f"{whole} min" if whole or not minutes else "<1 min"
    if whole < 2 * _DAY:
        return f"{whole // _HOUR} h" + (f" {whole % _HOUR} min" if whole % _HOUR else "")
    return f"{whole // _DAY} d" + (f" {whole % _DAY // _HOUR} h" if whole % _DAY // _HOUR else "")
