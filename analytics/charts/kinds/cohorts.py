"""What became of those who came at the same time: a triangle of shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analytics.charts.geometry import Point
from analytics.charts.heat_scale import HeatScale, heat_scale
from analytics.charts.kinds.heat import Cell, HeatLegend, cell_box, paint_cells
from analytics.charts.kinds.layout import (
    ASCENT,
    BELOW,
    CENTRED,
    HEADER_GAP,
    SMALL,
    TICK_ROW,
    fitted,
    measure_of,
    paint_empty,
    paint_heading,
    sheet_of,
)
from analytics.charts.kinds.legend import paint_legend
from analytics.charts.kinds.plot import paint_unit
from analytics.charts.kinds.size import Size, height_of_rows, size_of_height
from analytics.charts.notation import Quantity
from analytics.charts.styles import Lettering
from analytics.charts.telling import Told, named, tell_gaps
from analytics.charts.themes import PALETTES

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.spec import CohortsSpec
    from analytics.charts.themes import Palette

_HEADER = 310
_ROW, _TIGHT_ROW = 50, 40
_NAMES = 0.2
_SIZE_LABEL = 0.3
_GAP = 18
_WIDEST_CELL = 96.0
_TALLEST_CELL = 60.0
_TEXT_AIR = 6


def size_of_cohorts(spec: CohortsSpec) -> Size:
    """Return a size that grows with the rows."""
    return size_of_height(height_of_rows(_HEADER, len(spec.cohorts), _ROW, _TIGHT_ROW))


def draw_cohorts(canvas: Canvas, spec: CohortsSpec) -> None:
    """Paint the chart."""
    palette = PALETTES[spec.theme]
    top = paint_heading(canvas, spec, palette)
    shares = [share for cohort in spec.cohorts for share in cohort.shares]
    if all(share is None for share in shares):
        paint_empty(canvas, spec, top, spec.locale.unknown if shares else spec.locale.nothing)
        return
    header = top + HEADER_GAP + SMALL * ASCENT
    table = _table(canvas, spec, header)
    cells = _cells(spec, table)
    scale = heat_scale(shares, len(palette.heat))
    entries = HeatLegend(scale, spec.locale, Quantity.PERCENT).entries(cells, palette)
    paint_unit(canvas, header, spec.share_label, paint_legend(canvas, header, entries, palette), palette)
    _paint_heads(canvas, spec, table, palette)
    _paint_rows(canvas, spec, table, palette)
    paint_cells(canvas, cells, scale, palette)
    _paint_shares(canvas, cells, scale, palette)
    canvas.end_at(table.top + len(spec.cohorts) * table.height + sheet_of(canvas).margin)


def tell_cohorts(spec: CohortsSpec) -> Told:
    """Say what it shows."""
    locale, phrases = spec.locale, spec.locale.phrases
    facts = [named(spec.share_label), named(spec.x_label)]
    if not spec.cohorts:
        facts.append(locale.nothing)
    for cohort in spec.cohorts:
        known = [(at, share) for at, share in enumerate(cohort.shares) if share is not None]
        if known:
            at, share = known[-1]
            facts.append(phrases.newest_share.format(name=named(cohort.name), period=at, value=_text(share)))
    return Told(phrases.cohorts, (*facts, *tell_gaps([s for c in spec.cohorts for s in c.shares], locale)))


@dataclass(frozen=True, slots=True)
class _Table:
    """Where rows and columns stand; ``heads`` is the height of the upper line of column heads."""

    left: float
    heads: float
    top: float
    width: float
    height: float


def _table(canvas: Canvas, spec: CohortsSpec, header: float) -> _Table:
    margin = sheet_of(canvas).margin
    content = canvas.width - 2 * margin
    measure = measure_of(canvas, SMALL)
    names = max(measure(fitted(canvas, cohort.name, SMALL, content * _NAMES)) for cohort in spec.cohorts)
    sizes = max(measure(text) for text in _sizes(spec))
    label = measure(fitted(canvas, spec.size_label, SMALL, content * _SIZE_LABEL))
    left = margin + max(names + _GAP + sizes, label) + _GAP
    heads = header + HEADER_GAP + SMALL * ASCENT
    top = heads + TICK_ROW + _GAP
    width = min((canvas.width - margin - left) / spec.periods, _WIDEST_CELL)
    height = min((canvas.height - BELOW - top) / len(spec.cohorts), _TALLEST_CELL)
    return _Table(left, heads, top, width, height)


def _sizes(spec: CohortsSpec) -> list[str]:
    return [
        "\N{EN DASH}" if cohort.size is None else spec.locale.number(cohort.size) for cohort in spec.cohorts
    ]


def _cells(spec: CohortsSpec, table: _Table) -> list[Cell]:
    return [
        Cell(
            cell_box(
                table.left + at * table.width, table.top + row * table.height, table.width, table.height
            ),
            share,
        )
        for row, cohort in enumerate(spec.cohorts)
        for at, share in enumerate(cohort.shares)
    ]


def _paint_heads(canvas: Canvas, spec: CohortsSpec, table: _Table, palette: Palette) -> None:
    margin = sheet_of(canvas).margin
    lettering = Lettering(SMALL, palette.muted)
    label = fitted(canvas, spec.size_label, SMALL, table.left - _GAP - margin)
    canvas.text(Point(table.left - _GAP, table.heads + TICK_ROW), label, lettering, "right")
    x_label = fitted(canvas, spec.x_label, SMALL, canvas.width - margin - table.left)
    canvas.text(Point(table.left, table.heads), x_label, lettering)
    for at in range(spec.periods):
        x = table.left + (at + 0.5) * table.width - 1
        canvas.text(Point(x, table.heads + TICK_ROW), str(at), lettering, "center")


def _paint_rows(canvas: Canvas, spec: CohortsSpec, table: _Table, palette: Palette) -> None:
    margin = sheet_of(canvas).margin
    room = (canvas.width - 2 * margin) * _NAMES
    for row, (cohort, size) in enumerate(zip(spec.cohorts, _sizes(spec), strict=True)):
        y = table.top + (row + 0.5) * table.height + SMALL * CENTRED - 1
        name = fitted(canvas, cohort.name, SMALL, room)
        canvas.text(Point(margin, y), name, Lettering(SMALL, palette.text))
        canvas.text(Point(table.left - _GAP, y), size, Lettering(SMALL, palette.muted), "right")


def _paint_shares(canvas: Canvas, cells: list[Cell], scale: HeatScale, palette: Palette) -> None:
    """Write each share into its cell, or none if one of them has no room."""
    known = [(cell.box, cell.value) for cell in cells if cell.value is not None]
    widest = max(measure_of(canvas, SMALL)(_text(share)) for _, share in known)
    if widest + _TEXT_AIR > known[0][0].width:
        return
    for box, share in known:
        step = scale.step(share)
        ink = palette.text if step is None else palette.heat[step].ink
        at = Point(box.middle.x, box.middle.y + SMALL * CENTRED)
        canvas.text(at, _text(share), Lettering(SMALL, ink), "center")


def _text(share: float) -> str:
    return "<1" if 0 < share < 1 else f"{share:.0f}"
