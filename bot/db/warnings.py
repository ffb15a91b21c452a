"""Warnings as they are stored, and those of a member."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pymongo import ReplaceOne

from bot.db.database import DatabaseError, Handle
from bot.db.keys import case_id, pseudonym_number
from bot.db.writes import SCHEMA_VERSION, instant
from bot.ingest.books.book import BookKey
from bot.ingest.books.warnings import WarningCase
from bot.ingest.store import StoreUnavailable
from bot.privacy.pseudonym import hexadecimal
from schemas.warnings import WARNINGS


class Warnings:
    """Looks warnings up."""

    def __init__(self, db: Handle) -> None:
        self._warnings = db[WARNINGS.name]

    async def of_member(self, guild: int, member: int) -> dict[int, WarningCase]:
        """All warnings of a member by case, the latest first; raises StoreUnavailable."""
        theirs = {"guildId": str(guild), "userId": hexadecimal(member)}
        try:
            found = self._warnings.find(theirs).sort("at", -1)
            # not to_list: it complains when whoever waits runs out of patience
            return {int(stored["caseId"]): _read(stored) async for stored in found}
        except DatabaseError as error:
            raise StoreUnavailable(str(error)) from error


async def read_warnings(db: Handle, keys: Iterable[BookKey]) -> dict[BookKey, WarningCase]:
    """What is known of cases; an empty one where nothing is."""
    wanted = {case_id(*key): key for key in keys}
    found = {key: WarningCase() for key in wanted.values()}
    async for document in db[WARNINGS.name].find({"_id": {"$in": list(wanted)}}):
        found[wanted[document["_id"]]] = _read(document)
    return found


def warning_document(key: BookKey, case: WarningCase) -> ReplaceOne[dict[str, Any]]:
    """Write a case down; one that was never recorded, or has expired, is not made anew."""
    guild, number = key
    document = {
        "schemaVersion": SCHEMA_VERSION,
        "guildId": str(guild),
        "caseId": str(number),
        "userId": hexadecimal(case.member),
        "moderatorId": hexadecimal(case.moderator),
        "category": case.category,
        "at": instant(case.at),
        "resolvedAt": instant(case.resolved_at) if case.resolved_at else None,
        "resolvedBy": hexadecimal(case.resolved_by) if case.resolved_at else None,
        "resolution": case.resolution,
    }
    return ReplaceOne({"_id": case_id(guild, number)}, document, upsert=bool(case.at))


def _read(document: dict[str, Any]) -> WarningCase:
    resolved: datetime | None = document["resolvedAt"]
    return WarningCase(
        member=pseudonym_number(document["userId"]),
        moderator=pseudonym_number(document["moderatorId"]),
        category=document["category"],
        at=_ms(document["at"]),
        resolved_at=0 if resolved is None else _ms(resolved),
        resolved_by=0 if resolved is None else pseudonym_number(document["resolvedBy"]),
        resolution=document["resolution"],
    )


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
