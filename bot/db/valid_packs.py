"""The packs of a server's days that are valid, and which days there are."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analytics.local_time import HourRange, day_of_midnight, midnight_utc
from bot.db.database import Handle
from bot.turns import portions
from schemas.day_slices import GUILD_DAYS

PACKS = 128
"""Packs that are asked for at once; a year's come on several connections, which takes less time."""
BATCH = 10_000
"""Documents a batch; MongoDB's own first batch of 101 would cost a second trip."""

Revisions = Mapping[int, int | None]
"""The revision that each day's packs must have; None: archived, so its packs are all there is."""


@dataclass(frozen=True, slots=True)
class DayMark:
    """A day's present revision; of an ``archived`` day the packs are all there is, whatever theirs is."""

    revision: int
    archived: bool


def days_of(guild_id: int, span: HourRange) -> dict[str, Any]:
    """Filter for the documents of a server's days."""
    return {
        "guildId": str(guild_id),
        "zone": span.zone,
        "day": {"$gte": midnight_utc(span.days.start), "$lt": midnight_utc(span.days.stop)},
    }


def hours_within(span: HourRange, day: int) -> range:
    """The hours of a day that lie in a range."""
    return span.hours_of(day)


async def read_marks(db: Handle, guild_id: int, span: HourRange) -> Mapping[int, DayMark]:
    """Marks of the days that have anything."""
    found = db[GUILD_DAYS.name].find(
        days_of(guild_id, span), {"_id": 0, "day": 1, "revision": 1, "archive": 1}, batch_size=BATCH
    )
    return {
        day_of_midnight(stored["day"]): DayMark(stored["revision"], bool(stored.get("archive")))
        for stored in await found.to_list(None)
    }


def revisions_of(marks: Mapping[int, DayMark]) -> Revisions:
    """The revisions that packs of days must have."""
    return {day: None if mark.archived else mark.revision for day, mark in marks.items()}


async def read_revisions(db: Handle, guild_id: int, span: HourRange) -> Revisions:
    """Revisions of the days that have anything."""
    return revisions_of(await read_marks(db, guild_id, span))


async def read_packs(
    db: Handle, collection: str, server: tuple[int, int], revisions: Revisions, columns: Iterable[str]
) -> dict[int, dict[str, Any]]:
    """Packs by day of a ``server`` (its id and a zone) that are made of the day's present revision."""
    fields = {"_id": 0, "day": 1, "revision": 1, **dict.fromkeys(columns, 1)}
    found = await asyncio.gather(
        *(_read_days(db, collection, server, days, fields) for days in portions(sorted(revisions), PACKS))
    )
    by_day = {day_of_midnight(pack["day"]): pack for packs in found for pack in packs}
    return {day: pack for day, pack in by_day.items() if revisions[day] in {None, pack["revision"]}}


async def _read_days(
    db: Handle, collection: str, server: tuple[int, int], days: list[int], fields: Mapping[str, int]
) -> list[dict[str, Any]]:
    guild_id, zone = server
    here = {"guildId": str(guild_id), "zone": zone, "day": {"$in": [midnight_utc(day) for day in days]}}
    return await db[collection].find(here, fields, batch_size=BATCH).to_list(None)
