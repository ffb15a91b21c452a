"""Ticks of a value axis: round numbers that embrace the values."""

from dataclasses import dataclass
from math import ceil, floor, log10

from analytics.charts.notation import MINUTES_PER_DAY, Quantity

_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
_MOST_DECIMALS = 12
_FINEST = 1e-9
_TIMES = (1, 2, 5, 10, 15, 20, 30, *(60 * hours for hours in (1, 2, 3, 4, 6, 8, 12)))
"""Minutes between ticks of less than a day."""


@dataclass(frozen=True, slots=True)
class ValueScale:
    """Range of an axis and the values marked on it, ends included."""

    ticks: tuple[float, ...]

    @property
    def low(self) -> float:
        """Lower end."""
        return self.ticks[0]

    @property
    def high(self) -> float:
        """Upper end."""
        return self.ticks[-1]

    def share(self, value: float) -> float:
        """Height of a value as a share of the axis, 0 at the lower end and 1 at the upper."""
        return (value - self.low) / (self.high - self.low)


def value_scale(
    values: list[float],
    *,
    from_zero: bool,
    headroom: float = 0.0,
    intervals: int = 4,
    quantity: Quantity = Quantity.NUMBER,
) -> ValueScale:
    """Scale for the values given: about so many intervals of 1, 2, 2.5 or 5 times a power of ten.

    Durations get intervals of full minutes, hours or days.

    ``headroom`` is the share of the axis that stays free above the highest value and below the lowest
    negative one. Whole numbers get whole ticks. Without values, or with zeros alone, it is 0 to 1.
    """
    low, high = min(values, default=0.0), max(values, default=0.0)
    room = (max(high, 0.0) - min(low, 0.0)) * headroom / (1 - headroom)
    high = high + room if high > 0 else high
    low = low - room if low < 0 else low
    if from_zero or _same(low, high):
        low, high = min(low, 0.0), max(high, 0.0)
    if _same(low, high):
        high = low + 1.0
    pick = _time_step if quantity is Quantity.DURATION else _step
    step = pick((high - low) / intervals, whole=all(float(value).is_integer() for value in values))
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return ValueScale(tuple(round(index * step, _MOST_DECIMALS) for index in range(first, last + 1)))


def _same(low: float, high: float) -> bool:
    """Whether two values are too close for ticks between them."""
    return high - low <= max(_FINEST, _FINEST * abs(high), _FINEST * abs(low))


def _time_step(raw: float, *, whole: bool) -> float:
    if raw < 1:
        return _step(raw, whole=whole)
    if raw > _TIMES[-1]:
        return MINUTES_PER_DAY * _step(max(raw / MINUTES_PER_DAY, 1.0), whole=True)
    return next(float(step) for step in _TIMES if step >= raw)


def _step(raw: float, *, whole: bool) -> float:
    power = 10.0 ** floor(log10(raw))
    steps = [factor * power for factor in _ROUND if not whole or (factor * power).is_integer()]
    if not steps:
        return 1.0
    return next((step for step in steps if step >= raw * 0.999), steps[-1])
