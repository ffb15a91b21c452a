"""Members of a board and their names, which no database knows."""

from collections.abc import Mapping

from msgspec.structs import replace

from analytics.charts.wording import ELLIPSIS, clusters, tidy
from schemas.results.board import Board, SubjectKind

_IN_TITLE = 20
"""Characters of a name in the title of a chart."""


def members_of(board: Board) -> list[int]:
    """Pseudonyms of the members who stand on a board."""
    return [
        row.subject.id
        for ranking in board.rankings
        for row in ranking.rows
        if row.subject.kind is SubjectKind.MEMBER
    ]


def short(name: str) -> str:
    """A name cut so that a title still says its finding."""
    parts = list(clusters(tidy(name)))
    if len(parts) <= _IN_TITLE:
        return "".join(parts)
    return "".join(parts[: _IN_TITLE - 1]).rstrip() + ELLIPSIS


def named(board: Board, names: Mapping[int, str]) -> Board:
    """The board with the names of its members."""
    rankings = tuple(
        replace(
            ranking,
            rows=tuple(
                replace(row, subject=replace(row.subject, name=names.get(row.subject.id)))
                if row.subject.kind is SubjectKind.MEMBER
                else row
                for row in ranking.rows
            ),
        )
        for ranking in board.rankings
    )
    return replace(board, rankings=rankings)
