"""What stands in a table: rows of cells under columns, with what their numbers measure."""

from dataclasses import dataclass
from datetime import datetime

from schemas.results.board import Measure, Subject

Cell = str | float | datetime | Subject | None
"""None is unknown."""


@dataclass(frozen=True, slots=True)
class Column:
    """``measure`` is what its numbers are; None for words, times and subjects.

    ``bucket`` is what its times begin; empty for anything else.
    """

    title: str
    measure: Measure | None = None
    bucket: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of as many cells as there are columns; a row's measure, where given, is that of its numbers."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    row_measures: tuple[Measure, ...] = ()

    def measure(self, row: int, column: int) -> Measure | None:
        """What the number in a cell is."""
        own = self.columns[column].measure
        return self.row_measures[row] if self.row_measures and own is not None else own
