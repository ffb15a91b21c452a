"""What servers' admins decided: rules for counting, with who changed them, and preferences."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from bson import Int64
from pymongo.errors import PyMongoError

from analytics.charts.spec import Theme
from bot.db.consents import spans_to_store, stored_spans
from bot.db.database import Handle
from bot.db.writes import SCHEMA_VERSION, instant
from bot.ingest.store import StoreUnavailable
from bot.preferences import Keeping, Preferences
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
        await self._write(guild, _stored_rules(rules), {})

    async def all_preferences(self) -> dict[int, Preferences]:
        """The preferences of every server that has decided anything."""
        return {int(stored["_id"]): _preferences(stored) async for stored in self._settings.find()}

    async def save_preferences(self, guild: int, preferences: Preferences) -> None:
        """Write down a server's preferences; raises StoreUnavailable."""
        await self._write(guild, _stored_preferences(preferences), _stored_rules(Rules()))

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

    async def _write(self, guild: int, fields: Mapping[str, Any], if_new: Mapping[str, Any]) -> None:
        """Change some fields: rules and preferences do not overwrite each other."""
        new = {"schemaVersion": SCHEMA_VERSION, **if_new}
        try:
            await self._settings.update_one(
                {"_id": str(guild)}, {"$set": dict(fields), "$setOnInsert": new}, upsert=True
            )
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error


def _stored_rules(rules: Rules) -> dict[str, Any]:
    return {
        "channels": _stored(rules.channels),
        "roles": _stored(rules.roles),
        "writers": _stored(rules.writers),
    }


def _stored_preferences(preferences: Preferences) -> dict[str, Any]:
    channel, sentiment = preferences.report_channel, preferences.sentiment_after
    return {
        "statisticsRoles": [str(role) for role in sorted(preferences.statistics_roles)],
        "memberRoles": [str(role) for role in sorted(preferences.member_roles)],
        "reportChannel": None if channel is None else str(channel),
        "theme": preferences.theme.value,
        "language": preferences.language,
        "retention": asdict(preferences.keeping),
        "sentimentAfter": None if sentiment is None else Int64(sentiment),
    }


def _preferences(stored: Mapping[str, Any]) -> Preferences:
    channel = stored.get("reportChannel")
    return Preferences(
        statistics_roles=frozenset(map(int, stored.get("statisticsRoles", ()))),
        member_roles=frozenset(map(int, stored.get("memberRoles", ()))),
        report_channel=None if channel is None else int(channel),
        theme=Theme(stored.get("theme") or Theme.DARK),
        keeping=Keeping(**(stored.get("retention") or {})),
        language=stored.get("language"),
        sentiment_after=stored.get("sentimentAfter"),
    )


def _stored(spans: Mapping[int, Spans] | Mapping[str, Spans]) -> dict[str, list[dict[str, Int64 | None]]]:
    return {str(key): spans_to_store(each) for key, each in spans.items() if each}


def _rules(stored: Mapping[str, Any]) -> Rules:
    return Rules(
        channels={int(key): stored_spans(each) for key, each in stored["channels"].items()},
        roles={int(key): stored_spans(each) for key, each in stored["roles"].items()},
        writers={key: stored_spans(each) for key, each in stored["writers"].items()},
    )
