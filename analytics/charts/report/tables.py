"""Tables on paper: narrow ones stand side by side, wide ones are cut into bands of columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analytics.charts.geometry import Point
from analytics.charts.report.sheet import CONTENT, HEIGHT, LARGE, MARGIN, SMALL, Paper, Style
from analytics.charts.report.spec import Column, Table, Words

TITLE = Style(LARGE, heavy=True)
HEAD = Style(SMALL, muted=True)
CELL = Style(SMALL)
REMARK = Style(SMALL, muted=True)

MAX_PAGES = 2
"""Pages that a table may take."""
_GAP = 12.0
_BETWEEN = 28.0
"""Between two columns, and between two stacks of rows."""
_WIDEST_NUMBER, _WIDEST_TEXT, _NARROWEST = 110.0, 220.0, 24.0
_MOST_STACKS = 3
_MOST_ROWS = MAX_PAGES * _MOST_STACKS * int(HEIGHT / CELL.line)
"""More than a table can show."""
_ABOVE = 14.0
_FEWEST_ROWS = 3
_ONE_STACK = 24
"""Rows up to which a table stays in one piece."""


@dataclass(frozen=True, slots=True)
class _Band:
    """Columns that fit on the paper, as many stacks of them side by side as there is room for."""

    columns: tuple[int, ...]
    widths: tuple[float, ...]
    rows: int

    @property
    def width(self) -> float:
        return sum(self.widths) + _GAP * (len(self.widths) - 1)

    @property
    def stacks(self) -> int:
        if self.rows <= _ONE_STACK:
            return 1
        return max(1, min(_MOST_STACKS, int((CONTENT + _BETWEEN) // (self.width + _BETWEEN))))


def put_table(paper: Paper, table: Table, words: Words, last_page: int) -> bool:
    """Write a table as far as there is room up to a page; return whether it was begun."""
    if not _has_room(paper, len(table.rows)):
        if not paper.may_turn(last_page):
            return False
        paper.turn()
    begun = len(paper.pages)
    last = min(last_page, begun + MAX_PAGES - 1)
    title = table.title
    for band in _bands(paper, table):
        if not _has_room(paper, len(table.rows)):
            if not paper.may_turn(last):
                break
            paper.turn()
        _put_band(paper, table, band, title, words, last)
        title = words.continued.format(title=table.title)
    return True


def _has_room(paper: Paper, rows: int) -> bool:
    wanted = min(rows, _FEWEST_ROWS) + 2
    return paper.room >= _ABOVE + TITLE.line + HEAD.line + wanted * CELL.line


def _put_band(paper: Paper, table: Table, band: _Band, title: str, words: Words, last: int) -> None:  # noqa: PLR0913, PLR0917 - one place
    rows = table.rows
    written = 0
    while True:
        paper.y += _ABOVE
        paper.put(Point(MARGIN, paper.y), paper.fitted(title, TITLE, CONTENT), TITLE)
        paper.y += TITLE.line + 2
        if not rows:
            paper.put(Point(MARGIN, paper.y), words.empty, REMARK)
            paper.y += REMARK.line
            return
        left = rows[written:]
        fits = int((paper.room - HEAD.line - REMARK.line - 4) // CELL.line)
        tall = min(fits, -(-len(left) // band.stacks))
        _put_stacks(paper, table.columns, band, left[: tall * band.stacks], tall)
        written += min(len(left), tall * band.stacks)
        if written == len(rows):
            return
        if not paper.may_turn(last):
            remark = words.rows_left_out.format(count=f"{len(rows) - written:,}")
            paper.put(Point(MARGIN, paper.y), paper.fitted(remark, REMARK, CONTENT), REMARK)
            paper.y += REMARK.line
            return
        paper.turn()
        title = words.continued.format(title=table.title)


def _put_stacks(
    paper: Paper, columns: Sequence[Column], band: _Band, rows: Sequence[tuple[str, ...]], tall: int
) -> None:
    top = paper.y
    for stack in range(band.stacks):
        part = rows[stack * tall : (stack + 1) * tall]
        if not part:
            break
        left = MARGIN + stack * (band.width + _BETWEEN)
        _put_row(paper, left, top, [columns[at].title for at in band.columns], columns, band, HEAD)
        paper.rule(top + HEAD.line, left, left + band.width)
        for number, row in enumerate(part):
            y = top + HEAD.line + 3 + number * CELL.line
            _put_row(paper, left, y, [row[at] for at in band.columns], columns, band, CELL)
    paper.y = top + HEAD.line + 3 + tall * CELL.line


def _put_row(  # noqa: PLR0913, PLR0917 - one row's place and look
    paper: Paper,
    left: float,
    y: float,
    cells: Sequence[str],
    columns: Sequence[Column],
    band: _Band,
    style: Style,
) -> None:
    x = left
    for cell, at, width in zip(cells, band.columns, band.widths, strict=True):
        text = paper.fitted(cell, style, width)
        if columns[at].numeric:
            paper.put(Point(x + width, y), text, style, "right")
        else:
            paper.put(Point(x, y), text, style)
        x += width + _GAP


def _bands(paper: Paper, table: Table) -> Iterator[_Band]:
    """Bands of columns; the first column names the rows and so stands in each."""
    widths = [_width(paper, table, at) for at in range(len(table.columns))]
    chosen = [0]
    for at in range(1, len(widths)):
        if len(chosen) > 1 and _band_width([widths[one] for one in (*chosen, at)]) > CONTENT:
            yield _Band(tuple(chosen), tuple(widths[one] for one in chosen), len(table.rows))
            chosen = [0]
        chosen.append(at)
    yield _Band(tuple(chosen), tuple(widths[one] for one in chosen), len(table.rows))


def _band_width(widths: Sequence[float]) -> float:
    return sum(widths) + _GAP * (len(widths) - 1)


def _width(paper: Paper, table: Table, at: int) -> float:
    column = table.columns[at]
    most = _WIDEST_NUMBER if column.numeric else _WIDEST_TEXT
    cells = max((paper.width(paper.drawable(row[at]), CELL) for row in table.rows[:_MOST_ROWS]), default=0.0)
    head = paper.width(paper.drawable(column.title), HEAD)
    return min(most, max(_NARROWEST, cells, head))
