"""Steps of a heatmap: from little to much, so that one extreme does not hide all the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

_TOP_SHARE = 0.95
_EXTREME = 2.0
"""How many times the top an amount has to be before it is left out of the scale."""


@dataclass(frozen=True, slots=True)
class HeatScale:
    """Steps of equal width from zero to ``top``; what lies ``beyond`` it takes the last one."""

    top: float
    beyond: bool
    steps: int

    def step(self, value: float) -> int | None:
        """Step of an amount, from 0 on; None for nothing at all."""
        if value <= 0:
            return None
        return min(ceil(value / self.top * self.steps), self.steps) - 1


def heat_scale(values: Iterable[float | None], steps: int) -> HeatScale:
    """Scale up to the highest amount, or, if that is extreme, to what 95 of 100 above zero do not exceed."""
    some = sorted(value for value in values if value)
    if not some:
        return HeatScale(1.0, beyond=False, steps=steps)
    top = some[ceil(len(some) * _TOP_SHARE) - 1]
    if some[-1] <= _EXTREME * top:
        return HeatScale(some[-1], beyond=False, steps=steps)
    return HeatScale(top, beyond=True, steps=steps)
