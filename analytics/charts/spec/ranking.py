"""Who or what has most."""

import msgspec

from analytics.charts.notation import Quantity
from analytics.charts.spec.base import ChartSpec, require_at_most, require_finite

MAX_RANKS = 20


class Ranked(msgspec.Struct, frozen=True, omit_defaults=True):
    """One row: a name in any script, its value and that of the period before; None where unknown."""

    name: str
    value: float | None
    previous: float | None = None


class RankingSpec(ChartSpec, frozen=True, kw_only=True, tag="ranking"):
    """Horizontal bars in the order given, each with its name and value.

    ``x_label`` names what is counted, which is of ``quantity``. Raises ValueError for more
    rows than a picture has room for and for values that are no finite numbers.
    """

    rows: tuple[Ranked, ...]
    x_label: str
    quantity: Quantity = Quantity.NUMBER

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        require_at_most(len(self.rows), MAX_RANKS, "rows")
        require_finite([row.value for row in self.rows] + [row.previous for row in self.rows])
