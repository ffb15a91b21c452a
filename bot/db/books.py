"""Where the books of ``bot.ingest.books`` are stored, one row each."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pymongo import ReplaceOne, UpdateOne

from bot.db.database import Handle, Session
from bot.db.invites import invite_document, read_invites
from bot.db.members import member_document, read_members, read_rosters, roster_document, settle_members
from bot.db.message_states import message_document, read_messages
from bot.ingest.books import BookKey
from bot.ingest.delta import Delta
from schemas.invites import INVITES
from schemas.member_activity_stats import COLLECTION as MEMBERS
from schemas.member_rosters import COLLECTION as ROSTERS
from schemas.message_states import MESSAGE_STATES


@dataclass(frozen=True, slots=True)
class StoredBook:
    """``read`` gives a state for every key, a new one where nothing is stored; ``write`` puts one down.

    States are written after the counters, in the same transaction; a ``write`` of None is left out. Then
    ``settle`` sees to what the counters and states of the batch mean for other documents.
    """

    collection: str
    read: Callable[[Handle, Iterable[BookKey]], Awaitable[dict[BookKey, Any]]]
    write: Callable[[BookKey, Any], ReplaceOne[dict[str, Any]] | UpdateOne | None]
    settle: Callable[[Handle, Session, Delta, Mapping[BookKey, Any]], Awaitable[None]] | None = None


STORED: Mapping[str, StoredBook] = MappingProxyType(
    {
        "messages": StoredBook(MESSAGE_STATES.name, read_messages, message_document),
        "members": StoredBook(MEMBERS.name, read_members, member_document, settle_members),
        "rosters": StoredBook(ROSTERS.name, read_rosters, roster_document),
        "invites": StoredBook(INVITES.name, read_invites, invite_document),
    }
)
