"""Who or what has most: horizontal bars with names of any length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analytics.charts.geometry import Point
from analytics.charts.kinds.layout import (
    ASCENT,
    BELOW,
    CENTRED,
    HEADER_GAP,
    SMALL,
    fitted,
    measure_of,
    paint_empty,
    paint_heading,
    sheet_of,
)
from analytics.charts.kinds.legend import paint_legend, upright_line
from analytics.charts.kinds.plot import paint_unit
from analytics.charts.kinds.sideways import Lane, Track, paint_lanes, previous_mark
from analytics.charts.kinds.size import Size, height_of_rows, size_of_height
from analytics.charts.styles import Lettering
from analytics.charts.telling import Told, named, tell_gaps
from analytics.charts.themes import PALETTES

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas
    from analytics.charts.spec import Ranked, RankingSpec

_NAMES = 0.42
"""Share of the width that names may take."""

_NAME_GAP = 18
_HEADER = 240
_ROW, _TIGHT_ROW = 54, 40
_WIDEST_BAR = 34
_TOP_GAP = 18
_TOLD = 10


def size_of_ranking(spec: RankingSpec) -> Size:
    """Return a size that grows with the rows."""
    return size_of_height(height_of_rows(_HEADER, len(spec.rows), _ROW, _TIGHT_ROW))


def draw_ranking(canvas: Canvas, spec: RankingSpec) -> None:
    """Paint the chart."""
    palette, margin = PALETTES[spec.theme], sheet_of(canvas).margin
    top = paint_heading(canvas, spec, palette)
    if not any(row.value is not None for row in spec.rows):
        paint_empty(canvas, spec, top, spec.locale.unknown if spec.rows else spec.locale.nothing)
        return
    header = top + HEADER_GAP + SMALL * ASCENT
    compared = any(row.previous is not None for row in spec.rows)
    entries = [upright_line(spec.locale.previous, previous_mark(palette))] if compared else []
    room = paint_legend(canvas, header, entries, palette)
    paint_unit(canvas, header, spec.x_label, room, palette)

    content = canvas.width - 2 * margin
    names = [fitted(canvas, row.name, SMALL, content * _NAMES) for row in spec.rows]
    left = margin + max(map(measure_of(canvas, SMALL), names)) + _NAME_GAP
    first = header + _TOP_GAP
    pitch = min((canvas.height - BELOW - first) / len(spec.rows), 1.5 * _ROW)
    bar = min(_WIDEST_BAR, 0.62 * pitch)
    tops = [first + (at + 0.5) * pitch - bar / 2 for at in range(len(spec.rows))]
    for name, y in zip(names, tops, strict=True):
        at = Point(margin, y + bar / 2 + SMALL * CENTRED)
        canvas.text(at, name, Lettering(SMALL, palette.text))
    lanes = [
        Lane(y, bar, row.value, palette.accent, row.previous) for row, y in zip(spec.rows, tops, strict=True)
    ]
    track = Track(left, canvas.width - margin, spec.locale, spec.quantity, palette)
    paint_lanes(canvas, lanes, track)
    canvas.end_at(first + len(spec.rows) * pitch + BELOW)


def tell_ranking(spec: RankingSpec) -> Told:
    """Say what it shows."""
    locale, phrases = spec.locale, spec.locale.phrases
    facts = [named(spec.x_label)] + [_row(spec, row) for row in spec.rows[:_TOLD]]
    if not spec.rows:
        facts.append(locale.nothing)
    if len(spec.rows) > _TOLD:
        facts.append(phrases.more.format(count=len(spec.rows) - _TOLD))
    return Told(phrases.ranking, (*facts, *tell_gaps([row.value for row in spec.rows], locale)))


def _row(spec: RankingSpec, row: Ranked) -> str:
    phrases, written = spec.locale.phrases, spec.locale.written
    value = spec.locale.unknown if row.value is None else written(row.value, spec.quantity)
    if row.previous is not None:
        value = phrases.before.format(value=value, before=written(row.previous, spec.quantity))
    return phrases.named.format(name=named(row.name), value=value)
