"""The layout of charts over time: heading, unit, legend, axes; what remains is the plot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.charts.geometry import Box, Point, runs_of, spans_of
from analytics.charts.kinds.layout import (
    ASCENT,
    AXIS_GAP,
    BELOW,
    CENTRED,
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
from analytics.charts.kinds.legend import SWATCH, Entry, filled, hollow_dot, level_line, paint_legend
from analytics.charts.styles import Lettering, Stroke
from analytics.charts.themes import PALETTES, Palette
from analytics.charts.time_ticks import Tick, time_ticks
from analytics.charts.value_ticks import ValueScale, value_scale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analytics.charts.canvas import Canvas
    from analytics.charts.notation import Locale
    from analytics.charts.spec import SeriesSpec, StackedSpec, TimeAxis

_THIN_BELOW = 8.0


@dataclass(frozen=True, slots=True)
class Look:
    """What a kind asks of the axes and the legend.

    ``headroom`` is the share of the value axis to keep free beyond the values; ``dots`` says that a partial
    bucket is a hollow dot rather than a striped bar.
    """

    from_zero: bool
    headroom: float = 0.0
    dots: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """Where the values go: the box between the axes, with the scales of both."""

    box: Box
    scale: ValueScale
    count: int
    palette: Palette

    @property
    def slot(self) -> float:
        """Width that one bucket has."""
        return self.box.width / self.count

    @property
    def base(self) -> float:
        """Height of zero, or of the axis' lower end where zero is not on it."""
        return self.y(max(self.scale.low, min(0.0, self.scale.high)))

    def x(self, index: float) -> float:
        """Middle of a bucket."""
        return self.box.left + (index + 0.5) * self.slot

    def y(self, value: float) -> float:
        """Height of a value."""
        return self.box.bottom - self.scale.share(value) * self.box.height

    def points(self, values: tuple[float | None, ...]) -> list[Point | None]:
        """Points of a series; None where it is unknown."""
        return [
            None if value is None else Point(self.x(at), self.y(value)) for at, value in enumerate(values)
        ]


def paint_plot(canvas: Canvas, spec: SeriesSpec, look: Look) -> Plot | None:
    """Paint all of a chart but its values; None if there are none, which the picture then says."""
    palette = PALETTES[spec.theme]
    top = paint_heading(canvas, spec, palette)
    if all(value is None for value in spec.values):
        paint_empty(canvas, spec, top, spec.locale.unknown if spec.values else spec.locale.empty)
        return None
    header = top + HEADER_GAP + SMALL * ASCENT
    entries = series_entries(spec, dots=look.dots) if sheet_of(canvas).legend else []
    room = paint_legend(canvas, header, entries, palette)
    paint_unit(canvas, header, spec.y_label, room, palette)

    known = [value for value in (*spec.values, *(spec.previous or ())) if value is not None]
    scale = value_scale(known, from_zero=look.from_zero, headroom=look.headroom, quantity=spec.quantity)
    bottom = TimeBottom(spec.axis, len(spec.values), spec.locale)
    plot = paint_time_axes(canvas, bottom, value_side(scale, spec), header, palette)
    paint_unknown(canvas, plot, [value is None for value in spec.values])
    return plot


def paint_unit(canvas: Canvas, y: float, label: str, room: float, palette: Palette) -> None:
    """Say above the value axis what it measures."""
    text = fitted(canvas, label, SMALL, room)
    canvas.text(Point(sheet_of(canvas).margin, y), text, Lettering(SMALL, palette.muted))


@dataclass(frozen=True, slots=True)
class ValueSide:
    """The value axis: its scale and the texts of its ticks."""

    scale: ValueScale
    labels: tuple[str, ...]

    def left(self, canvas: Canvas) -> float:
        """Where the plot begins, to the right of the labels."""
        widest = max(map(measure_of(canvas, SMALL), self.labels))
        return sheet_of(canvas).margin + widest + AXIS_GAP


def value_side(scale: ValueScale, spec: SeriesSpec | StackedSpec) -> ValueSide:
    """Return the value axis with its labels written."""
    return ValueSide(scale, spec.locale.scale(scale.ticks, spec.quantity))


@dataclass(frozen=True, slots=True)
class TimeBottom:
    """The time axis: its buckets and how dates are written."""

    axis: TimeAxis
    count: int
    locale: Locale

    def ticks(self, canvas: Canvas, left: float, right: float) -> tuple[Tick, ...]:
        """Return the ticks between two edges of a plot."""
        slot = (right - left) / self.count
        return time_ticks(
            self.axis.unit,
            self.axis.moments(self.count),
            self.locale,
            lambda index: left + (index + 0.5) * slot,
            measure_of(canvas, SMALL),
        )


def paint_time_axes(
    canvas: Canvas, bottom: TimeBottom, side: ValueSide, header: float, palette: Palette
) -> Plot:
    """Paint grid and ticks below a header line."""
    left, right = side.left(canvas), canvas.width - sheet_of(canvas).margin
    ticks = bottom.ticks(canvas, left, right)
    rows = 2 if any(tick.context for tick in ticks) else 1
    box = Box(left, header + PLOT_GAP, right, canvas.height - BELOW - rows * TICK_ROW)
    plot = Plot(box, side.scale, bottom.count, palette)
    paint_grid(canvas, plot, side.labels)
    _paint_ticks(canvas, plot, ticks)
    return plot


def paint_grid(canvas: Canvas, plot: Plot, labels: Sequence[str]) -> None:
    """Paint a horizontal line and a text for each tick of the value axis."""
    heights = [plot.y(tick) for tick in plot.scale.ticks]
    canvas.rules(heights, plot.box.left, plot.box.right, Stroke(plot.palette.grid, 2))
    for y, label in zip(heights, labels, strict=True):
        at = Point(plot.box.left - AXIS_GAP, y + SMALL * CENTRED)
        canvas.text(at, label, Lettering(SMALL, plot.palette.muted), "right")


def paint_baseline(canvas: Canvas, plot: Plot) -> None:
    """Draw the line that bars stand on, above them."""
    canvas.rules([plot.base], plot.box.left, plot.box.right, Stroke(plot.palette.baseline, 2))


def paint_previous(canvas: Canvas, plot: Plot, previous: tuple[float | None, ...]) -> None:
    """Draw the period before, over this one."""
    runs = runs_of(plot.points(previous))
    canvas.lines(runs, _previous_stroke(plot.palette, plot.slot))
    canvas.dots([run[0] for run in runs if len(run) == 1], 6, plot.palette.previous, plot.palette.background)


def paint_unknown(canvas: Canvas, plot: Plot, unknown: Sequence[bool]) -> None:
    """Hatch the buckets of which nothing is known."""
    left, slot = plot.box.left, plot.slot
    boxes = [
        Box(left + a * slot, plot.box.top, left + b * slot, plot.box.bottom) for a, b in spans_of(unknown)
    ]
    canvas.boxes(boxes, plot.palette.background, hatch=plot.palette.unknown)


def series_entries(spec: SeriesSpec, *, dots: bool) -> list[Entry]:
    """Explain what there is to see of a series; nothing where nothing is known."""
    palette, words = PALETTES[spec.theme], spec.locale
    if all(value is None for value in spec.values):
        return []
    entries = []
    if spec.previous is not None and any(value is not None for value in spec.previous):
        entries.append(level_line(words.previous, _previous_stroke(palette, SWATCH)))
    partial = [value for at in spec.partial if (value := spec.values[at]) is not None]
    if any(partial) or (dots and partial):  # no bar stands for zero
        entries.append(partial_entry(partial_label(spec), palette, dots=dots))
    if any(value is None for value in spec.values):
        entries.append(unknown_entry(words.unknown, palette))
    return entries


def partial_label(spec: SeriesSpec | StackedSpec) -> str:
    """What the buckets are called that lack some of their time; one alone may be growing still."""
    alone = spec.partial_last and spec.running and len(spec.partial) == 1
    return spec.locale.partial if alone else spec.locale.incomplete


def partial_entry(label: str, palette: Palette, *, dots: bool) -> Entry:
    """Explain the buckets that lack some of their time."""
    if dots:
        return hollow_dot(label, palette.partial, palette.accent)
    return filled(label, palette.partial, palette.accent)


def unknown_entry(label: str, palette: Palette) -> Entry:
    """Explain the stripes over what nobody recorded."""
    return filled(label, palette.background, palette.unknown)


def _previous_stroke(palette: Palette, slot: float) -> Stroke:
    """Where buckets are many, a halo would eat the bars."""
    if slot < _THIN_BELOW:
        return Stroke(palette.previous, 2)
    return Stroke(palette.previous, 3, halo=palette.background)


def _paint_ticks(canvas: Canvas, plot: Plot, ticks: tuple[Tick, ...]) -> None:
    y = plot.box.bottom + TICK_ROW
    measure = measure_of(canvas, SMALL)
    for tick in ticks:
        for row, text in enumerate((tick.label, tick.context)):
            if text:
                half = measure(text) / 2
                x = min(max(plot.x(tick.index), EDGE + half), canvas.width - EDGE - half)
                at = Point(x, y + row * TICK_ROW)
                canvas.text(at, text, Lettering(SMALL, plot.palette.muted), "center")
