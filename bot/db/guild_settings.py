"""Servers' rules for counting, and who changed them."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from bson import Int64
from pymongo.errors import PyMongoError

from bot.db.consents import spans_to_store, stored_spans
from bot.db.database import Handle
from bot.db.writes import SCHEMA_VERSION, instant
from bot.ingest.store import StoreUnavailable
from bot.privacy.pseudonym import hexadecimal
from bot.privacy.rules import Change, Rules, Spans
from schemas.settings import AUDIT, SETTINGS


class GuildSettings:
    """Reads and writes ``settings``; each change leaves an entry in ``audit``."""

    def __init__(self, db: Handle) -> None:
        self._settings = db[SETTINGS.name]
        self._audit = db[AUDIT.name]

    async def all_rules(self) -> dict[int, Rules]:
        """The rules of every server that has any."""
        return {int(stored["_id"]): _rules(stored) async for stored in self._settings.find()}

    async def save(self, guild: int, rules: Rules) -> None:
        """Write down a server's rules."""
        document = {
            "schemaVersion": SCHEMA_VERSION,
            "channels": _stored(rules.channels),
            "roles": _stored(rules.roles),
            "writers": _stored(rules.writers),
        }
        try:
            await self._settings.replace_one({"_id": str(guild)}, document, upsert=True)
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error

    async def note(self, guild: int, actor: int, change: Change, now_ms: int) -> None:
        """Note who (a pseudonym) changed what."""
        verb = "apply" if change.applies else "end"
        entry = {
            "_id": str(uuid4()),
            "schemaVersion": SCHEMA_VERSION,
            "guildId": str(guild),
            "actor": hexadecimal(actor),
            "what": f"{verb} {change.subject.value} rule",
            "subject": change.target,
            "at": instant(now_ms),
        }
        try:
            await self._audit.insert_one(entry)
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error


def _stored(spans: Mapping[int, Spans] | Mapping[str, Spans]) -> dict[str, list[dict[str, Int64 | None]]]:
    return {str(key): spans_to_store(each) for key, each in spans.items() if each}


def _rules(stored: Mapping[str, Any]) -> Rules:
    return Rules(
        channels={int(key): stored_spans(each) for key, each in stored["channels"].items()},
        roles={int(key): stored_spans(each) for key, each in stored["roles"].items()},
        writers={key: stored_spans(each) for key, each in stored["writers"].items()},
    )
