"""Painting a series as a curve: its running end, its lone points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.charts.geometry import runs_of
from analytics.charts.styles import Stroke

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.geometry import Point
    from analytics.charts.kinds.plot import Plot

_WIDTH = 5
_DOT = 9


def paint_fill(canvas: Canvas, plot: Plot, points: list[Point | None], opacity: float) -> None:
    """Fill what lies between a curve and the baseline."""
    for run in runs_of(points):
        canvas.area(run, plot.base, plot.palette.accent, opacity)


def paint_curve(canvas: Canvas, plot: Plot, points: list[Point | None], *, running: bool) -> None:
    """Draw a curve with a dot at its end; points without neighbours are dots."""
    accent, background = plot.palette.accent, plot.palette.background
    last = points[-1]
    settled = points[:-1] if running else points
    canvas.lines(runs_of(settled), Stroke(accent, _WIDTH))
    canvas.dots([run[0] for run in runs_of(settled) if len(run) == 1], _DOT, accent, background)
    if last is None:
        return
    if running and len(points) > 1 and points[-2] is not None:
        canvas.lines([[points[-2], last]], Stroke(accent, _WIDTH, dashed=True))
    canvas.dots([last], _DOT, plot.palette.partial if running else accent, accent if running else background)
