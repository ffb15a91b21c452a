"""Reads and writes ``audit``; changes of settings are written in ``bot.db.guild_settings``."""

from uuid import uuid4

from pymongo.errors import PyMongoError

from bot.audit import Entry
from bot.db.database import Handle
from bot.db.instants import optional_milliseconds
from bot.db.keys import pseudonym_number
from bot.db.writes import SCHEMA_VERSION, instant
from bot.ingest.store import StoreUnavailable
from bot.privacy.pseudonym import hexadecimal
from schemas.settings import AUDIT


class AuditStore:
    """See ``bot.audit.Audit``."""

    def __init__(self, db: Handle) -> None:
        self._audit = db[AUDIT.name]

    async def note_reading(self, guild: int, actor: int, member: int, what: str, now_ms: int) -> None:
        """Note that somebody read a member's figures; raises StoreUnavailable."""
        entry = {
            "_id": str(uuid4()),
            "schemaVersion": SCHEMA_VERSION,
            "guildId": str(guild),
            "actor": hexadecimal(actor),
            "what": "read member figures",
            "subject": what,
            "at": instant(now_ms),
            "member": hexadecimal(member),
        }
        try:
            await self._audit.insert_one(entry)
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error

    async def latest(self, guild: int, skip: int, limit: int) -> list[Entry]:
        """Entries, the newest first; reads ``skip`` and ``limit`` index keys. Raises StoreUnavailable."""
        found = self._audit.find({"guildId": str(guild)}).sort("at", -1).skip(skip).limit(limit)
        try:
            rows = await found.to_list(limit)
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error
        return [
            Entry(
                _number(row["actor"]),
                row["what"],
                row["subject"],
                _number(row.get("member")),
                optional_milliseconds(row["at"]),
            )
            for row in rows
        ]


def _number(pseudonym: str | None) -> int | None:
    return None if pseudonym is None else pseudonym_number(pseudonym)
