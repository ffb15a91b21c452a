"""What became of those who came at the same time."""

import msgspec

from analytics.charts.spec.base import ChartSpec, require_amounts, require_at_most

MAX_COHORTS, MAX_PERIODS = 16, 16
WHOLE = 100.0


class Cohort(msgspec.Struct, frozen=True):
    """Those who came at the same time: when, how many, and per cent of them in each period since.

    ``shares`` ends where time ends; None is unknown, as is a ``size`` of None.
    """

    name: str
    size: int | None
    shares: tuple[float | None, ...]


class CohortsSpec(ChartSpec, frozen=True, kw_only=True, tag="cohorts"):
    """A triangle of cohorts, the oldest on top, with the per cent in each cell.

    ``size_label`` heads the column of sizes, ``share_label`` names what the per cent are of, ``x_label``
    names the columns, which count periods from zero. Raises ValueError for more cohorts or periods
    than a picture has room for and for what is no share.
    """

    cohorts: tuple[Cohort, ...]
    size_label: str
    share_label: str
    x_label: str

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        require_at_most(len(self.cohorts), MAX_COHORTS, "cohorts")
        require_at_most(self.periods, MAX_PERIODS, "periods")
        for cohort in self.cohorts:
            require_amounts((cohort.size, *cohort.shares))
            if any(share is not None and share > WHOLE for share in cohort.shares):
                raise ValueError("a share is a number of per cent from 0 to 100")

    @property
    def periods(self) -> int:
        """Number of columns."""
        return max((len(cohort.shares) for cohort in self.cohorts), default=0)
