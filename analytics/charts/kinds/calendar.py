"""A year of days as a heatmap: a column a week, Monday on top, in two blocks where one would be too small."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import TYPE_CHECKING

from analytics.charts.geometry import Box, Point
from analytics.charts.heat_scale import heat_scale
from analytics.charts.kinds.heat import Cell, HeatLegend, cell_box, paint_cells
from analytics.charts.kinds.layout import (
    ASCENT,
    AXIS_GAP,
    CENTRED,
    EDGE,
    HEADER_GAP,
    SMALL,
    measure_of,
    paint_empty,
    paint_heading,
    sheet_of,
)
from analytics.charts.kinds.legend import paint_legend
from analytics.charts.kinds.plot import paint_unit
from analytics.charts.kinds.size import HEIGHT, Size, size_of_height
from analytics.charts.spec import TimeAxis, Unit
from analytics.charts.styles import Lettering
from analytics.charts.telling import Told, tell_extremes, tell_gaps, tell_period
from analytics.charts.themes import PALETTES

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.spec import CalendarSpec
    from analytics.charts.themes import Palette

_WEEKS_PER_BLOCK = 27
_WEEKDAYS = 7
_TALL = 870
_MONTH_ROW = 42
_LARGEST_CELL = 44.0
_LABEL_GAP = 14
_FIRST_GAP, _BLOCK_GAP = 16, 8


def size_of_calendar(spec: CalendarSpec) -> Size:
    """Return a taller size where there are two blocks."""
    return size_of_height(_TALL if _weeks(spec) > _WEEKS_PER_BLOCK else HEIGHT)


def draw_calendar(canvas: Canvas, spec: CalendarSpec) -> None:
    """Paint the chart."""
    palette, margin = PALETTES[spec.theme], sheet_of(canvas).margin
    top = paint_heading(canvas, spec, palette)
    if all(value is None for value in spec.values):
        paint_empty(canvas, spec, top, spec.locale.unknown if spec.values else spec.locale.nothing)
        return
    header = top + HEADER_GAP + SMALL * ASCENT
    left = margin + max(map(measure_of(canvas, SMALL), spec.locale.weekdays)) + AXIS_GAP
    blocks = ceil(_weeks(spec) / _WEEKS_PER_BLOCK)
    columns = ceil(_weeks(spec) / blocks)
    first = header + _MONTH_ROW + _FIRST_GAP
    room = canvas.height - margin - first - (blocks - 1) * (_MONTH_ROW + _BLOCK_GAP)
    size = min((canvas.width - margin - left) / columns, room / (blocks * _WEEKDAYS), _LARGEST_CELL)
    pitch = size * _WEEKDAYS + _MONTH_ROW + _BLOCK_GAP
    grids = [_Grid(left, first + at * pitch, size, at * columns) for at in range(blocks)]
    cells = [
        Cell(grids[_week(spec, at) // columns].box(spec, at), value) for at, value in enumerate(spec.values)
    ]
    scale = heat_scale(spec.values, len(palette.heat))
    entries = HeatLegend(scale, spec.locale, spec.quantity).entries(cells, palette)
    paint_unit(canvas, header, spec.unit_label, paint_legend(canvas, header, entries, palette), palette)
    paint_cells(canvas, cells, scale, palette)
    for grid in grids:
        _paint_weekdays(canvas, grid, spec, palette)
        _paint_months(canvas, grid, spec, columns, palette)
    canvas.end_at(grids[-1].top + size * _WEEKDAYS + margin)


def tell_calendar(spec: CalendarSpec) -> Told:
    """Say what it shows."""
    locale, axis = spec.locale, TimeAxis(Unit.DAY, spec.start)
    facts = tell_period(axis, len(spec.values), spec.unit_label, locale)
    facts += tell_extremes(axis, spec.values, spec.quantity, locale)
    return Told(locale.phrases.calendar, (*facts, *tell_gaps(spec.values, locale)))


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where a block of weeks stands."""

    left: float
    top: float
    size: float
    first_week: int

    def x(self, week: int) -> float:
        return self.left + (week - self.first_week) * self.size

    def box(self, spec: CalendarSpec, day: int) -> Box:
        weekday = (spec.start.weekday() + day) % _WEEKDAYS
        return cell_box(self.x(_week(spec, day)), self.top + weekday * self.size, self.size, self.size)


def _week(spec: CalendarSpec, day: int) -> int:
    return (spec.start.weekday() + day) // _WEEKDAYS


def _weeks(spec: CalendarSpec) -> int:
    return _week(spec, len(spec.values) - 1) + 1 if spec.values else 0


def _paint_weekdays(canvas: Canvas, grid: _Grid, spec: CalendarSpec, palette: Palette) -> None:
    """Name every other weekday: all of them would be a wall of text."""
    for weekday in range(0, _WEEKDAYS, 2):
        y = grid.top + (weekday + 0.5) * grid.size + SMALL * CENTRED - 2
        text = spec.locale.weekdays[weekday]
        canvas.text(Point(grid.left - AXIS_GAP, y), text, Lettering(SMALL, palette.muted), "right")


def _paint_months(canvas: Canvas, grid: _Grid, spec: CalendarSpec, columns: int, palette: Palette) -> None:
    """Name months above the week they begin in; of two that would touch the later one stays."""
    measure = measure_of(canvas, SMALL)
    months = _months(spec, grid.first_week, columns)
    if len(months) > 1:
        (week, day), (next_week, _) = months[:2]
        if measure(_month(spec, day, with_year=True)) + _LABEL_GAP > grid.x(next_week) - grid.x(week):
            months = months[1:]
    limit = float(canvas.width - EDGE)
    for at, (week, day) in reversed(list(enumerate(months))):
        text = _month(spec, day, with_year=at == 0 or day.month == 1)
        x = min(grid.x(week), canvas.width - EDGE - measure(text))
        if x + measure(text) <= limit:
            canvas.text(Point(x, grid.top - _LABEL_GAP), text, Lettering(SMALL, palette.muted))
            limit = x - _LABEL_GAP


def _months(spec: CalendarSpec, first_week: int, columns: int) -> list[tuple[int, date]]:
    """Weeks of a block in which months begin, with the day; the first day of the block is one of them."""
    found: list[tuple[int, date]] = []
    for at in range(len(spec.values)):
        week = _week(spec, at)
        day = spec.start + timedelta(days=at)
        if first_week <= week < first_week + columns and (not found or day.day == 1):
            found.append((week, day))
    return found


def _month(spec: CalendarSpec, day: date, *, with_year: bool) -> str:
    month = spec.locale.months[day.month - 1]
    return f"{month} {day.year}" if with_year else month
