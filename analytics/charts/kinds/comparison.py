"""A few subjects or periods side by side: a block of bars a measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.charts.geometry import Point
from analytics.charts.kinds.layout import (
    ASCENT,
    HEADER_GAP,
    SMALL,
    fitted,
    paint_empty,
    paint_heading,
    sheet_of,
)
from analytics.charts.kinds.legend import filled, paint_legend_rows
from analytics.charts.kinds.sideways import Lane, Track, paint_lanes
from analytics.charts.kinds.size import Size, size_of_height
from analytics.charts.styles import Lettering
from analytics.charts.telling import Told, named
from analytics.charts.themes import PALETTES

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.spec import ComparisonSpec, Measurement

_HEADER = 290
_NAME_ROW = 44
_LANE = 38
_BLOCK_GAP = 26
_BAR_SHARE = 0.76
_COLUMN_GAP = 56
_TALLEST_COLUMN = 880


def size_of_comparison(spec: ComparisonSpec) -> Size:
    """Return a size that grows with the measurements."""
    return size_of_height(_height(spec, _columns(spec)))


def draw_comparison(canvas: Canvas, spec: ComparisonSpec) -> None:
    """Paint the chart."""
    palette, margin = PALETTES[spec.theme], sheet_of(canvas).margin
    top = paint_heading(canvas, spec, palette)
    values = [value for measurement in spec.measurements for value in measurement.values]
    if all(value is None for value in values):
        paint_empty(canvas, spec, top, spec.locale.unknown if values else spec.locale.nothing)
        return
    header = top + HEADER_GAP + SMALL * ASCENT
    names = [filled(subject, colour) for subject, colour in zip(spec.subjects, palette.series, strict=False)]
    first = paint_legend_rows(canvas, header, names, palette) + _BLOCK_GAP
    columns = _columns(spec)
    pitch = (canvas.width - 2 * margin + _COLUMN_GAP) / columns
    for index, measurement in enumerate(spec.measurements):
        row, column = divmod(index, columns)
        left, y = margin + column * pitch, first + row * _block(spec)
        width = pitch - _COLUMN_GAP
        name = fitted(canvas, measurement.name, SMALL, width)
        canvas.text(Point(left, y + SMALL), name, Lettering(SMALL, palette.muted))
        lanes = [
            Lane(y + _NAME_ROW + at * _LANE, _BAR_SHARE * _LANE, value, palette.series[at])
            for at, value in enumerate(measurement.values)
        ]
        track = Track(left, left + width, spec.locale, measurement.quantity, palette)
        paint_lanes(canvas, lanes, track)
    canvas.end_at(first + _rows(spec, columns) * _block(spec) - _BLOCK_GAP + margin)


def tell_comparison(spec: ComparisonSpec) -> Told:
    """Say what it shows."""
    facts = [_measured(spec, measurement) for measurement in spec.measurements]
    return Told(spec.locale.phrases.comparison, tuple(facts) or (spec.locale.nothing,))


def _measured(spec: ComparisonSpec, measurement: Measurement) -> str:
    locale, pattern = spec.locale, spec.locale.phrases.named
    values = [
        pattern.format(
            name=named(subject),
            value=locale.unknown if value is None else locale.written(value, measurement.quantity),
        )
        for subject, value in zip(spec.subjects, measurement.values, strict=True)
    ]
    return f"{named(measurement.name)} \N{EN DASH} {', '.join(values)}"


def _columns(spec: ComparisonSpec) -> int:
    """Two where one would make the picture narrow."""
    return 1 if _height(spec, 1) <= _TALLEST_COLUMN else 2


def _height(spec: ComparisonSpec, columns: int) -> int:
    return _HEADER + _rows(spec, columns) * _block(spec)


def _rows(spec: ComparisonSpec, columns: int) -> int:
    return -(-len(spec.measurements) // columns)


def _block(spec: ComparisonSpec) -> int:
    return _NAME_ROW + len(spec.subjects) * _LANE + _BLOCK_GAP
