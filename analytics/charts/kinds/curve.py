"""Painting a series as a curve: its partial ends, its lone points."""

from __future__ import annotations

from itertools import pairwise
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


def paint_curve(canvas: Canvas, plot: Plot, points: list[Point | None], *, partial: frozenset[int]) -> None:
    """Draw a curve with a dot at its end; points without neighbours are dots, ``partial`` ones hollow."""
    accent, background = plot.palette.accent, plot.palette.background
    settled = [None if at in partial else point for at, point in enumerate(points)]
    canvas.lines(runs_of(settled), Stroke(accent, _WIDTH))
    canvas.dots([run[0] for run in runs_of(settled) if len(run) == 1], _DOT, accent, background)
    uneven = [
        [one, two]
        for at, (one, two) in enumerate(pairwise(points))
        if one is not None and two is not None and not partial.isdisjoint((at, at + 1))
    ]
    if uneven:
        canvas.lines(uneven, Stroke(accent, _WIDTH, dashed=True))
    if settled[-1] is not None:
        canvas.dots([settled[-1]], _DOT, accent, background)
    hollow = [point for at in sorted(partial) if (point := points[at]) is not None]
    if hollow:
        canvas.dots(hollow, _DOT, plot.palette.partial, accent)
