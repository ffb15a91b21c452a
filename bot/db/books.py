"""Where the books of ``bot.ingest.books`` are stored, one row each."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pymongo import ReplaceOne, UpdateOne

from bot.db.audit_logs import audit_log_document, read_audit_logs
from bot.db.database import Handle
from bot.db.message_states import message_document, read_messages
from bot.db.warnings import read_warnings, warning_document
from bot.ingest.books import BookKey
from schemas.message_states import MESSAGE_STATES
from schemas.moderation import AUDIT_LOGS
from schemas.warnings import WARNINGS


@dataclass(frozen=True, slots=True)
class StoredBook:
    """``read`` gives a state for every key, a new one where nothing is stored; ``write`` puts one down.

    States are written after the counters, in the same transaction.
    """

    collection: str
    read: Callable[[Handle, Iterable[BookKey]], Awaitable[dict[BookKey, Any]]]
    write: Callable[[BookKey, Any], ReplaceOne[dict[str, Any]] | UpdateOne]


STORED: Mapping[str, StoredBook] = MappingProxyType(
    {
        "messages": StoredBook(MESSAGE_STATES.name, read_messages, message_document),
        "audit logs": StoredBook(AUDIT_LOGS.name, read_audit_logs, audit_log_document),
        "warnings": StoredBook(WARNINGS.name, read_warnings, warning_document),
    }
)
