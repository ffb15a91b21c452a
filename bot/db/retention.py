"""Retention: TTL indexes that hold as many days as the host says, and what servers want besides.

Only the bot sets them, when it starts: a command that is run without the host's settings must not shorten the
retention, for MongoDB deletes within a minute what an index no longer covers. What a server keeps for a
shorter time by its own wish is deleted by ``bot.db.own_retention``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import IndexModel

from bot.db.database import Handle
from schemas.collection import Collection, Retention, RetentionClass
from schemas.registry import COLLECTIONS
from schemas.settings import SETTINGS

DAY_SECONDS = 86_400

RetentionDays = Mapping[RetentionClass, int | None]
"""Days that each class is kept; None, or not named: for good."""


@dataclass(frozen=True, slots=True)
class RetentionChange:
    """A collection's documents are kept for ``days`` from now on; None: for good. ``empty``: it has none."""

    collection: str
    before: int | None
    days: int | None
    empty: bool = False


async def apply_retention(
    db: Handle, days: RetentionDays, collections: Sequence[Collection] = COLLECTIONS
) -> list[RetentionChange]:
    """Bring the TTL indexes in line; returns what was changed. A database in line is only read."""
    changes = []
    for collection in collections:
        for kept in (collection.retention, collection.retention_of_some):
            if kept is not None:
                change = await _apply(db, collection.name, kept, days.get(kept.of))
                if change is not None:
                    changes.append(change)
    return changes


async def retention_in_force(db: Handle, collection: Collection) -> int | None:
    """Days that a collection's documents are kept, as the bot has set it; None: for good."""
    return (
        None
        if collection.retention is None
        else await days_in_force(db, collection.name, collection.retention)
    )


async def days_in_force(db: Handle, name: str, kept: Retention) -> int | None:
    """Days that documents of a collection are kept by one of its retentions; None: for good."""
    found = (await db[name].index_information()).get(kept.index, {})
    seconds = found.get("expireAfterSeconds")
    return None if seconds is None else int(seconds) // DAY_SECONDS


async def kept_days(db: Handle, guild: int, collection: Collection) -> int | None:
    """Days that a server's documents of a collection are kept; None: for good."""
    hosts = await retention_in_force(db, collection)
    kept = collection.retention
    own = await db[SETTINGS.name].find_one({"_id": str(guild)}, {"retention": 1})
    return hosts if kept is None else shorter(hosts, _own(own, kept.of))


async def own_days(db: Handle, of: RetentionClass) -> dict[int, int]:
    """Days for which servers keep a class of data by their own wish, by server."""
    wishes = {
        int(stored["_id"]): _own(stored, of)
        async for stored in db[SETTINGS.name].find({"retention": {"$ne": None}}, {"retention": 1})
    }
    return {guild: days for guild, days in wishes.items() if days is not None}


def shorter(*days: int | None) -> int | None:
    """The shortest of some retentions; None: for good."""
    return min((each for each in days if each is not None), default=None)


def _own(stored: Mapping[str, Any] | None, of: RetentionClass) -> int | None:
    """What a server's settings say about a class of data."""
    days = ((stored or {}).get("retention") or {}).get(of)
    return None if days is None else int(days)


async def _apply(db: Handle, name: str, kept: Retention, days: int | None) -> RetentionChange | None:
    before = await days_in_force(db, name, kept)
    if before == days:
        return None
    if days is None:
        await db[name].drop_index(kept.index)
        return RetentionChange(name, before, days, await _empty(db, name))
    seconds = days * DAY_SECONDS
    if before is None:
        some = {} if kept.only is None else {"partialFilterExpression": dict([kept.only])}
        model = IndexModel([(kept.since, 1)], name=kept.index, expireAfterSeconds=seconds, **some)
        await db[name].create_indexes([model])
    else:
        await db.command("collMod", name, index={"name": kept.index, "expireAfterSeconds": seconds})
    return RetentionChange(name, before, days, await _empty(db, name))


async def _empty(db: Handle, name: str) -> bool:
    return await db[name].find_one({}, {"_id": 1}) is None
