"""A board as JSON: times with their offset, ids as text, null for unknown."""

import msgspec

from bot.exports.files import ExportFile
from schemas.results.board import Board, SubjectKind


def json_file(board: Board) -> ExportFile:
    """File of a board; the pseudonyms of members stay out."""
    rankings = tuple(
        msgspec.structs.replace(
            ranking,
            rows=tuple(
                msgspec.structs.replace(row, subject=msgspec.structs.replace(row.subject, id=0))
                if row.subject.kind is SubjectKind.MEMBER
                else row
                for row in ranking.rows
            ),
        )
        for ranking in board.rankings
    )
    member = None if board.member is None else msgspec.structs.replace(board.member, id=0)
    content = text(msgspec.structs.replace(board, member=member, rankings=rankings)).encode()
    return ExportFile(f"{board.kind.replace('/', '-')}.json", content)


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
