"""How values are spread."""

from itertools import pairwise

import msgspec

from analytics.charts.notation import Quantity
from analytics.charts.spec.base import ChartSpec, require_amounts, require_at_most, require_finite

MAX_BINS = 40


class Quartiles(msgspec.Struct, frozen=True):
    """The values that a quarter, half and three quarters of all do not exceed."""

    low: float
    median: float
    high: float


class DistributionSpec(ChartSpec, frozen=True, kw_only=True, tag="distribution"):
    """A histogram with median and quartiles.

    Bin n reaches from ``edges[n]`` to ``edges[n + 1]`` and holds ``counts[n]``; all are drawn equally wide,
    so edges may grow by factors. ``x_label`` names the values, which are of ``quantity``; ``y_label``
    names who is counted; ``unknown`` of them have no known value. Raises ValueError for edges that do not
    rise or do not fit the counts, for quartiles outside them, and for counts below zero.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    quartiles: Quartiles | None
    x_label: str
    y_label: str
    quantity: Quantity = Quantity.NUMBER
    unknown: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        require_at_most(len(self.counts), MAX_BINS, "bins")
        require_finite(self.edges)
        require_amounts((*self.counts, self.unknown))
        if len(self.edges) != (len(self.counts) + 1 if self.counts else 0):
            raise ValueError(f"{len(self.counts)} bins have {len(self.counts) + 1} edges")
        if any(low >= high for low, high in pairwise(self.edges)):
            raise ValueError("the edges of the bins have to rise")
        if self.quartiles is not None and self.counts:
            marks = (self.quartiles.low, self.quartiles.median, self.quartiles.high)
            require_finite(marks)
            if list(marks) != sorted(marks) or not self.edges[0] <= marks[0] <= marks[2] <= self.edges[-1]:
                raise ValueError("the quartiles have to rise and to lie within the bins")
