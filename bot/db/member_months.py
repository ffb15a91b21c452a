"""Packed months of members that are valid: reading them, and saying that one has to be made again."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from analytics.local_time import day_of_midnight, midnight_utc
from analytics.months import month_of
from bot.db.database import Handle
from bot.db.keys import month_id
from bot.db.valid_packs import BATCH, DayMark
from bot.db.writes import SCHEMA_VERSION
from schemas.month_packs import MEMBER_MONTHS, MONTH_FORM, NO_DAY

Months = Mapping[int, Mapping[str, Any]]
"""Packed months as they are stored, by their first day."""


def new_mark() -> str:
    """A mark that no document has."""
    return uuid4().hex


def month_revisions(days: range, marks: Mapping[int, DayMark]) -> list[int]:
    """Revisions of a month's days, as a month that was made of them holds them."""
    return [marks[day].revision if day in marks else NO_DAY for day in days]


async def read_months(
    db: Handle, server: tuple[int, int], months: Sequence[range], columns: Iterable[str]
) -> Months:
    """The packed months there are of a ``server`` (its id and a zone), valid or not."""
    if not months:
        return {}
    guild_id, zone = server
    firsts = [midnight_utc(month.start) for month in months]
    here = {"guildId": str(guild_id), "zone": zone, "day": {"$in": firsts}, "form": MONTH_FORM}
    fields = {"_id": 0, "day": 1, "revisions": 1, **dict.fromkeys(columns, 1)}
    found = await db[MEMBER_MONTHS.name].find(here, fields, batch_size=BATCH).to_list(None)
    return {day_of_midnight(month["day"]): month for month in found}


def valid_months(months: Months, marks: Mapping[int, DayMark]) -> dict[range, Mapping[str, Any]]:
    """Those that were made of what the packs of their days hold now, by their days."""
    by_days = {month_of(first): month for first, month in months.items()}
    return {
        days: month for days, month in by_days.items() if month["revisions"] == month_revisions(days, marks)
    }


async def make_month_again(db: Handle, guild: int, zone: int, day: int) -> None:
    """Have the month that holds a day made, or made again, once it is over."""
    await db[MEMBER_MONTHS.name].update_one(
        {"_id": month_id(guild, zone, day)},
        {"$set": {"stale": True, "mark": new_mark()}, "$setOnInsert": unmade_month(guild, zone, day)},
        upsert=True,
    )


def unmade_month(guild: int, zone: int, day: int) -> dict[str, Any]:
    """What a document holds besides ``_id``, ``stale`` and ``mark`` as long as the month was not made."""
    return {
        "schemaVersion": SCHEMA_VERSION,
        "guildId": str(guild),
        "zone": zone,
        "day": midnight_utc(month_of(day).start),
        "form": MONTH_FORM,
        "revisions": [],
    }
