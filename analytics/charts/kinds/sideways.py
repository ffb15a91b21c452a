"""Bars that lie: each with its value written at the end, so that no axis is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.charts.geometry import Box, Point
from analytics.charts.kinds.layout import CENTRED, SMALL, fitted, measure_of
from analytics.charts.styles import Lettering, Stroke

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analytics.charts.canvas import Canvas
    from analytics.charts.notation import Locale, Quantity
    from analytics.charts.themes import Palette

_LABEL_GAP = 12
_RADIUS = 7.0
_STUB = 44
"""Width of the hatched piece that stands for an unknown value."""

_THINNEST = 3.0
"""A value above zero shows, however small it is beside the others."""

_MARK_REACH = 5


@dataclass(frozen=True, slots=True)
class Lane:
    """One bar's place and what it shows; ``before`` is marked across it."""

    top: float
    height: float
    value: float | None
    colour: str
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """Where bars lie, and what their values look like."""

    left: float
    right: float
    locale: Locale
    quantity: Quantity
    palette: Palette

    def text(self, value: float | None) -> str:
        """Write a value."""
        return self.locale.unknown if value is None else self.locale.written(value, self.quantity)


def paint_lanes(canvas: Canvas, lanes: Sequence[Lane], track: Track) -> None:
    """Paint bars from zero on one scale, each with its value."""
    known = [v for lane in lanes for v in (lane.value, lane.before) if v is not None]
    low, high = min((0.0, *known)), max((0.0, *known))
    widest = max(measure_of(canvas, SMALL)(_label(canvas, lane, track)) for lane in lanes) + _LABEL_GAP
    widest += _STUB if any(lane.value is None for lane in lanes) else 0
    left = track.left + (widest if low < 0 else 0)
    scale = _Scale(left, track.right - widest, low, high if high > low else low + 1.0)
    for lane in lanes:
        _paint_bar(canvas, lane, scale, track.palette)
        _paint_label(canvas, lane, scale, track)
    zero = round(scale.x(0))
    ends = [Point(zero, lanes[0].top - 4), Point(zero, lanes[-1].top + lanes[-1].height + 4)]
    canvas.lines([ends], Stroke(track.palette.baseline, 2))


@dataclass(frozen=True, slots=True)
class _Scale:
    left: float
    right: float
    low: float
    high: float

    def x(self, value: float) -> float:
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)


def _paint_bar(canvas: Canvas, lane: Lane, scale: _Scale, palette: Palette) -> None:
    zero, bottom = scale.x(0), lane.top + lane.height
    if lane.value is None:
        canvas.bars([Box(zero, lane.top, zero + _STUB, bottom)], palette.background, 0, hatch=palette.unknown)
    elif lane.value:
        reach = scale.x(lane.value) - zero
        end = zero + (max(reach, _THINNEST) if reach > 0 else min(reach, -_THINNEST))
        canvas.bars([Box(zero, lane.top, end, bottom)], lane.colour, _RADIUS, sideways=True)
    if lane.before is not None:
        x = scale.x(lane.before)
        mark = [Point(x, lane.top - _MARK_REACH), Point(x, bottom + _MARK_REACH)]
        canvas.lines([mark], previous_mark(palette))


def previous_mark(palette: Palette) -> Stroke:
    """How the value of the period before is marked."""
    return Stroke(palette.previous, 4, halo=palette.background)


def _paint_label(canvas: Canvas, lane: Lane, scale: _Scale, track: Track) -> None:
    text = _label(canvas, lane, track)
    baseline = lane.top + lane.height / 2 + SMALL * CENTRED
    lettering = Lettering(SMALL, track.palette.muted if lane.value is None else track.palette.text)
    if lane.value is not None and lane.value < 0:
        x = scale.x(min(lane.value, lane.before or 0)) - _LABEL_GAP
        canvas.text(Point(x, baseline), text, lettering, "right")
        return
    end = scale.x(0) + _STUB if lane.value is None else scale.x(max(lane.value, 0))
    reached = max(end, scale.x(lane.before)) if lane.before is not None else end
    canvas.text(Point(reached + _LABEL_GAP, baseline), text, lettering)


def _label(canvas: Canvas, lane: Lane, track: Track) -> str:
    return fitted(canvas, track.text(lane.value), SMALL, (track.right - track.left) / 2)
