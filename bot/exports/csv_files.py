"""A board as CSV (RFC 4180, UTF-8): one file a table, and one that says what they are about.

Units and the time zone stand in the heads of columns; an empty field is an unknown number.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from types import MappingProxyType

from bot.exports.files import ExportFile, unique
from bot.views.tables import tables
from schemas.results.board import Board, Head, Subject, SubjectKind
from schemas.results.table import Cell, Column, Table
from texts import LazyText, tr

_FORMULA = frozenset("=+-@\N{MINUS SIGN}")
"""With these begins what a spreadsheet takes for a formula, in any width or form."""
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that show nothing. Blanks, line ends and the like are known by their category."""
_FILTERS = MappingProxyType(
    {
        SubjectKind.CHANNEL: LazyText("Only channel"),
        SubjectKind.ROLE: LazyText("Only members who have the role now"),
    }
)


def csv_files(board: Board) -> list[ExportFile]:
    """Files of a board."""
    stem = board.kind.replace("/", "-")
    found = [_file(f"{stem}-about.csv", [tr("What"), tr("Value")], _about(board))]
    for table in tables(board):
        head = _head(table, board.head.zone)
        found.append(_file(f"{stem}-{_slug(table.title)}.csv", head, list(_rows(table))))
    return unique(iter(found))


def _file(name: str, head: list[str], rows: list[list[str]]) -> ExportFile:
    file = ExportFile(name, _written([head, *rows]))
    return replace(file, smaller=partial(_in_halves, file, head, rows)) if len(rows) > 1 else file


async def _in_halves(file: ExportFile, head: list[str], rows: list[list[str]]) -> list[ExportFile]:
    """Two files with half of the rows each, under the same head."""
    middle = len(rows) // 2
    halves = (rows[:middle], rows[middle:])
    return [_file(file.numbered(number), head, half) for number, half in enumerate(halves, 1)]


def _about(board: Board) -> list[list[str]]:
    head = board.head
    since, known = head.counted_since, head.known_since
    return [
        [tr("View"), board.title],
        [tr("Server"), _safe(head.guild_name)],
        [tr("Server id"), str(head.guild_id)],
        [tr("From"), head.start.isoformat()],
        [tr("To (not included)"), head.stop.isoformat()],
        [tr("Still running"), tr("yes") if head.running else tr("no")],
        *_before(head),
        [tr("Time zone"), head.zone],
        [tr("Counted since"), "" if since is None else since.isoformat()],
        *([[tr("Known since"), "" if known is None else known.isoformat()]] if head.known_apart else []),
        *([str(_FILTERS[each.kind]), _cell(each)] for each in head.filters),
        *([tr("Note"), _safe(note)] for note in board.notes),
    ]


def _before(head: Head) -> Iterable[list[str]]:
    """The period before, and whether the figures are compared with it."""
    if head.previous_start is None or head.previous_stop is None:
        return
    yield [tr("Period before, from"), head.previous_start.isoformat()]
    yield [tr("Period before, to (not included)"), head.previous_stop.isoformat()]
    yield [tr("Period before counted in full"), tr("yes") if head.compared else tr("no")]


def _head(table: Table, zone: str) -> list[str]:
    return [_column(column, zone, mixed=bool(table.row_measures)) for column in table.columns] + (
        [tr("Unit")] if table.row_measures else []
    )


def _column(column: Column, zone: str, *, mixed: bool) -> str:
    if column.bucket:
        return f"{_safe(column.title)} ({zone})"
    if column.measure is None or mixed:
        return _safe(column.title)
    return f"{_safe(column.title)} ({column.measure})"


def _rows(table: Table) -> Iterable[list[str]]:
    for number, row in enumerate(table.rows):
        written = [_cell(cell) for cell in row]
        yield [*written, table.row_measures[number].value] if table.row_measures else written


def _cell(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.isoformat()
        case Subject(kind=SubjectKind.MEMBER):
            return _safe(cell.name or tr("a member without a name"))
        case Subject():
            return _safe(cell.name or str(cell.id))
        case str():
            return _safe(cell)
        case _:
            return str(round(cell)) if float(cell).is_integer() else repr(float(cell))


def _safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    Some pass over what is not seen at its beginning, so with that a formula may begin, too.
    """
    return f"'{text}" if text and _may_begin_formula(text[0]) else text


def _may_begin_formula(sign: str) -> bool:
    unseen = unicodedata.category(sign)[0] in "ZC" or sign in _UNSEEN
    return unseen or unicodedata.normalize("NFKC", sign)[0] in _FORMULA


def _written(rows: Sequence[Sequence[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()


def _slug(title: str) -> str:
    """A title as a part of a file's name."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "table"
