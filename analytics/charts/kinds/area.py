"""Amounts over time as a filled area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.charts.kinds.curve import paint_curve, paint_fill
from analytics.charts.kinds.plot import Look, paint_baseline, paint_plot, paint_previous
from analytics.charts.telling import Told, tell_series

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.spec import AreaSpec

_FILL = 0.45


def draw_area(canvas: Canvas, spec: AreaSpec) -> None:
    """Paint the chart."""
    plot = paint_plot(canvas, spec, Look(from_zero=True, dots=True))
    if plot is None:
        return
    points = plot.points(spec.values)
    paint_fill(canvas, plot, points, _FILL)
    paint_baseline(canvas, plot)
    if spec.previous is not None:
        paint_previous(canvas, plot, spec.previous)
    paint_curve(canvas, plot, points, partial=spec.partial)


def tell_area(spec: AreaSpec) -> Told:
    """Say what it shows."""
    return Told(spec.locale.phrases.area, tell_series(spec))
