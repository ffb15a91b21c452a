"""Members of a board and their names, which no database knows."""

from collections.abc import Mapping

from msgspec.structs import replace

from schemas.results.board import Board, SubjectKind


def members_of(board: Board) -> list[int]:
    """Pseudonyms of the members who stand on a board."""
    alone = [] if board.member is None else [board.member.id]
    return alone + [
        row.subject.id
        for ranking in board.rankings
        for row in ranking.rows
        if row.subject.kind is SubjectKind.MEMBER
    ]


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
    member = None if board.member is None else replace(board.member, name=names.get(board.member.id))
    return replace(board, member=member, rankings=rankings)
