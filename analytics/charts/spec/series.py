"""One series over time."""

from collections.abc import Sequence

from analytics.charts.notation import Quantity
from analytics.charts.spec.base import ChartSpec, require_amounts, require_finite
from analytics.charts.spec.time_axis import TimeAxis

MAX_BUCKETS = 2000


class SeriesSpec(ChartSpec, frozen=True, kw_only=True):
    """One series over time, with the period before if that is known.

    ``values`` and ``previous`` hold one number a bucket; None is unknown and drawn as a gap, never as zero.
    ``y_label`` names what is counted and per what, ``quantity`` says how values are written, ``adds_up`` that
    their sum means something: members who are counted once a bucket, means and levels have none.
    ``partial_first`` says that the first known bucket lacks some of its time, ``partial_last`` that the last
    one does, which is ``running`` still or cut off. Raises ValueError if the two series differ in length, are
    too long to be drawn or hold a value that is no finite number.
    """

    axis: TimeAxis
    values: tuple[float | None, ...]
    y_label: str
    quantity: Quantity = Quantity.NUMBER
    previous: tuple[float | None, ...] | None = None
    adds_up: bool = False
    partial_first: bool = False
    partial_last: bool = False
    running: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        require_drawable(len(self.values))
        if self.previous is not None and len(self.previous) != len(self.values):
            raise ValueError(f"previous has {len(self.previous)} values, the series {len(self.values)}")
        require_finite((*self.values, *(self.previous or ())))

    @property
    def partial(self) -> frozenset[int]:
        """Places of the buckets that lack some of their time."""
        return partial_places(self.values, first=self.partial_first, last=self.partial_last)


class BarsSpec(SeriesSpec, frozen=True, kw_only=True, tag="bars"):
    """Amounts per time bucket as bars from zero; the period before is a line."""


class LineSpec(SeriesSpec, frozen=True, kw_only=True, tag="line"):
    """A level over time as a line, for example members; the axis need not begin at zero."""

    from_zero: bool = False


class AreaSpec(SeriesSpec, frozen=True, kw_only=True, tag="area"):
    """Amounts over time as a filled area from zero, for many buckets; ValueError if one is negative."""

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        super().__post_init__()
        require_amounts((*self.values, *(self.previous or ())))


def partial_places(values: Sequence[float | None], *, first: bool, last: bool) -> frozenset[int]:
    """Places of the first known value and of the last one, as far as these are partial."""
    known = [place for place, value in enumerate(values) if value is not None]
    begins = known[:1] if first else []
    return frozenset((*begins, len(values) - 1)) if last and values else frozenset(begins)


def require_drawable(buckets: int) -> None:
    """Refuse more time buckets than a picture has room for; raise ValueError."""
    if buckets > MAX_BUCKETS:
        raise ValueError(f"a chart shows {MAX_BUCKETS} buckets at most, not {buckets}: use wider ones")
