"""How tables write what stands in a cell, wherever they are shown."""

from datetime import datetime

from bot.exports.tables import Cell, Table
from bot.wording import format as fmt
from bot.wording.numbers import number
from schemas.results.board import Measure, Subject, SubjectKind


def written(table: Table, row: int, column: int) -> str:
    """A cell as a reader sees it, a name as it is; unknown is written out."""
    cell = table.rows[row][column]
    match cell:
        case None:
            return fmt.UNKNOWN
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}" if table.columns[column].title == "Hour" else f"{cell:%Y-%m-%d}"
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
            return "a former member"
        case SubjectKind.CHANNEL:
            return "a deleted channel"
        case _:
            return "without a name"
