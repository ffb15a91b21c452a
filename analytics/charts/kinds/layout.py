"""What all kinds share: margins, sizes of texts, the heading, and the picture without data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.charts.geometry import Box, Point
from analytics.charts.styles import Lettering, Stroke
from analytics.charts.themes import PALETTES, Palette
from analytics.charts.wording import is_right_to_left, shorten, wrap

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.spec import ChartSpec
    from analytics.charts.wording import Measure

EDGE = 14
"""No text comes nearer to the border of the picture than this."""

SUBTITLE, SUBTITLE_LINE = 27, 43
SMALL = 26
"""Size of the smallest text: in a chat on a phone it is about nine points high."""

ASCENT = 0.8
"""Share of a text's size above its baseline, capitals and marks included."""

CENTRED = 0.35
"""Share of a text's size by which its baseline lies below the middle of a line."""

HEADER_GAP = 30
PLOT_GAP = 34
AXIS_GAP = 14
TICK_ROW = 36
BELOW = 30

_PANEL_BELOW = 800


@dataclass(frozen=True, slots=True)
class Sheet:
    """Margin and heading of a picture, or of one panel among several, which needs no legend of its own."""

    margin: int
    title: int
    title_line: int
    title_lines: int
    legend: bool


PICTURE = Sheet(44, 38, 48, 2, legend=True)
PANEL = Sheet(24, 29, 37, 2, legend=False)


def sheet_of(canvas: Canvas) -> Sheet:
    """Return the layout for a canvas: panels are narrow."""
    return PANEL if canvas.width < _PANEL_BELOW else PICTURE


def paint_heading(canvas: Canvas, spec: ChartSpec, palette: Palette) -> float:
    """Paint title and subtitle; return the height below them."""
    sheet = sheet_of(canvas)
    width = canvas.width - 2 * sheet.margin
    y = sheet.margin + sheet.title * ASCENT - 4
    title = canvas.typesetter.drawable(spec.title)
    measure = measure_of(canvas, sheet.title, heavy=True)
    lines = wrap(title, width, measure, sheet.title_lines)
    reads_left = is_right_to_left(title)
    x = sheet.margin + max(map(measure, lines), default=0) if reads_left else sheet.margin
    for line in lines:
        lettering = Lettering(sheet.title, palette.text, heavy=True)
        canvas.text(Point(x, y), line, lettering, "right" if reads_left else "left")
        y += sheet.title_line
    y -= sheet.title_line
    if spec.subtitle:
        y += SUBTITLE_LINE
        subtitle = fitted(canvas, spec.subtitle, SUBTITLE, width)
        canvas.text(Point(sheet.margin, y), subtitle, Lettering(SUBTITLE, palette.muted))
    return y


def paint_empty(canvas: Canvas, spec: ChartSpec, top: float, message: str) -> None:
    """Paint an empty grid that says why it is empty."""
    palette, margin = PALETTES[spec.theme], sheet_of(canvas).margin
    box = Box(margin, top + HEADER_GAP + PLOT_GAP, canvas.width - margin, canvas.height - BELOW - TICK_ROW)
    heights = [box.top + box.height * share / 4 for share in range(4)]
    canvas.rules(heights, box.left, box.right, Stroke(palette.grid, 2))
    canvas.rules([box.bottom], box.left, box.right, Stroke(palette.baseline, 2))
    text = fitted(canvas, message, SUBTITLE, box.width)
    half = measure_of(canvas, SUBTITLE)(text) / 2 + 24
    middle = box.middle
    canvas.boxes([Box(middle.x - half, middle.y - 36, middle.x + half, middle.y + 36)], palette.background)
    at = Point(middle.x, middle.y + SUBTITLE * CENTRED)
    canvas.text(at, text, Lettering(SUBTITLE, palette.muted), "center")


def fitted(canvas: Canvas, text: str, size: float, width: float) -> str:
    """Return foreign text cleaned and cut to a width."""
    return shorten(canvas.typesetter.drawable(text), width, measure_of(canvas, size))


def measure_of(canvas: Canvas, size: float, *, heavy: bool = False) -> Measure:
    """Return what measures texts of a size."""
    return lambda text: canvas.typesetter.width(text, size, heavy)
