"""Amounts per time bucket as bars made of layers."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from analytics.charts.geometry import Box, Point
from analytics.charts.kinds.bars import bar_radius, bar_width
from analytics.charts.kinds.layout import ASCENT, HEADER_GAP, SMALL, paint_empty, paint_heading
from analytics.charts.kinds.legend import LEGEND_ROW, Entry, filled, paint_legend, paint_legend_rows
from analytics.charts.kinds.plot import (
    Plot,
    TimeBottom,
    paint_baseline,
    paint_time_axes,
    paint_unit,
    paint_unknown,
    partial_label,
    unknown_entry,
    value_side,
)
from analytics.charts.styles import Stroke
from analytics.charts.telling import Told, named, tell_extremes, tell_gaps, tell_period, whole_values
from analytics.charts.themes import PALETTES
from analytics.charts.value_ticks import value_scale

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.spec import StackedSpec
    from analytics.charts.themes import Palette

_SEAM = 2.0
_SEAM_FROM = 10.0
"""Bars at least this wide show a seam between their layers."""

_CAP = 12.0
_CAP_HEADROOM = 0.06


def draw_stacked(canvas: Canvas, spec: StackedSpec) -> None:
    """Paint the chart."""
    palette = PALETTES[spec.theme]
    top = paint_heading(canvas, spec, palette)
    totals = spec.totals()
    if all(total is None for total in totals):
        paint_empty(canvas, spec, top, spec.locale.unknown if totals else spec.locale.empty)
        return
    header = top + HEADER_GAP + SMALL * ASCENT
    room = paint_legend(canvas, header, _states(spec, totals, palette), palette)
    paint_unit(canvas, header, spec.y_label, room, palette)
    names = [
        filled(layer.name, colour)
        for layer, colour in zip(spec.layers, palette.series, strict=False)
        if any(layer.values)  # what nothing is drawn of needs no explaining
    ]
    last = paint_legend_rows(canvas, header + LEGEND_ROW, names, palette) if names else header

    known = [total for total in totals if total is not None]
    headroom = _CAP_HEADROOM if _incomplete(spec) else 0.0
    scale = value_scale(known, from_zero=True, headroom=headroom, quantity=spec.quantity)
    bottom = TimeBottom(spec.axis, spec.buckets, spec.locale)
    plot = paint_time_axes(canvas, bottom, value_side(scale, spec), last, palette)
    paint_unknown(canvas, plot, [total is None for total in totals])
    _paint_stacks(canvas, plot, spec)
    paint_baseline(canvas, plot)


def tell_stacked(spec: StackedSpec) -> Told:
    """Say what it shows."""
    locale, phrases = spec.locale, spec.locale.phrases
    facts = tell_period(spec.axis, spec.buckets, spec.y_label, locale)
    facts += tell_extremes(spec.axis, whole_values(spec.totals(), spec.partial), spec.quantity, locale)
    for layer in spec.layers:
        known = [value for value in layer.values if value is not None]
        said = sum(known) if spec.adds_up else (known or [0])[-1]
        value = locale.written(said, spec.quantity) if known else locale.unknown
        pattern = phrases.named if spec.adds_up or not known else phrases.named_latest
        facts.append(pattern.format(name=named(layer.name), value=value))
    return Told(phrases.stacked, (*facts, *tell_gaps(spec.totals(), locale)))


def _states(spec: StackedSpec, totals: tuple[float | None, ...], palette: Palette) -> list[Entry]:
    entries = []
    if any(totals[at] for at in spec.partial):
        entries.append(filled(partial_label(spec), palette.accent, palette.background))
    if any(total is None for total in totals) or _incomplete(spec):
        entries.append(unknown_entry(spec.locale.unknown, palette))
    return entries


def _incomplete(spec: StackedSpec) -> list[int]:
    """Buckets of which some layers are known and some are not."""
    columns = map(spec.column, range(spec.buckets))
    return [
        at
        for at, column in enumerate(columns)
        if None in column and any(value is not None for value in column)
    ]


def _paint_stacks(canvas: Canvas, plot: Plot, spec: StackedSpec) -> None:
    tops = _tops(spec)
    partial = spec.partial
    for layer, colour in enumerate(plot.palette.series[: len(spec.layers)]):
        parts: dict[tuple[float, str | None], list[Box]] = {}
        for bucket in range(spec.buckets):
            if spec.column(bucket)[layer]:
                radius = bar_radius(plot) if tops[bucket][layer] == tops[bucket][-1] else 0.0
                hatch = plot.palette.background if bucket in partial else None
                base = tops[bucket][layer - 1] if layer else 0.0
                parts.setdefault((radius, hatch), []).append(_box(plot, bucket, tops[bucket][layer], base))
        for (radius, hatch), boxes in parts.items():
            canvas.bars(boxes, colour, radius, hatch=hatch)
    if bar_width(plot) >= _SEAM_FROM:
        _paint_seams(canvas, plot, tops)
    caps = [_box(plot, bucket, tops[bucket][-1]) for bucket in _incomplete(spec)]
    lifted = [Box(cap.left, cap.top - _CAP - _SEAM, cap.right, cap.top - _SEAM) for cap in caps]
    canvas.bars(lifted, plot.palette.background, 0, hatch=plot.palette.unknown)


def _tops(spec: StackedSpec) -> list[list[float]]:
    """Upper ends of the layers, bucket by bucket."""
    return [list(accumulate(value or 0.0 for value in spec.column(bucket))) for bucket in range(spec.buckets)]


def _box(plot: Plot, bucket: int, top: float, base: float = 0.0) -> Box:
    half, x = bar_width(plot) / 2, plot.x(bucket)
    return Box(x - half, plot.y(top), x + half, plot.y(base))


def _paint_seams(canvas: Canvas, plot: Plot, tops: list[list[float]]) -> None:
    """Part the layers by the background, where both are high enough to be seen."""
    seams = []
    for bucket, ends in enumerate(tops):
        heights = [plot.y(end) for end in sorted({0.0, *ends})]
        for below, here, above in zip(heights, heights[1:], heights[2:], strict=False):
            if min(below - here, here - above) > _SEAM:
                half, x = bar_width(plot) / 2, plot.x(bucket)
                seams.append([Point(x - half, here), Point(x + half, here)])
    canvas.lines(seams, Stroke(plot.palette.background, _SEAM))
