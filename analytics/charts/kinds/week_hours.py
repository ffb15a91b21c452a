"""When in the week something happens: a heatmap of weekdays and hours, Monday on top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.charts.geometry import Point
from analytics.charts.heat_scale import heat_scale
from analytics.charts.kinds.heat import Cell, HeatLegend, cell_box, paint_cells
from analytics.charts.kinds.layout import (
    ASCENT,
    AXIS_GAP,
    BELOW,
    CENTRED,
    HEADER_GAP,
    SMALL,
    TICK_ROW,
    measure_of,
    paint_empty,
    paint_heading,
    sheet_of,
)
from analytics.charts.kinds.legend import paint_legend
from analytics.charts.kinds.plot import paint_unit
from analytics.charts.spec.week_hours import HOURS, WEEKDAYS
from analytics.charts.styles import Lettering
from analytics.charts.telling import Told, named, tell_gaps
from analytics.charts.themes import PALETTES

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.notation import Locale
    from analytics.charts.spec import WeekHoursSpec

_GRID_GAP = 22
_HOURS_APART = 3


def draw_week_hours(canvas: Canvas, spec: WeekHoursSpec) -> None:
    """Paint the chart."""
    palette, margin = PALETTES[spec.theme], sheet_of(canvas).margin
    top = paint_heading(canvas, spec, palette)
    flat = [value for row in spec.values for value in row]
    if all(value is None for value in flat):
        paint_empty(canvas, spec, top, spec.locale.unknown if flat else spec.locale.nothing)
        return
    header = top + HEADER_GAP + SMALL * ASCENT
    weekdays = [_weekday(spec.locale, row) for row in range(WEEKDAYS)]
    left = margin + max(map(measure_of(canvas, SMALL), weekdays)) + AXIS_GAP
    width = (canvas.width - margin - left) / HOURS
    grid_top = header + _GRID_GAP
    height = (canvas.height - BELOW - TICK_ROW - grid_top) / WEEKDAYS
    scale = heat_scale(flat, len(palette.heat))
    cells = [
        Cell(
            cell_box(left + hour * width, grid_top + row * height, width, height),
            spec.values[(row + 1) % WEEKDAYS][hour],
        )
        for row in range(WEEKDAYS)
        for hour in range(HOURS)
    ]
    entries = HeatLegend(scale, spec.locale, spec.quantity).entries(cells, palette)
    paint_unit(canvas, header, spec.unit_label, paint_legend(canvas, header, entries, palette), palette)
    paint_cells(canvas, cells, scale, palette)
    lettering = Lettering(SMALL, palette.muted)
    for row, text in enumerate(weekdays):
        y = grid_top + (row + 0.5) * height + SMALL * CENTRED
        canvas.text(Point(left - AXIS_GAP, y), text, lettering, "right")
    for hour in range(0, HOURS, _HOURS_APART):
        at = Point(left + (hour + 0.5) * width, canvas.height - BELOW)
        canvas.text(at, f"{hour:02d}:00", lettering, "center")


def tell_week_hours(spec: WeekHoursSpec) -> Told:
    """Say what it shows."""
    locale, phrases = spec.locale, spec.locale.phrases
    cells = [
        (value, day, hour)
        for day, row in enumerate(spec.values)
        for hour, value in enumerate(row)
        if value is not None
    ]
    facts = [named(spec.unit_label)]
    if not spec.values:
        facts.append(locale.nothing)
    if cells:
        value, day, hour = max(cells, key=lambda cell: cell[0])
        at = f"{_weekday(locale, (day - 1) % WEEKDAYS)} {hour:02d}:00"
        facts.append(phrases.busiest.format(at=at, value=locale.written(value, spec.quantity)))
    return Told(phrases.week_hours, (*facts, *tell_gaps([v for row in spec.values for v in row], locale)))


def _weekday(locale: Locale, row: int) -> str:
    """Name of a row: weeks begin with Monday."""
    return locale.weekdays[row]
