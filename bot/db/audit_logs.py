"""What is counted of each server's audit log, as it is stored and read back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bson import Int64
from pymongo import ReplaceOne

from analytics.local_time import day_of_midnight, midnight_utc
from analytics.packs import ids_from_bytes, ids_to_bytes
from bot.db.database import Handle
from bot.db.keys import pseudonym_number
from bot.db.writes import instant
from bot.ingest.books.audit_log import AuditLogState, Gap, TimeoutNote
from bot.ingest.books.book import BookKey
from bot.privacy.pseudonym import hexadecimal
from schemas.moderation import AUDIT_LOGS


async def read_audit_logs(db: Handle, keys: Iterable[BookKey]) -> dict[BookKey, AuditLogState]:
    """What is counted of servers' audit logs; an empty state where nothing is."""
    wanted = {str(key[0]): key for key in keys}
    found = {key: AuditLogState() for key in wanted.values()}
    async for document in db[AUDIT_LOGS.name].find({"_id": {"$in": list(wanted)}}):
        found[wanted[document["_id"]]] = _read(document)
    return found


def audit_log_document(key: BookKey, state: AuditLogState) -> ReplaceOne[dict[str, Any]]:
    """Write down what is counted of a server's audit log."""
    guild = str(key[0])
    document = {
        "guildId": guild,
        "floor": Int64(state.floor),
        "recent": ids_to_bytes(sorted(state.recent)),
        "since": _date(state.since),
        "settled": _date(state.settled),
        "gaps": [{"since": instant(gap.since), "until": instant(gap.until)} for gap in state.gaps],
        "timeouts": [
            {
                "entry": Int64(note.id),
                "userId": hexadecimal(note.target),
                "until": _date(note.until),
                "zone": note.zone,
                "day": midnight_utc(note.day),
                "hour": note.hour,
            }
            for note in state.timeouts
        ],
    }
    return ReplaceOne({"_id": guild}, document, upsert=True)


def _read(document: dict[str, Any]) -> AuditLogState:
    return AuditLogState(
        floor=int(document["floor"]),  # the driver hands out a type of its own, which no journal takes
        since=_ms(document["since"]),
        settled=_ms(document["settled"]),
        recent=set(ids_from_bytes(document["recent"]).tolist()),
        gaps=[Gap(_ms(gap["since"]), _ms(gap["until"])) for gap in document["gaps"]],
        timeouts=[
            TimeoutNote(
                id=int(note["entry"]),
                target=pseudonym_number(note["userId"]),
                until=_ms(note["until"]),
                zone=note["zone"],
                day=day_of_midnight(note["day"]),
                hour=note["hour"],
            )
            for note in document["timeouts"]
        ],
    )


def _date(ms: int) -> datetime | None:
    return instant(ms) if ms else None


def _ms(at: datetime | None) -> int:
    return 0 if at is None else round(at.timestamp() * 1000)
