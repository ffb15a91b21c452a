"""A year of days."""

from datetime import date

from analytics.charts.notation import Quantity
from analytics.charts.spec.base import ChartSpec, require_amounts, require_at_most

MAX_DAYS = 366


class CalendarSpec(ChartSpec, frozen=True, kw_only=True, tag="calendar"):
    """Amounts per day as a calendar, a column a week, Monday on top; long ones take two blocks.

    ``values`` holds one amount a day from ``start`` on; None is unknown. ``unit_label`` names what a day
    holds. Raises ValueError for more than a year and for values below zero.
    """

    start: date
    values: tuple[float | None, ...]
    unit_label: str
    quantity: Quantity = Quantity.NUMBER

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        require_at_most(len(self.values), MAX_DAYS, "days")
        require_amounts(self.values)
