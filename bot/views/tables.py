"""A board as tables: what its card shows, row by row, for exports and for reading as a table."""

from collections.abc import Iterator, Sequence

from analytics.charts.spec.series import partial_places
from bot.views.buckets import BUCKET_TITLES
from bot.wording.not_shown import left_out
from schemas.results.board import Board, Figure, Grid, Measure, NotShown, Ranking, Series
from schemas.results.table import Cell, Column, Table
from texts import tr


def tables(board: Board) -> tuple[Table, ...]:
    """All numbers of a board."""
    return tuple(_tables(board))


def _tables(board: Board) -> Iterator[Table]:
    if board.figures:
        yield _figures(board.figures)
    for ranking in board.rankings:
        yield _ranking(ranking)
    for series in board.series:
        yield _series(series)
    for grid in board.grids:
        yield _grid(grid)


def _figures(figures: tuple[Figure, ...]) -> Table:
    compared = any(figure.previous is not None for figure in figures)
    columns = [Column(tr("Figure")), Column(tr("Value"), Measure.COUNT)]
    if compared:
        columns.append(Column(tr("Before"), Measure.COUNT))
    rows = (
        (figure.title, figure.value, figure.previous) if compared else (figure.title, figure.value)
        for figure in figures
    )
    return Table(tr("Figures"), tuple(columns), tuple(rows), tuple(figure.measure for figure in figures))


def _ranking(ranking: Ranking) -> Table:
    compared = any(row.previous is not None for row in ranking.rows)
    columns = [Column(tr("Name")), Column(tr("Value"), ranking.measure)]
    if ranking.whole is not None:
        columns.append(Column(tr("Share"), Measure.SHARE))
    if compared:
        columns.append(Column(tr("Before"), ranking.measure))
    rows = []
    for row in ranking.rows:
        cells: list[Cell] = [row.subject, row.value]
        if ranking.whole is not None:
            cells.append(row.value / ranking.whole if ranking.whole else 0.0)
        if compared:
            cells.append(row.previous)
        rows.append(tuple(cells))
    if ranking.not_shown is not None:
        rows.append(_not_shown(ranking, ranking.not_shown, compared=compared))
    return Table(ranking.title, tuple(columns), tuple(rows))


def _not_shown(ranking: Ranking, channels: NotShown, *, compared: bool) -> tuple[Cell, ...]:
    """What is left out, as the last row; empty where amounts do not add up, as that is not unknown."""
    value, previous = channels.value, channels.previous
    cells: list[Cell] = [left_out(channels), "" if value is None else value]
    if ranking.whole is not None:
        cells.append((value or 0) / ranking.whole if ranking.whole else 0.0)
    if compared:
        cells.append("" if value is None else previous)
    return tuple(cells)


def _series(series: Series) -> Table:
    when = Column(str(BUCKET_TITLES[series.bucket]), bucket=series.bucket)
    columns = [when, Column(tr("Value"), series.measure)]
    cells: list[Sequence[Cell]] = [series.starts, series.values]
    if series.previous is not None:
        columns.append(Column(tr("Before"), series.measure))
        cells.append(series.previous)
    partial = partial_places(series.values, first=series.partial_first, last=series.partial_last)
    if partial:
        columns.append(Column(tr("Incomplete")))
        cells.append([tr("yes") if at in partial else "" for at in range(len(series.starts))])
    return Table(series.title, tuple(columns), tuple(zip(*cells, strict=True)))


def _grid(grid: Grid) -> Table:
    columns = (Column(""), *(Column(column, grid.measure) for column in grid.columns))
    rows = tuple((name, *values) for name, values in zip(grid.rows, grid.values, strict=True))
    return Table(grid.title, columns, rows)
