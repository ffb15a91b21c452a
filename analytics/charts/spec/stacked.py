"""Amounts over time by what they are made of."""

import msgspec

from analytics.charts.notation import Quantity
from analytics.charts.spec.base import ChartSpec, require_amounts, require_at_most
from analytics.charts.spec.series import partial_places, require_drawable
from analytics.charts.spec.time_axis import TimeAxis

MAX_LAYERS = 6
"""As many as there are colours that everybody tells apart."""


class Layer(msgspec.Struct, frozen=True):
    """One part of the whole: a name in any script and one amount a bucket, None where it is unknown."""

    name: str
    values: tuple[float | None, ...]


class StackedSpec(ChartSpec, frozen=True, kw_only=True, tag="stacked"):
    """Amounts per time bucket as bars made of layers, the first at the bottom.

    A bucket of which no layer is known is a gap; where some are, a hatched cap says that more is missing.
    ``quantity`` says how values are written; ``adds_up``, ``partial_first``, ``partial_last`` and ``running``
    are as in ``SeriesSpec``.
    Raises ValueError for layers of different length, too many of them, and for values below zero.
    """

    axis: TimeAxis
    layers: tuple[Layer, ...]
    y_label: str
    quantity: Quantity = Quantity.NUMBER
    adds_up: bool = False
    partial_first: bool = False
    partial_last: bool = False
    running: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        require_at_most(len(self.layers), MAX_LAYERS, "layers")
        require_drawable(self.buckets)
        if len({len(layer.values) for layer in self.layers}) > 1:
            raise ValueError("the layers have different numbers of values")
        for layer in self.layers:
            require_amounts(layer.values)

    @property
    def buckets(self) -> int:
        """Number of time buckets."""
        return len(self.layers[0].values) if self.layers else 0

    @property
    def partial(self) -> frozenset[int]:
        """Places of the buckets that lack some of their time."""
        return partial_places(self.totals(), first=self.partial_first, last=self.partial_last)

    def column(self, index: int) -> tuple[float | None, ...]:
        """What the layers hold in one bucket."""
        return tuple(layer.values[index] for layer in self.layers)

    def totals(self) -> tuple[float | None, ...]:
        """Sum of what is known of each bucket; None where nothing is."""
        columns = map(self.column, range(self.buckets))
        sums = ([value for value in column if value is not None] for column in columns)
        return tuple(sum(known) if known else None for known in sums)
