"""What counted of messages, as it is stored and read back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pymongo import ReplaceOne

from bot.db.database import Handle
from bot.db.keys import message_id
from bot.db.writes import instant
from bot.ingest.books.book import BookKey
from bot.ingest.books.message_changes import MessageMark
from schemas.message_marks import MESSAGE_MARKS


async def read_marks(db: Handle, keys: Iterable[BookKey]) -> dict[BookKey, MessageMark]:
    """What is known of messages; a new mark where nothing is."""
    wanted = {message_id(guild, str(message)): (guild, message) for guild, message in keys}
    found = {key: MessageMark() for key in wanted.values()}
    async for document in db[MESSAGE_MARKS.name].find({"_id": {"$in": list(wanted)}}):
        found[wanted[document["_id"]]] = MessageMark(
            edited=milliseconds(document["editedAt"]),
            sent_with_embeds=document["sentWithEmbeds"],
            previewed=document["previewed"],
            deleted=document["deleted"],
            expires=milliseconds(document["expiresAt"]),
        )
    return found


def mark_document(key: BookKey, mark: MessageMark) -> ReplaceOne[dict[str, Any]]:
    """Write down what is known of a message."""
    guild, message = key
    document = {
        "guildId": str(guild),
        "editedAt": moment(mark.edited),
        "sentWithEmbeds": mark.sent_with_embeds,
        "previewed": mark.previewed,
        "deleted": mark.deleted,
        "expiresAt": instant(mark.expires),
    }
    return ReplaceOne({"_id": message_id(guild, str(message))}, document, upsert=True)


def moment(ms: int) -> datetime | None:
    """Date of a number of milliseconds since 1970; None for 0."""
    return instant(ms) if ms else None


def milliseconds(date: datetime | None) -> int:
    """Milliseconds since 1970; 0 for None."""
    return 0 if date is None else round(date.timestamp() * 1000)
