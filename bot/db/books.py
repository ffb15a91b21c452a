"""Where the books of ``bot.ingest.books.registry`` are stored, one row each."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pymongo import ReplaceOne, UpdateOne

from bot.db.audit_logs import audit_log_document, read_audit_logs
from bot.db.channel_lists import channel_list_document, read_channel_lists
from bot.db.database import Handle, Session
from bot.db.invites import invite_document, read_invites
from bot.db.members import member_document, read_members, read_rosters, roster_document, settle_members
from bot.db.message_marks import mark_document, read_marks
from bot.db.message_states import message_document, read_messages
from bot.db.poll_states import poll_document, read_polls
from bot.db.scheduled_events import event_document, read_events
from bot.db.threads import read_threads, thread_document
from bot.db.warnings import read_warnings, warning_document
from bot.ingest.books.book import BookKey
from bot.ingest.delta import Delta
from schemas.channel_lists import CHANNEL_LISTS
from schemas.invites import INVITES
from schemas.member_activity_stats import COLLECTION as MEMBERS
from schemas.member_rosters import COLLECTION as ROSTERS
from schemas.message_marks import MESSAGE_MARKS
from schemas.message_states import MESSAGE_STATES
from schemas.moderation import AUDIT_LOGS
from schemas.poll_states import POLL_STATES
from schemas.scheduled_events import SCHEDULED_EVENTS
from schemas.threads import THREADS
from schemas.warnings import WARNINGS


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
        "marks": StoredBook(MESSAGE_MARKS.name, read_marks, mark_document),
        "threads": StoredBook(THREADS.name, read_threads, thread_document),
        "channels": StoredBook(CHANNEL_LISTS.name, read_channel_lists, channel_list_document),
        "members": StoredBook(MEMBERS.name, read_members, member_document, settle_members),
        "rosters": StoredBook(ROSTERS.name, read_rosters, roster_document),
        "invites": StoredBook(INVITES.name, read_invites, invite_document),
        "audit logs": StoredBook(AUDIT_LOGS.name, read_audit_logs, audit_log_document),
        "warnings": StoredBook(WARNINGS.name, read_warnings, warning_document),
        "events": StoredBook(SCHEDULED_EVENTS.name, read_events, event_document),
        "polls": StoredBook(POLL_STATES.name, read_polls, poll_document),
    }
)
