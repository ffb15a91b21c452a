"""When in the week something happens."""

from analytics.charts.notation import Quantity
from analytics.charts.spec.base import ChartSpec, require_amounts

HOURS, WEEKDAYS = 24, 7


class WeekHoursSpec(ChartSpec, frozen=True, kw_only=True, tag="week_hours"):
    """Amounts by weekday and hour as a heatmap of 7 by 24 cells.

    ``values[weekday][hour]``: weekday 0 is Sunday, hours are those of the local clock; None is unknown, and
    no rows at all say that there is nothing yet. The picture begins its week with Monday. ``unit_label``
    names what a cell holds. Raises ValueError for another shape and for values below zero.
    """

    values: tuple[tuple[float | None, ...], ...]
    unit_label: str
    quantity: Quantity = Quantity.NUMBER

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        if self.values and [len(row) for row in self.values] != [HOURS] * WEEKDAYS:
            raise ValueError("a week has 7 rows of 24 hours, Sunday first")
        for row in self.values:
            require_amounts(row)
