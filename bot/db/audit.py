"""Reads and writes ``audit``; changes of rules for counting are written in ``bot.db.guild_settings``."""

from typing import Any
from uuid import uuid4

from pymongo.errors import PyMongoError

from bot.audit import CHANGED, EXPORTED, EXPORTED_MEMBER, READ, Entry, SettingChange
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
        await self._note(guild, actor, now_ms, what=READ, subject=what, member=hexadecimal(member))

    async def note_export(self, guild: int, actor: int, member: int | None, what: str, now_ms: int) -> None:
        """Note that somebody took figures away, of a ``member`` or of all; raises StoreUnavailable."""
        if member is None:
            await self._note(guild, actor, now_ms, what=EXPORTED, subject=what)
        else:
            about = hexadecimal(member)
            await self._note(guild, actor, now_ms, what=EXPORTED_MEMBER, subject=what, member=about)

    async def note_change(self, guild: int, actor: int, change: SettingChange, now_ms: int) -> None:
        """Note who changed a setting; raises StoreUnavailable."""
        values = {"before": change.before, "after": change.after}
        await self._note(guild, actor, now_ms, what=CHANGED, subject=change.setting, **values)

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
                row.get("before"),
                row.get("after"),
            )
            for row in rows
        ]

    async def _note(self, guild: int, actor: int, now_ms: int, **fields: str) -> None:
        entry: dict[str, Any] = {
            "_id": str(uuid4()),
            "schemaVersion": SCHEMA_VERSION,
            "guildId": str(guild),
            "actor": hexadecimal(actor),
            "at": instant(now_ms),
            **fields,
        }
        try:
            await self._audit.insert_one(entry)
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error


def _number(pseudonym: str | None) -> int | None:
    return None if pseudonym is None else pseudonym_number(pseudonym)
