"""The fixed layout that charts over time share: title, unit, legend, axes; what remains is the plot."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from analytics.charts.geometry import Box, Point, runs_of, spans_of
from analytics.charts.styles import Lettering, Stroke
from analytics.charts.themes import PALETTES, Palette
from analytics.charts.time_ticks import Tick, time_ticks
from analytics.charts.value_ticks import ValueScale, value_scale
from analytics.charts.wording import is_right_to_left, shorten, wrap

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.spec import ChartSpec, SeriesSpec
    from analytics.charts.wording import Measure

MARGIN = 44
EDGE = 14
"""No text comes nearer to the border of the picture than this."""

TITLE, TITLE_LINE = 38, 48
SUBTITLE, SUBTITLE_LINE = 27, 40
SMALL = 26
TITLE_LINES = 2

_ASCENT = 0.8
_HEADER_GAP = 30
_PLOT_GAP = 34
_AXIS_GAP = 14
_TICK_ROW = 36
_BELOW = 30
_SWATCH = 30
_SWATCH_GAP = 10
_ENTRY_GAP = 30
_LEGEND_SHARE = 0.72


_THIN_BELOW = 8.0


@dataclass(frozen=True, slots=True)
class Look:
    """What a kind asks of the axes and the legend.

    ``headroom`` is the share of the value axis to keep free beyond the values; ``dots`` says that the running
    bucket is a hollow dot rather than a striped bar.
    """

    from_zero: bool
    headroom: float = 0.0
    dots: bool = False


class Key(Enum):
    """What a legend explains."""

    PREVIOUS = auto()
    PARTIAL = auto()
    UNKNOWN = auto()


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

    def x(self, index: int) -> float:
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
    known = [value for value in (*spec.values, *(spec.previous or ())) if value is not None]
    if all(value is None for value in spec.values):
        _paint_empty(canvas, top, spec.locale.unknown if spec.values else spec.locale.empty, palette)
        return None
    header = top + _HEADER_GAP + SMALL * _ASCENT
    room = _paint_legend(canvas, header, spec, look)
    canvas.text(
        Point(MARGIN, header), _fitted(canvas, spec.y_label, SMALL, room), Lettering(SMALL, palette.muted)
    )

    scale = value_scale(known, from_zero=look.from_zero, headroom=look.headroom)
    labels = [label + spec.suffix for label in spec.locale.scale(scale.ticks)]
    left = MARGIN + max(_measure(canvas, SMALL)(label) for label in labels) + _AXIS_GAP
    right = canvas.width - MARGIN
    ticks = _time_ticks(canvas, spec, left, right)
    rows = 2 if any(tick.context for tick in ticks) else 1
    box = Box(left, header + _PLOT_GAP, right, canvas.height - _BELOW - rows * _TICK_ROW)
    plot = Plot(box, scale, len(spec.values), palette)
    _paint_grid(canvas, plot, labels)
    _paint_unknown(canvas, plot, spec)
    _paint_ticks(canvas, plot, ticks)
    return plot


def paint_baseline(canvas: Canvas, plot: Plot) -> None:
    """Draw the line that bars stand on, above them."""
    canvas.rules([plot.base], plot.box.left, plot.box.right, Stroke(plot.palette.baseline, 2))


def paint_previous(canvas: Canvas, plot: Plot, previous: tuple[float | None, ...]) -> None:
    """Draw the period before, over this one."""
    runs = runs_of(plot.points(previous))
    canvas.lines(runs, _previous_stroke(plot.palette, plot.slot))
    canvas.dots([run[0] for run in runs if len(run) == 1], 6, plot.palette.previous, plot.palette.background)


def paint_heading(canvas: Canvas, spec: ChartSpec, palette: Palette) -> float:
    """Paint title and subtitle; return the height below them."""
    width = canvas.width - 2 * MARGIN
    y = MARGIN + TITLE * _ASCENT - 4
    title = canvas.typesetter.drawable(spec.title)
    measure = _measure(canvas, TITLE, heavy=True)
    lines = wrap(title, width, measure, TITLE_LINES)
    reads_left = is_right_to_left(title)
    x = MARGIN + max(map(measure, lines), default=0) if reads_left else MARGIN
    for line in lines:
        lettering = Lettering(TITLE, palette.text, heavy=True)
        canvas.text(Point(x, y), line, lettering, "right" if reads_left else "left")
        y += TITLE_LINE
    y -= TITLE_LINE
    if spec.subtitle:
        y += SUBTITLE_LINE
        subtitle = _fitted(canvas, spec.subtitle, SUBTITLE, width)
        canvas.text(Point(MARGIN, y), subtitle, Lettering(SUBTITLE, palette.muted))
    return y


def _paint_empty(canvas: Canvas, top: float, message: str, palette: Palette) -> None:
    box = Box(
        MARGIN, top + _HEADER_GAP + _PLOT_GAP, canvas.width - MARGIN, canvas.height - _BELOW - _TICK_ROW
    )
    heights = [box.top + box.height * share / 4 for share in range(4)]
    canvas.rules(heights, box.left, box.right, Stroke(palette.grid, 2))
    canvas.rules([box.bottom], box.left, box.right, Stroke(palette.baseline, 2))
    text = _fitted(canvas, message, SUBTITLE, box.width)
    half = _measure(canvas, SUBTITLE)(text) / 2 + 24
    middle = box.middle
    canvas.boxes([Box(middle.x - half, middle.y - 36, middle.x + half, middle.y + 36)], palette.background)
    canvas.text(
        Point(middle.x, middle.y + SUBTITLE * 0.35), text, Lettering(SUBTITLE, palette.muted), "center"
    )


def _paint_legend(canvas: Canvas, y: float, spec: SeriesSpec, look: Look) -> float:
    """Paint the legend to the right of a header line; return the width left for the rest of it."""
    palette = PALETTES[spec.theme]
    entries = _entries(spec)
    content = canvas.width - 2 * MARGIN
    if not entries:
        return content
    fixed = len(entries) * (_SWATCH + _SWATCH_GAP) + (len(entries) - 1) * _ENTRY_GAP
    share = (content * _LEGEND_SHARE - fixed) / len(entries)
    measure = _measure(canvas, SMALL)
    labels = [_fitted(canvas, label, SMALL, share) for _, label in entries]
    x = canvas.width - MARGIN - fixed - sum(measure(label) for label in labels)
    room = x - MARGIN - _ENTRY_GAP
    for (key, _), label in zip(entries, labels, strict=True):
        _paint_swatch(canvas, key, Point(x, y), palette, dots=look.dots)
        x += _SWATCH + _SWATCH_GAP
        canvas.text(Point(x, y), label, Lettering(SMALL, palette.muted))
        x += measure(label) + _ENTRY_GAP
    return room


def _entries(spec: SeriesSpec) -> list[tuple[Key, str]]:
    entries = []
    if spec.previous is not None and any(value is not None for value in spec.previous):
        entries.append((Key.PREVIOUS, spec.locale.previous))
    if spec.partial_last and spec.values and spec.values[-1] is not None:
        entries.append((Key.PARTIAL, spec.locale.partial))
    if any(value is None for value in spec.values):
        entries.append((Key.UNKNOWN, spec.locale.unknown))
    return entries


def _paint_swatch(canvas: Canvas, key: Key, at: Point, palette: Palette, *, dots: bool) -> None:
    box = Box(at.x, at.y - 19, at.x + _SWATCH, at.y + 1)
    match key:
        case Key.PREVIOUS:
            middle = box.middle.y
            canvas.lines(
                [[Point(box.left, middle), Point(box.right, middle)]], _previous_stroke(palette, _SWATCH)
            )
        case Key.PARTIAL if dots:
            canvas.dots([box.middle], 9, palette.partial, palette.accent)
        case Key.PARTIAL:
            canvas.bars([box], palette.partial, 4, hatch=palette.accent)
        case Key.UNKNOWN:
            canvas.bars([box], palette.background, 4, hatch=palette.unknown)


def _previous_stroke(palette: Palette, slot: float) -> Stroke:
    """Where buckets are many, a halo would eat the bars."""
    if slot < _THIN_BELOW:
        return Stroke(palette.previous, 2)
    return Stroke(palette.previous, 3, halo=palette.background)


def _paint_grid(canvas: Canvas, plot: Plot, labels: list[str]) -> None:
    heights = [plot.y(tick) for tick in plot.scale.ticks]
    canvas.rules(heights, plot.box.left, plot.box.right, Stroke(plot.palette.grid, 2))
    for y, label in zip(heights, labels, strict=True):
        at = Point(plot.box.left - _AXIS_GAP, y + SMALL * 0.35)
        canvas.text(at, label, Lettering(SMALL, plot.palette.muted), "right")


def _paint_unknown(canvas: Canvas, plot: Plot, spec: SeriesSpec) -> None:
    spans = spans_of([value is None for value in spec.values])
    left, slot = plot.box.left, plot.slot
    boxes = [Box(left + a * slot, plot.box.top, left + b * slot, plot.box.bottom) for a, b in spans]
    canvas.boxes(boxes, plot.palette.background, hatch=plot.palette.unknown)


def _time_ticks(canvas: Canvas, spec: SeriesSpec, left: float, right: float) -> tuple[Tick, ...]:
    count = len(spec.values)
    slot = (right - left) / count
    return time_ticks(
        spec.axis.unit,
        spec.axis.moments(count),
        spec.locale,
        lambda index: left + (index + 0.5) * slot,
        _measure(canvas, SMALL),
    )


def _paint_ticks(canvas: Canvas, plot: Plot, ticks: tuple[Tick, ...]) -> None:
    y = plot.box.bottom + _TICK_ROW
    measure = _measure(canvas, SMALL)
    for tick in ticks:
        for row, text in enumerate((tick.label, tick.context)):
            if text:
                half = measure(text) / 2
                x = min(max(plot.x(tick.index), EDGE + half), canvas.width - EDGE - half)
                canvas.text(
                    Point(x, y + row * _TICK_ROW), text, Lettering(SMALL, plot.palette.muted), "center"
                )


def _fitted(canvas: Canvas, text: str, size: float, width: float) -> str:
    return shorten(canvas.typesetter.drawable(text), width, _measure(canvas, size))


def _measure(canvas: Canvas, size: float, *, heavy: bool = False) -> Measure:
    return lambda text: canvas.typesetter.width(text, size, heavy)
