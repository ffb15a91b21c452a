"""A board as JSON: times with their offset, ids as text, null for unknown."""

from dataclasses import replace
from functools import partial

import msgspec
from msgspec import structs

from bot.exports.files import ExportFile
from schemas.results.board import Board, Figure, Grid, Ranking, Series, SubjectKind

_Content = Figure | Ranking | Series | Grid


def json_file(board: Board) -> ExportFile:
    """File of a board; the pseudonyms of members stay out."""
    rankings = tuple(
        structs.replace(
            ranking,
            rows=tuple(
                structs.replace(row, subject=structs.replace(row.subject, id=0))
                if row.subject.kind is SubjectKind.MEMBER
                else row
                for row in ranking.rows
            ),
        )
        for ranking in board.rankings
    )
    member = None if board.member is None else structs.replace(board.member, id=0)
    shown = structs.replace(board, member=member, rankings=rankings)
    return _file(f"{board.kind.replace('/', '-')}.json", shown)


def _file(name: str, board: Board) -> ExportFile:
    file = ExportFile(name, text(board).encode())
    parts = _parts(board)
    return replace(file, smaller=partial(_in_parts, file, parts)) if len(parts) > 1 else file


async def _in_parts(file: ExportFile, parts: list[Board]) -> list[ExportFile]:
    return [_file(file.numbered(number), part) for number, part in enumerate(parts, 1)]


def _parts(board: Board) -> list[Board]:
    """The board in two, each with its head; its only series or grid in two halves of its rows."""
    every: list[_Content] = [*board.figures, *board.rankings, *board.series, *board.grids]
    if len(every) == 1:
        every = _rows_in_two(every[0])
    if len(every) < 2:  # noqa: PLR2004 - two parts
        return [board]
    middle = len(every) // 2
    return [_with(board, every[:middle]), _with(board, every[middle:])]


def _with(board: Board, content: list[_Content]) -> Board:
    return structs.replace(
        board,
        figures=tuple(each for each in content if isinstance(each, Figure)),
        rankings=tuple(each for each in content if isinstance(each, Ranking)),
        series=tuple(each for each in content if isinstance(each, Series)),
        grids=tuple(each for each in content if isinstance(each, Grid)),
    )


def _rows_in_two(content: _Content) -> list[_Content]:
    match content:
        case Series(starts=starts) if len(starts) > 1:
            middle = len(starts) // 2
            return [_cut(content, slice(middle)), _cut(content, slice(middle, None))]
        case Grid(rows=rows, values=values) if len(rows) > 1:
            middle = len(rows) // 2
            return [
                structs.replace(content, rows=rows[:middle], values=values[:middle]),
                structs.replace(content, rows=rows[middle:], values=values[middle:]),
            ]
        case _:
            return [content]


def _cut(series: Series, part: slice) -> Series:
    before = None if series.previous is None else series.previous[part]
    known = [place for place, value in enumerate(series.values) if value is not None]
    kept = range(len(series.values))[part]
    return structs.replace(
        series,
        starts=series.starts[part],
        values=series.values[part],
        previous=before,
        partial_first=series.partial_first and bool(known) and known[0] in kept,
        partial_last=series.partial_last and kept.stop == len(series.values),
    )


def text(result: object) -> str:
    """A result as indented JSON; ids are text, since they are larger than what JSON's numbers hold safely."""
    built = msgspec.to_builtins(result)
    return msgspec.json.format(msgspec.json.encode(_with_text_ids(built)), indent=2).decode()


def _with_text_ids(value: object) -> object:
    if isinstance(value, dict):
        return {
            key: str(item) if _is_id(key) and isinstance(item, int) else _with_text_ids(item)
            for key, item in value.items()
        }
    return [_with_text_ids(item) for item in value] if isinstance(value, list | tuple) else value


def _is_id(key: str) -> bool:
    return key == "id" or key.endswith("Id")
