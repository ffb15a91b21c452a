"""The kinds of charts: one row each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from analytics.charts.kinds.bars import draw_bars
from analytics.charts.kinds.line import draw_line
from analytics.charts.spec import BarsSpec, ChartSpec, LineSpec

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas


@dataclass(frozen=True, slots=True)
class Kind:
    """How a chart is painted, and the size of its picture in pixels."""

    paint: "Callable[[Canvas, Any], None]"
    width: int = 1100
    height: int = 620


KINDS: Mapping[type[ChartSpec], Kind] = MappingProxyType(
    {BarsSpec: Kind(draw_bars), LineSpec: Kind(draw_line)}
)
