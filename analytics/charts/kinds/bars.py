"""Amounts per time bucket as bars; the period before as a line over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.charts.geometry import Box, Point
from analytics.charts.kinds.layout import SMALL
from analytics.charts.kinds.plot import Look, Plot, paint_baseline, paint_plot, paint_previous
from analytics.charts.styles import Lettering
from analytics.charts.telling import Told, tell_series

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.spec import BarsSpec

_GAP_SHARE = 0.28
_GAPLESS_BELOW = 4.0
_WIDEST_GAP = 22.0
_WIDEST_BAR = 120.0
_RADIUS = 7.0
_RADIUS_SHARE = 0.3
_LABELLED_UP_TO = 8
_LABEL_LIFT = 10
_LABEL_HEADROOM = 0.12


def draw_bars(canvas: Canvas, spec: BarsSpec) -> None:
    """Paint the chart."""
    labelled = spec.previous is None and len(spec.values) <= _LABELLED_UP_TO
    plot = paint_plot(canvas, spec, Look(from_zero=True, headroom=_LABEL_HEADROOM if labelled else 0.0))
    if plot is None:
        return
    bars = [None if value is None else _bar(plot, at, value) for at, value in enumerate(spec.values)]
    radius, partial = bar_radius(plot), spec.partial
    canvas.bars(
        [bar for at, bar in enumerate(bars) if bar and at not in partial], plot.palette.accent, radius
    )
    striped = [bar for at in sorted(partial) if (bar := bars[at])]
    if striped:
        canvas.bars(striped, plot.palette.partial, radius, hatch=plot.palette.accent)
    paint_baseline(canvas, plot)
    if spec.previous is not None:
        paint_previous(canvas, plot, spec.previous)
    if labelled:
        _label_bars(canvas, plot, spec)


def tell_bars(spec: BarsSpec) -> Told:
    """Say what it shows."""
    return Told(spec.locale.phrases.bars, tell_series(spec))


def bar_radius(plot: Plot) -> float:
    """How round the ends of bars are."""
    return min(_RADIUS, bar_width(plot) * _RADIUS_SHARE)


def _bar(plot: Plot, index: int, value: float) -> Box:
    half = bar_width(plot) / 2
    x = plot.x(index)
    return Box(x - half, plot.y(value), x + half, plot.base)


def bar_width(plot: Plot) -> float:
    """Width that leaves a gap, unless bars are so many that only their outline counts."""
    if plot.slot < _GAPLESS_BELOW:
        return plot.slot
    return min(plot.slot - min(plot.slot * _GAP_SHARE, _WIDEST_GAP), _WIDEST_BAR)


def _label_bars(canvas: Canvas, plot: Plot, spec: BarsSpec) -> None:
    labels = [None if value is None else spec.locale.written(value, spec.quantity) for value in spec.values]
    if any(label and canvas.typesetter.width(label, SMALL) > plot.slot for label in labels):
        return
    zero = spec.locale.written(0, spec.quantity)
    for at, (label, value) in enumerate(zip(labels, spec.values, strict=True)):
        if label and value and label != zero:
            y = plot.y(value) - _LABEL_LIFT if value > 0 else plot.y(value) + _LABEL_LIFT + SMALL * 0.75
            canvas.text(Point(plot.x(at), y), label, Lettering(SMALL, plot.palette.text), "center")
