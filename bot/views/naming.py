"""What a board names that no database knows: its members and roles, and the channels it is restricted to."""

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from analytics.charts.wording import ELLIPSIS, clusters, tidy
from schemas.results.board import Board, Subject, SubjectKind
from texts import LazyText

DELETED_ROLE = LazyText("a deleted role")
_IN_TITLE = 20
"""Characters of a name in the title of a chart."""


def members_of(board: Board) -> list[int]:
    """Pseudonyms of the members who stand on a board."""
    alone = [] if board.member is None else [board.member.id]
    return alone + [subject.id for subject in _ranked(board) if subject.kind is SubjectKind.MEMBER]


def labelled(board: Board) -> list[int]:
    """Ids of the roles that stand on a board, and of all that it is restricted to."""
    roles = [subject.id for subject in _ranked(board) if subject.kind is SubjectKind.ROLE]
    return list(dict.fromkeys([*roles, *(subject.id for subject in board.head.filters)]))


def short(name: str) -> str:
    """A name cut so that a title still says its finding."""
    parts = list(clusters(tidy(name)))
    if len(parts) <= _IN_TITLE:
        return "".join(parts)
    return "".join(parts[: _IN_TITLE - 1]).rstrip() + ELLIPSIS


def named(board: Board, names: Mapping[int, str], labels: Mapping[int, str]) -> Board:
    """The board with the names of its members, and with what Discord's own things are called."""

    def called(subject: Subject) -> Subject:
        match subject.kind:
            case SubjectKind.MEMBER:
                return replace(subject, name=names.get(subject.id))
            case SubjectKind.ROLE:
                return replace(subject, name=labels.get(subject.id, str(DELETED_ROLE)))
            case _:
                return subject

    rankings = tuple(
        replace(ranking, rows=tuple(replace(row, subject=called(row.subject)) for row in ranking.rows))
        for ranking in board.rankings
    )
    filters = tuple(
        replace(called(each), name=labels.get(each.id, called(each).name)) for each in board.head.filters
    )
    member = None if board.member is None else called(board.member)
    return replace(board, head=replace(board.head, filters=filters), member=member, rankings=rankings)


def _ranked(board: Board) -> Iterator[Subject]:
    return (row.subject for ranking in board.rankings for row in ranking.rows)
