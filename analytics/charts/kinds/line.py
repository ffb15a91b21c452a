"""A level over time as a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.charts.geometry import Point, runs_of
from analytics.charts.kinds.plot import Look, Plot, paint_baseline, paint_plot, paint_previous
from analytics.charts.styles import Stroke

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.spec import LineSpec

_WIDTH = 5
_DOT = 9
_FILL = 0.12


def draw_line(canvas: Canvas, spec: LineSpec) -> None:
    """Paint the chart."""
    plot = paint_plot(canvas, spec, Look(from_zero=spec.from_zero, dots=True))
    if plot is None:
        return
    points = plot.points(spec.values)
    if spec.from_zero:
        for run in runs_of(points):
            canvas.area(run, plot.base, plot.palette.accent, _FILL)
    paint_baseline(canvas, plot)
    if spec.previous is not None:
        paint_previous(canvas, plot, spec.previous)
    _paint_series(canvas, plot, points, running=spec.partial_last)


def _paint_series(canvas: Canvas, plot: Plot, points: list[Point | None], *, running: bool) -> None:
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
