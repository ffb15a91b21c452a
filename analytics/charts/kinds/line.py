"""A level over time as a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.charts.kinds.curve import paint_curve, paint_fill
from analytics.charts.kinds.plot import Look, paint_baseline, paint_plot, paint_previous
from analytics.charts.telling import Told, tell_series

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.spec import LineSpec

_FILL = 0.12


def draw_line(canvas: Canvas, spec: LineSpec) -> None:
    """Paint the chart."""
    plot = paint_plot(canvas, spec, Look(from_zero=spec.from_zero, dots=True))
    if plot is None:
        return
    points = plot.points(spec.values)
    if spec.from_zero:
        paint_fill(canvas, plot, points, _FILL)
    paint_baseline(canvas, plot)
    if spec.previous is not None:
        paint_previous(canvas, plot, spec.previous)
    paint_curve(canvas, plot, points, partial=spec.partial)


def tell_line(spec: LineSpec) -> Told:
    """Say what it shows."""
    return Told(spec.locale.phrases.line, tell_series(spec))
