"""A board as pages of aligned text: what a chart shows, readable without it."""

from collections.abc import Iterable

from bot.views.tables import tables
from bot.wording import format as fmt
from bot.wording.cells import is_name, written
from schemas.results.board import Board
from schemas.results.table import Table
from texts import tr

PAGE_LINES = 20
"""Lines a page: what fits a phone's screen, and with the widest lines an embed's description."""
_FULL_PAGE = PAGE_LINES + 4
"""Lines of a page with title, head and fences."""
MAX_PAGES = 256
"""Pages that a control can name."""
NAME_LIMIT = 24
MAX_COLUMNS = 5
"""Columns that a phone shows in one line; of wider tables the first and the last ones are shown."""


def table_pages(board: Board) -> tuple[str, ...]:
    """Pages of markdown, at least one; a table's title and head stand on each of its pages.

    Small tables share a page.
    """
    pages = _together(page for table in tables(board) for page in _pages(table))
    return tuple(pages[:MAX_PAGES]) or (tr("Nothing in this period."),)


def _together(parts: Iterable[str]) -> list[str]:
    """Parts in their order, as many on a page as are no longer than a full one."""
    pages: list[str] = []
    for part in parts:
        joined = f"{pages[-1]}\n{part}" if pages else part
        if pages and joined.count("\n") < _FULL_PAGE:
            pages[-1] = joined
        else:
            pages.append(part)
    return pages


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
    text = written(table, row, column)
    return _cut(text) if is_name(table.rows[row][column]) else text


def _cut(name: str) -> str:
    """A name that cannot end the block of code it stands in."""
    return fmt.plain(name, NAME_LIMIT).replace("`", "\N{MODIFIER LETTER GRAVE ACCENT}")
