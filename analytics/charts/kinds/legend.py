"""Legends: what colours, stripes and lines mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.charts.geometry import Box, Point
from analytics.charts.kinds.layout import SMALL, fitted, measure_of, sheet_of
from analytics.charts.styles import Lettering, Stroke

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from analytics.charts.canvas import Canvas
    from analytics.charts.themes import Palette

SWATCH = 30
SWATCH_GAP = 10
ENTRY_GAP = 30
LEGEND_ROW = 40

_SHARE = 0.72
_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A label and what paints the sample before it into a box."""

    label: str
    sample: Callable[[Canvas, Box], None]
    width: float = SWATCH


def filled(label: str, colour: str, hatch: str | None = None) -> Entry:
    """Explain a fill."""
    return Entry(label, lambda canvas, box: canvas.bars([box], colour, 4, hatch=hatch))


def hollow_dot(label: str, fill: str, edge: str) -> Entry:
    """Explain a dot with an edge."""
    return Entry(label, lambda canvas, box: canvas.dots([box.middle], 9, fill, edge))


def level_line(label: str, stroke: Stroke) -> Entry:
    """Explain a line."""

    def sample(canvas: Canvas, box: Box) -> None:
        canvas.lines([[Point(box.left, box.middle.y), Point(box.right, box.middle.y)]], stroke)

    return Entry(label, sample)


def upright_line(label: str, stroke: Stroke) -> Entry:
    """Explain an upright mark."""

    def sample(canvas: Canvas, box: Box) -> None:
        canvas.lines([[Point(box.middle.x, box.top - 2), Point(box.middle.x, box.bottom + 2)]], stroke)

    return Entry(label, sample)


def paint_legend(canvas: Canvas, y: float, entries: Sequence[Entry], palette: Palette) -> float:
    """Paint a short legend to the right of a line of text; return the width left for the rest of it."""
    margin = sheet_of(canvas).margin
    content = canvas.width - 2 * margin
    if not entries:
        return content
    fixed = sum(entry.width + SWATCH_GAP for entry in entries) + (len(entries) - 1) * ENTRY_GAP
    natural = [measure_of(canvas, SMALL)(canvas.typesetter.drawable(entry.label)) for entry in entries]
    most = _most(natural, content * _SHARE - fixed)
    labels = [fitted(canvas, entry.label, SMALL, most) for entry in entries]
    left = canvas.width - margin - fixed - sum(map(measure_of(canvas, SMALL), labels))
    _paint_row(canvas, Point(left, y), entries, labels, palette)
    return left - margin - ENTRY_GAP


def paint_legend_rows(canvas: Canvas, y: float, entries: Sequence[Entry], palette: Palette) -> float:
    """Paint a legend of names in as many rows as it needs; return the baseline of the last one."""
    margin = sheet_of(canvas).margin
    content = canvas.width - 2 * margin
    measure = measure_of(canvas, SMALL)
    natural = [fitted(canvas, entry.label, SMALL, content) for entry in entries]
    samples = sum(entry.width + SWATCH_GAP for entry in entries)
    if samples + sum(map(measure, natural)) + (len(entries) - 1) * ENTRY_GAP <= content:
        _paint_row(canvas, Point(margin, y), entries, natural, palette)
        return y
    column = (content + ENTRY_GAP) / _COLUMNS
    for index, entry in enumerate(entries):
        row, place = divmod(index, _COLUMNS)
        at = Point(margin + place * column, y + row * LEGEND_ROW)
        label = fitted(canvas, entry.label, SMALL, column - entry.width - SWATCH_GAP - ENTRY_GAP)
        _paint_row(canvas, at, [entry], [label], palette)
    return y + (len(entries) - 1) // _COLUMNS * LEGEND_ROW


def _most(widths: Sequence[float], room: float) -> float:
    """Width that none may exceed so that all have room: short ones leave theirs to the long."""
    left = room
    for index, width in enumerate(sorted(widths)):
        share = left / (len(widths) - index)
        if width > share:
            return share
        left -= width
    return max(widths)


def _paint_row(
    canvas: Canvas, at: Point, entries: Sequence[Entry], labels: Sequence[str], palette: Palette
) -> None:
    x = at.x
    for entry, label in zip(entries, labels, strict=True):
        entry.sample(canvas, Box(x, at.y - 19, x + entry.width, at.y + 1))
        x += entry.width + SWATCH_GAP
        canvas.text(Point(x, at.y), label, Lettering(SMALL, palette.muted))
        x += measure_of(canvas, SMALL)(label) + ENTRY_GAP
