"""Cells of heatmaps and the legend that explains their colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.charts.geometry import Box
from analytics.charts.kinds.legend import Entry, filled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analytics.charts.canvas import Canvas
    from analytics.charts.heat_scale import HeatScale
    from analytics.charts.notation import Locale, Quantity
    from analytics.charts.themes import Palette

_STEP_WIDTH = 26
_GAP = 3
"""Pixels between two cells."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a value is shown; None is unknown."""

    box: Box
    value: float | None


def cell_box(left: float, top: float, width: float, height: float) -> Box:
    """Return a cell's box in a grid, less its share of the gaps."""
    return Box(left, top, left + width - _GAP, top + height - _GAP)


def paint_cells(canvas: Canvas, cells: Sequence[Cell], scale: HeatScale, palette: Palette) -> None:
    """Colour cells: a step each, nothing in a colour of its own, unknown hatched."""
    by_colour: dict[str, list[Box]] = {}
    for cell in cells:
        if cell.value is not None:
            step = scale.step(cell.value)
            colour = palette.nothing if step is None else palette.heat[step].fill
            by_colour.setdefault(colour, []).append(cell.box)
    for colour, boxes in by_colour.items():
        canvas.boxes(boxes, colour)
    unknown = [cell.box for cell in cells if cell.value is None]
    canvas.bars(unknown, palette.background, 0, hatch=palette.unknown)


@dataclass(frozen=True, slots=True)
class HeatLegend:
    """What the legend of a heatmap is made of."""

    scale: HeatScale
    locale: Locale
    quantity: Quantity

    def entries(self, cells: Sequence[Cell], palette: Palette) -> list[Entry]:
        """Explain nothing, the steps, and unknown if there is any."""
        entries = [filled(self._value(0), palette.nothing)]
        if any(cell.value for cell in cells):
            pattern = self.locale.heat_beyond if self.scale.beyond else self.locale.heat_top
            fills = [shade.fill for shade in palette.heat]
            label = pattern.format(value=self._value(self.scale.top))
            entries.append(Entry(label, _Strip(fills).paint, _STEP_WIDTH * len(fills)))
        if any(cell.value is None for cell in cells):
            entries.append(filled(self.locale.unknown, palette.background, palette.unknown))
        return entries

    def _value(self, value: float) -> str:
        return self.locale.written(value, self.quantity)


@dataclass(frozen=True, slots=True)
class _Strip:
    """All steps side by side."""

    fills: Sequence[str]

    def paint(self, canvas: Canvas, box: Box) -> None:
        for index, fill in enumerate(self.fills):
            left = box.left + index * _STEP_WIDTH
            canvas.boxes([Box(left, box.top, left + _STEP_WIDTH, box.bottom)], fill)
