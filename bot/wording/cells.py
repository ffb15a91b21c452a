"""How tables write what stands in a cell, wherever they are shown."""

from datetime import datetime

from bot.wording import format as fmt
from bot.wording.numbers import number
from schemas.results.board import Measure, Subject, SubjectKind
from schemas.results.table import Cell, Table
from texts import tr


def written(table: Table, row: int, column: int) -> str:
    """A cell as a reader sees it, a name as it is; unknown is written out."""
    cell = table.rows[row][column]
    match cell:
        case None:
            return str(fmt.UNKNOWN)
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}" if table.columns[column].bucket == "hour" else f"{cell:%Y-%m-%d}"
        case Subject():
            return _named(cell)
        case str():
            return cell
        case _:
            return number(cell, table.measure(row, column) or Measure.COUNT)


def is_name(cell: Cell) -> bool:
    """Whether a cell holds foreign text."""
    return isinstance(cell, Subject | str)


def _named(subject: Subject) -> str:
    if subject.name:
        return subject.name
    match subject.kind:
        case SubjectKind.MEMBER:
            return tr("a former member")
        case SubjectKind.CHANNEL:
            return tr("a deleted channel")
        case _:
            return tr("without a name")
