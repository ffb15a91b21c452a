"""A board as pages of aligned text: what a chart shows, readable without it."""

from datetime import datetime

from bot.exports.tables import Cell, Column, Table, tables
from cogs.cards import format as fmt
from cogs.cards.numbers import number
from schemas.results.board import Board, Measure, Subject, SubjectKind
from texts import tr

PAGE_LINES = 20
"""Lines a page: what fits a phone's screen, and with the widest lines an embed's description."""
MAX_PAGES = 256
"""Pages that a control can name."""
NAME_LIMIT = 24
MAX_COLUMNS = 5
"""Columns that a phone shows in one line; of wider tables the first and the last ones are shown."""


def table_pages(board: Board) -> tuple[str, ...]:
    """Pages of markdown, at least one; a table's title and head stand on each of its pages."""
    pages = [page for table in tables(board) for page in _pages(table)]
    return tuple(pages[:MAX_PAGES]) or (tr("Nothing in this period."),)


def _pages(table: Table) -> list[str]:
    chosen = _chosen(len(table.columns))
    head = [_cut(table.columns[at].title) for at in chosen]
    rows = [[_cell(table, row, at) for at in chosen] for row in range(len(table.rows))]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    numeric = [table.columns[at].measure is not None for at in chosen]
    pages = []
    for first in range(0, max(len(rows), 1), PAGE_LINES):
        lines = [_line(cells, widths, numeric) for cells in [head, *rows[first : first + PAGE_LINES]]]
        body = "\n".join(lines)
        pages.append(f"**{fmt.escaped(table.title, 100)}**\n```\n{body}\n```")
    return pages


def _chosen(columns: int) -> list[int]:
    if columns <= MAX_COLUMNS:
        return list(range(columns))
    return [0, *range(columns - MAX_COLUMNS + 1, columns)]


def _line(cells: list[str], widths: list[int], numeric: list[bool]) -> str:
    aligned = (
        cell.rjust(width) if right else cell.ljust(width)
        for cell, width, right in zip(cells, widths, numeric, strict=True)
    )
    return "  ".join(aligned).rstrip()


def _cell(table: Table, row: int, column: int) -> str:
    return written(table.rows[row][column], table.columns[column], table.measure(row, column))


def written(cell: Cell, column: Column, measure: Measure | None) -> str:
    """A cell as a reader sees it; unknown is written out."""
    match cell:
        case None:
            return str(fmt.UNKNOWN)
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}" if column.bucket == "hour" else f"{cell:%Y-%m-%d}"
        case Subject():
            return _named(cell)
        case str():
            return _cut(cell)
        case _:
            return number(cell, measure or Measure.COUNT)


def _named(subject: Subject) -> str:
    if subject.name:
        return _cut(subject.name)
    return tr("a former member") if subject.kind is SubjectKind.MEMBER else tr("without a name")


def _cut(name: str) -> str:
    """A name that cannot end the block of code it stands in."""
    return fmt.plain(name, NAME_LIMIT).replace("`", "\N{MODIFIER LETTER GRAVE ACCENT}")
