"""Migrations: bring a database to the present schema; run at every start.

Collections, validators and indexes are declared beside the schemas and only brought in line here. What has to
be done to stored data is a row of ``MIGRATIONS``. Each step can be run again; a lock lets one process work
while the others wait, and say so. The lock names its owner, as a lease does: the process that comes after a
killed one on the same data folder takes it over at once; others wait for up to a minute. A database that is
in line is only read: to change a validator means to wait for every open transaction.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import structlog
from pymongo import IndexModel
from pymongo.errors import CollectionInvalid, DuplicateKeyError, OperationFailure

from analytics.local_time import day_of_midnight
from bot.db.database import LONG_AGO, Handle, Session
from bot.db.member_months import make_month_again
from bot.db.writes import DUE
from schemas.collection import Collection, Index
from schemas.day_packs import MEMBER_PACKS
from schemas.day_slices import CHANNEL_DAYS, GUILD_DAYS
from schemas.member_activity_stats import COLLECTION as MEMBERS
from schemas.member_archive import COLLECTION as MEMBER_ARCHIVE
from schemas.registry import COLLECTIONS

LOCK_MS = 60_000
POLL_SECONDS = 0.1
_STATE = "migrations"
_INDEX_OPTIONS_CONFLICT = (85, 86)
_MONTH = {"$dateTrunc": {"date": "$day", "unit": "month"}}
_OPTIONS = ("key", "unique", "expireAfterSeconds", "partialFilterExpression")

_log = structlog.get_logger(__name__)


class NewerSchema(Exception):  # noqa: N818 - a state of the database
    """The database was written by a later version of Serverstats."""


@dataclass(frozen=True, slots=True)
class Migration:
    """A step to ``version``; ``apply`` must be safe to run again."""

    version: int
    title: str
    apply: Callable[[Handle], Awaitable[None]]


async def declare(db: Handle) -> None:
    """Create every collection with its validator and its indexes, or bring them in line."""
    existing = set(await db.list_collection_names())
    for collection in COLLECTIONS:
        await _declare(db, collection, existing)


async def make_again(db: Handle) -> None:
    """Have every day packed in the present form, and its snapshots made."""
    await declare(db)
    await db[GUILD_DAYS.name].update_many({"due": {"$exists": False}}, {"$set": {"dirty": True, "due": DUE}})


async def pack_members_again(db: Handle) -> None:
    """Have days packed with their members' hours, and every month in which members did anything.

    A day whose slices are in an archive stays as it is.
    """
    await declare(db)
    await db[GUILD_DAYS.name].update_many({"archive": None}, {"$set": {"dirty": True}})
    found = db[MEMBER_PACKS.name].aggregate(
        [
            {"$group": {"_id": {"guild": "$guildId", "zone": "$zone", "month": _MONTH}}},
            {"$sort": {"_id": 1}},
        ],
        allowDiskUse=True,
    )
    async for each in found:
        month = each["_id"]
        day = day_of_midnight(month["month"])
        await make_month_again(db, int(month["guild"]), month["zone"], day)


async def tell_joins_of_stays(db: Handle) -> None:
    """Write with each absence the join of the stay before it, where an absence before that tells it.

    Of the first absence it was kept nowhere.
    """
    await declare(db)
    each = {"$arrayElemAt": ["$leaveHistory", "$$at"]}
    before = {"$arrayElemAt": ["$leaveHistory", {"$subtract": ["$$at", 1]}]}
    joined = {"$getField": {"field": "rejoinedAt", "input": before}}
    known = {"$getField": {"field": "joinedAt", "input": each}}
    told = {"$ifNull": [known, {"$cond": [{"$gt": ["$$at", 0]}, joined, None]}]}
    history = {
        "$map": {
            "input": {"$range": [0, {"$size": "$leaveHistory"}]},
            "as": "at",
            "in": {"$mergeObjects": [each, {"joinedAt": told}]},
        }
    }
    for collection in (MEMBERS, MEMBER_ARCHIVE):
        await db[collection.name].update_many(
            {"leaveHistory.1": {"$exists": True}}, [{"$set": {"leaveHistory": history}}]
        )


async def leave_out_afk(db: Handle) -> None:
    """Have days with time in the AFK channel packed without it, and their snapshots made again.

    A day whose slices are in an archive stays as it is.
    """
    found = db[CHANNEL_DAYS.name].aggregate(
        [
            {"$match": {"voice.afkMs": {"$gt": 0}, "voice.afkHours": {"$exists": False}}},
            {"$group": {"_id": {"guildId": "$guildId", "zone": "$zone", "day": "$day"}}},
        ],
        allowDiskUse=True,
    )
    async for each in found:
        await db[GUILD_DAYS.name].update_many(
            {**each["_id"], "archive": None}, {"$set": {"dirty": True, "due": DUE}}
        )


async def joins_and_afk(db: Handle) -> None:
    """Both steps to version 4."""
    await tell_joins_of_stays(db)
    await leave_out_afk(db)


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, "collections, validators and indexes", declare),
    Migration(2, "packs with all activity, and snapshots", make_again),
    Migration(3, "packs of members by hour and by month", pack_members_again),
    Migration(4, "the join of each stay of a member, and no time in the AFK channel", joins_and_afk),
)


async def schema_version(db: Handle, session: Session | None = None) -> int:
    """Version of the stored documents; 0 for a database that is new."""
    state = await db[_STATE].find_one({"_id": "schema"}, session=session)
    return 0 if state is None else int(state["version"])


async def set_schema_version(db: Handle, version: int) -> None:
    """Say which version the documents have that somebody else has put there."""
    await db[_STATE].update_one({"_id": "schema"}, {"$set": {"version": version}}, upsert=True)


async def migrate(
    db: Handle, migrations: tuple[Migration, ...] = MIGRATIONS, *, owner: str | None = None
) -> int:
    """Bring the database to the last version and return it; waits for another process that does so.

    ``owner`` is the id of a data folder that the caller has for itself: a lock under that id is a killed
    process's, and is not waited for. Without one each call is an owner of its own.
    """
    target, owner, waiting = migrations[-1].version, owner or str(uuid4()), False
    while True:
        state = await db[_STATE].find_one({"_id": "schema"})
        if state is None:
            with suppress(DuplicateKeyError):
                await db[_STATE].insert_one({"_id": "schema", "version": 0})
            continue
        if state["version"] == target and await _in_line(db):
            return target
        if state["version"] > target:
            raise NewerSchema(
                f"the database has schema version {state['version']}, this Serverstats knows {target}: "
                "run the newer Serverstats again, or restore a backup made before the upgrade"
            )
        if await _locked(db, owner):
            try:
                await _run(db, migrations)
            finally:
                await _unlock(db, owner)
            return target
        if not waiting:
            waiting = True
            _log.warning(
                "waiting: another process migrates the database, or was killed while it did",
                version=target,
                at_most_seconds=LOCK_MS // 1000,
            )
        await asyncio.sleep(POLL_SECONDS)


async def _run(db: Handle, migrations: tuple[Migration, ...]) -> None:
    state = await db[_STATE].find_one({"_id": "schema"}) or {}
    for migration in migrations:
        if migration.version > state["version"]:
            _log.info("migrating the database", version=migration.version, title=migration.title)
            await migration.apply(db)
            await db[_STATE].update_one({"_id": "schema"}, {"$set": {"version": migration.version}})
    await declare(db)


async def _in_line(db: Handle) -> bool:
    """Whether every collection stands as it is declared."""
    found = {stored["name"]: stored["options"] async for stored in await db.list_collections()}
    for collection in COLLECTIONS:
        if found.get(collection.name, {}).get("validator") != collection.validator():
            return False
        indexes = await db[collection.name].index_information()
        for index in collection.indexes:
            stored = indexes.get(index.name, {})
            if {name: stored.get(name) for name in _OPTIONS} != {
                "key": list(index.keys),
                "unique": index.unique or None,
                "expireAfterSeconds": index.expire_after,
                "partialFilterExpression": index.partial_filter,
            }:
                return False
    return True


async def _locked(db: Handle, owner: str) -> bool:
    """Take the lock, if it is free, has run out or is the owner's own."""
    run_out = {"$lt": [{"$ifNull": ["$lockedUntil", LONG_AGO]}, "$$NOW"]}
    free = {"_id": "schema", "$expr": {"$or": [run_out, {"$eq": ["$lockedBy", owner]}]}}
    lock: list[dict[str, Any]] = [
        {"$set": {"lockedUntil": {"$add": ["$$NOW", LOCK_MS]}, "lockedBy": {"$literal": owner}}}
    ]
    return (await db[_STATE].update_one(free, lock)).matched_count == 1


async def _unlock(db: Handle, owner: str) -> None:
    """Give the lock back, if it has not run out and gone to somebody else."""
    await db[_STATE].update_one(
        {"_id": "schema", "lockedBy": owner}, {"$unset": {"lockedUntil": "", "lockedBy": ""}}
    )


async def _declare(db: Handle, collection: Collection, existing: set[str]) -> None:
    if collection.name in existing or not await _created(db, collection):
        validator = collection.validator()
        await db.command("collMod", collection.name, validator=validator, validationLevel="strict")
    models = [_model(index) for index in collection.indexes]
    if not models:
        return
    try:
        await db[collection.name].create_indexes(models)
    except OperationFailure as error:
        if error.code not in _INDEX_OPTIONS_CONFLICT:
            raise
        for model in models:
            await _declare_index(db, collection.name, model)


async def _created(db: Handle, collection: Collection) -> bool:
    """Make a collection; False where another process was quicker."""
    try:
        await db.create_collection(collection.name, validator=collection.validator())
    except CollectionInvalid:
        return False
    return True


async def _declare_index(db: Handle, name: str, model: IndexModel) -> None:
    """Make an index, in place of one of the same name with other options."""
    try:
        await db[name].create_indexes([model])
    except OperationFailure as error:
        if error.code not in _INDEX_OPTIONS_CONFLICT:
            raise
        await db[name].drop_index(model.document["name"])
        await db[name].create_indexes([model])


def _model(index: Index) -> IndexModel:
    options: dict[str, Any] = {"name": index.name, "unique": index.unique}
    if index.expire_after is not None:
        options["expireAfterSeconds"] = index.expire_after
    if index.only is not None:
        options["partialFilterExpression"] = index.partial_filter
    return IndexModel(list(index.keys), **options)
