"""How values are spread: a histogram with median and quartiles."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from analytics.charts.geometry import Box, Point
from analytics.charts.kinds.bars import bar_radius
from analytics.charts.kinds.layout import (
    ASCENT,
    BELOW,
    EDGE,
    HEADER_GAP,
    PLOT_GAP,
    SMALL,
    TICK_ROW,
    fitted,
    measure_of,
    paint_empty,
    paint_heading,
    sheet_of,
)
from analytics.charts.kinds.legend import LEGEND_ROW, Entry, level_line, paint_legend_rows, upright_line
from analytics.charts.kinds.plot import Plot, ValueSide, paint_baseline, paint_grid, paint_unit, unknown_entry
from analytics.charts.notation import Quantity
from analytics.charts.styles import Lettering, Stroke
from analytics.charts.telling import Told, named
from analytics.charts.themes import PALETTES
from analytics.charts.value_ticks import value_scale

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.spec import DistributionSpec
    from analytics.charts.themes import Palette

_BAR_GAP = 2.0
_BRACKET_LIFT = 16
_SHORTEST = 6
_LABEL_GAP = 20
_EVEN = 1e-6


def draw_distribution(canvas: Canvas, spec: DistributionSpec) -> None:
    """Paint the chart."""
    palette = PALETTES[spec.theme]
    top = paint_heading(canvas, spec, palette)
    if not any(spec.counts):
        paint_empty(canvas, spec, top, spec.locale.unknown if spec.unknown else spec.locale.nothing)
        return
    header = top + HEADER_GAP + SMALL * ASCENT
    margin = sheet_of(canvas).margin
    paint_unit(canvas, header, spec.y_label, canvas.width - 2 * margin, palette)
    legend = _entries(spec, palette)
    last = paint_legend_rows(canvas, header + LEGEND_ROW, legend, palette) if legend else header

    scale = value_scale([float(count) for count in spec.counts], from_zero=True)
    side = ValueSide(scale, spec.locale.scale(scale.ticks))
    bottom = canvas.height - BELOW - 2 * TICK_ROW
    box = Box(side.left(canvas), last + PLOT_GAP + _BRACKET_LIFT, canvas.width - margin, bottom)
    plot = Plot(box, scale, len(spec.counts), palette)
    paint_grid(canvas, plot, side.labels)
    bars = [
        Box(plot.x(at - 0.5) + _BAR_GAP, plot.y(count), plot.x(at + 0.5) - _BAR_GAP, plot.base)
        for at, count in enumerate(spec.counts)
        if count
    ]
    canvas.bars(bars, palette.accent, bar_radius(plot))
    paint_baseline(canvas, plot)
    _paint_edges(canvas, plot, spec)
    _paint_quartiles(canvas, plot, spec)


def tell_distribution(spec: DistributionSpec) -> Told:
    """Say what it shows."""
    locale, phrases = spec.locale, spec.locale.phrases
    facts = [f"{named(spec.y_label)}, {named(spec.x_label)}"]
    if not any(spec.counts):
        facts.append(locale.nothing)
    else:
        count, at = max((count, -at) for at, count in enumerate(spec.counts))
        low, high = _values(spec, spec.edges[-at], spec.edges[1 - at])
        facts.append(phrases.fullest.format(count=locale.number(count), low=low, high=high))
    if spec.quartiles is not None:
        marks = (spec.quartiles.low, spec.quartiles.median, spec.quartiles.high)
        low, median, high = _values(spec, *marks)
        facts.append(phrases.quartiles.format(low=low, median=median, high=high))
    if spec.unknown:
        facts.append(phrases.gaps.format(unknown=spec.unknown, all=sum(spec.counts) + spec.unknown))
    return Told(phrases.distribution, tuple(facts))


def _values(spec: DistributionSpec, *values: float) -> list[str]:
    return [spec.locale.written(value, spec.quantity) for value in values]


def _entries(spec: DistributionSpec, palette: Palette) -> list[Entry]:
    words, entries = spec.locale, []
    if spec.quartiles is not None:
        low, median, high = _values(spec, spec.quartiles.low, spec.quartiles.median, spec.quartiles.high)
        entries.append(upright_line(words.median.format(value=median), _median_stroke(palette)))
        entries.append(level_line(words.middle_half.format(low=low, high=high), _bracket_stroke(palette)))
    if spec.unknown:
        label = words.phrases.named.format(name=words.unknown, value=words.number(spec.unknown))
        entries.append(unknown_entry(label, palette))
    return entries


def _median_stroke(palette: Palette) -> Stroke:
    return Stroke(palette.text, 3, halo=palette.background)


def _bracket_stroke(palette: Palette) -> Stroke:
    return Stroke(palette.previous, 7)


def _paint_edges(canvas: Canvas, plot: Plot, spec: DistributionSpec) -> None:
    """Write the edges of the bins, as many as have room, and below them what they measure."""
    texts = _edge_texts(spec)
    measure = measure_of(canvas, SMALL)
    room = max(map(measure, texts)) + _LABEL_GAP
    every = next((step for step in (1, 2, 4, 5, 10, 20) if step * plot.slot >= room), len(texts))
    y = plot.box.bottom + TICK_ROW
    limit = float(canvas.width)
    for at in reversed(range(0, len(texts), every)):
        half = measure(texts[at]) / 2
        x = min(max(plot.x(at - 0.5), EDGE + half), canvas.width - EDGE - half)
        if x + half <= limit:
            canvas.text(Point(x, y), texts[at], Lettering(SMALL, plot.palette.muted), "center")
            limit = x - half - _LABEL_GAP / 2
    label = fitted(canvas, spec.x_label, SMALL, plot.box.width)
    middle = Point(plot.box.middle.x, y + TICK_ROW)
    canvas.text(middle, label, Lettering(SMALL, plot.palette.muted), "center")


def _edge_texts(spec: DistributionSpec) -> list[str]:
    """Evenly spaced edges share a unit and its decimals; others are written as numbers are."""
    widths = [high - low for low, high in pairwise(spec.edges)]
    even = max(widths) - min(widths) <= _EVEN * max(widths)
    if even and spec.quantity is not Quantity.DURATION:
        return list(spec.locale.scale(spec.edges, spec.quantity))
    return _values(spec, *spec.edges)


def _paint_quartiles(canvas: Canvas, plot: Plot, spec: DistributionSpec) -> None:
    if spec.quartiles is None:
        return
    y = plot.box.top - _BRACKET_LIFT
    low, median, high = (
        _across(plot, spec.edges, value)
        for value in (spec.quartiles.low, spec.quartiles.median, spec.quartiles.high)
    )
    middle = (low + high) / 2
    half = max((high - low) / 2, _SHORTEST)
    canvas.lines([[Point(middle - half, y), Point(middle + half, y)]], _bracket_stroke(plot.palette))
    canvas.lines([[Point(median, y), Point(median, plot.base)]], _median_stroke(plot.palette))


def _across(plot: Plot, edges: tuple[float, ...], value: float) -> float:
    """X of a value: as far into its bin as it lies between the bin's edges."""
    at = min(max(bisect_right(edges, value) - 1, 0), len(edges) - 2)
    return plot.x(at - 0.5 + (value - edges[at]) / (edges[at + 1] - edges[at]))
