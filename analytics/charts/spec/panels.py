"""Several charts in one picture."""

from analytics.charts.spec.base import ChartSpec, require_at_most
from analytics.charts.spec.series import AreaSpec, BarsSpec, LineSpec

MAX_PANELS = 6


class PanelsSpec(ChartSpec, frozen=True, kw_only=True, tag="panels"):
    """An overview of several charts over time, in two or three columns.

    Each panel's title says its finding; theme and locale are those of the whole, and one legend serves all.
    Raises ValueError for more panels than a picture has room for.
    """

    panels: tuple[BarsSpec | LineSpec | AreaSpec, ...]

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        require_at_most(len(self.panels), MAX_PANELS, "panels")
