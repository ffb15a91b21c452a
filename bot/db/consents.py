"""Where consents are stored, and how the database, the data folder and the journal are brought together.

The data folder's copy outlives the database: after a restore of an older backup, whoever was erased or opted
out since then is so again, before anything is counted or shown.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog
from bson import Int64
from pymongo import ReplaceOne

from bot.db.database import Handle
from bot.db.erasing import erase, sever, stored_members
from bot.db.writes import SCHEMA_VERSION
from bot.privacy.consent import Consent, Span
from bot.privacy.consents import Consents, SealedKey
from bot.privacy.pseudonym import Pseudonyms
from schemas.consents import CONSENTS

_log = structlog.get_logger(__name__)


async def stored_consents(db: Handle) -> dict[SealedKey, Consent]:
    """All consents that the database knows."""
    return {
        (int(each["guildId"]), each["member"]): Consent(
            int(each["erased"]),
            stored_spans(each["spans"]),
            each["erasures"],
        )
        async for each in db[CONSENTS.name].find()
    }


async def known_consents(db: Handle, path: Path, pseudonyms: Pseudonyms) -> Consents:
    """What the data folder's file and the database know, beside a bot that may go on running."""
    consents = await asyncio.to_thread(Consents, pseudonyms.seal, path)
    for key, consent in (await stored_consents(db)).items():
        consents.learn(key, consent)
    return consents


def consent_document(key: SealedKey, consent: Consent) -> ReplaceOne[dict[str, Any]]:
    """Write down one member's consent."""
    guild, member = key
    document = {
        "schemaVersion": SCHEMA_VERSION,
        "guildId": str(guild),
        "member": member,
        "erased": Int64(consent.erased),
        "erasures": consent.erasures,
        "spans": spans_to_store(consent.spans),
    }
    return ReplaceOne({"_id": f"{guild}:{member}"}, document, upsert=True)


def stored_spans(stored: Sequence[Mapping[str, Any]]) -> tuple[Span, ...]:
    """Spans as they are read back."""
    return tuple(
        Span(int(span["after"]), None if span["until"] is None else int(span["until"])) for span in stored
    )


def spans_to_store(spans: Iterable[Span]) -> list[dict[str, Int64 | None]]:
    """Spans as they are stored."""
    return [
        {"after": Int64(span.after), "until": None if span.until is None else Int64(span.until)}
        for span in spans
    ]


async def reconcile(db: Handle, consents: Consents, pseudonyms: Pseudonyms) -> int:
    """Do in the database what only the data folder knows of, and learn what only the database knows.

    Returns how many members had to be erased (again).
    """
    stored = await stored_consents(db)
    fresh = {
        key: consent
        for key, consent in consents.all.items()
        if key not in stored or consent.known > stored[key].known
    }
    erased = 0
    for guild in {guild for guild, _ in fresh}:
        here = {member: consent for (where, member), consent in fresh.items() if where == guild}
        found = {pseudonyms.seal(guild, each): each for each in await stored_members(db, guild)}
        gone = _members(found, (m for m, c in here.items() if c.erased > _erased(stored.get((guild, m)))))
        await erase(db, guild, gone)
        await sever(db, guild, _members(found, (m for m, c in here.items() if c.opted_out)))
        erased += len(gone)
    if fresh:
        written = [consent_document(key, consent) for key, consent in fresh.items()]
        await db[CONSENTS.name].bulk_write(written, ordered=False)
    if erased:
        _log.warning("members who had been erased were in the database again, and are erased", members=erased)
    for key, consent in stored.items():
        consents.learn(key, consent)
    return erased


def _erased(consent: Consent | None) -> int:
    return 0 if consent is None else consent.erased


def _members(found: dict[str, int], sealed: Iterable[str]) -> set[int]:
    return {found[member] for member in sealed if member in found}
