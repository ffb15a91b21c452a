"""An overview: several charts over time in one picture, with one legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from analytics.charts.geometry import Box
from analytics.charts.kinds.area import draw_area, tell_area
from analytics.charts.kinds.bars import draw_bars, tell_bars
from analytics.charts.kinds.layout import (
    ASCENT,
    HEADER_GAP,
    PANEL,
    PICTURE,
    SMALL,
    paint_empty,
    paint_heading,
)
from analytics.charts.kinds.legend import Entry, paint_legend_rows
from analytics.charts.kinds.line import draw_line, tell_line
from analytics.charts.kinds.plot import series_entries
from analytics.charts.kinds.size import HEIGHT, WIDTH, Size, size_of_height
from analytics.charts.spec import AreaSpec, BarsSpec, LineSpec
from analytics.charts.telling import Told, named
from analytics.charts.themes import PALETTES

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.spec import PanelsSpec

_COLUMNS, _MOST_COLUMNS = 2, 3
_TWO_COLUMNS_UP_TO = 4
_WIDEST = 1500
"""Width of three columns: their texts are still nine pixels high where Discord shows them."""

_HEADER = 175
_PANEL_HEIGHT = 400
_HEADING_GAP = 20


def size_of_panels(spec: PanelsSpec) -> Size:
    """Return a size that grows with the panels."""
    rows = -(-len(spec.panels) // _columns(spec))
    if not rows:
        return Size(WIDTH, HEIGHT)
    size = size_of_height(_HEADER + _PANEL_HEIGHT * rows)
    return size if _columns(spec) == _COLUMNS else Size(_WIDEST, size.height)


def draw_panels(canvas: Canvas, spec: PanelsSpec) -> None:
    """Paint the chart."""
    palette = PALETTES[spec.theme]
    top = paint_heading(canvas, spec, palette)
    if not spec.panels:
        paint_empty(canvas, spec, top, spec.locale.nothing)
        return
    panels = [msgspec.structs.replace(panel, theme=spec.theme, locale=spec.locale) for panel in spec.panels]
    entries = _entries(panels)
    if entries:
        top = paint_legend_rows(canvas, top + HEADER_GAP + SMALL * ASCENT, entries, palette)
    top += _HEADING_GAP
    inset = PICTURE.margin - PANEL.margin
    columns = _columns(spec)
    width = (canvas.width - 2 * inset) / columns
    height = (canvas.height - top) / -(-len(panels) // columns)
    for index, panel in enumerate(panels):
        row, column = divmod(index, columns)
        left, upper = inset + column * width, top + row * height
        _draw(canvas.part(Box(left, upper, left + width, upper + height)), panel)


def tell_panels(spec: PanelsSpec) -> Told:
    """Say what it shows: the finding of each panel with its most telling number."""
    facts = []
    for panel in spec.panels:
        told = _tell(msgspec.structs.replace(panel, locale=spec.locale))
        facts.append(", ".join((f"{told.kind}: {named(panel.title)}", *told.facts[1:2])))
    return Told(spec.locale.phrases.panels, tuple(facts) or (spec.locale.nothing,))


def _columns(spec: PanelsSpec) -> int:
    return _COLUMNS if len(spec.panels) <= _TWO_COLUMNS_UP_TO else _MOST_COLUMNS


def _draw(canvas: Canvas, panel: BarsSpec | LineSpec | AreaSpec) -> None:
    match panel:
        case BarsSpec():
            draw_bars(canvas, panel)
        case LineSpec():
            draw_line(canvas, panel)
        case AreaSpec():
            draw_area(canvas, panel)


def _tell(panel: BarsSpec | LineSpec | AreaSpec) -> Told:
    match panel:
        case BarsSpec():
            return tell_bars(panel)
        case LineSpec():
            return tell_line(panel)
        case AreaSpec():
            return tell_area(panel)


def _entries(panels: list[BarsSpec | LineSpec | AreaSpec]) -> list[Entry]:
    """What the legends of all panels explain, each label once."""
    found: dict[str, Entry] = {}
    for panel in panels:
        for entry in series_entries(panel, dots=not isinstance(panel, BarsSpec)):
            found.setdefault(entry.label, entry)
    return list(found.values())
