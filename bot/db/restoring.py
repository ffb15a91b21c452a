"""Putting a backup into an empty database.

A note in the database says that a restore is under way, from before the first document until all is checked:
the bot refuses a database that holds half a backup, and the next restore begins it anew.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from bson import Int64
from bson.errors import BSONError, InvalidDocument
from bson.raw_bson import RawBSONDocument
from pymongo.errors import BulkWriteError, ConnectionFailure, DocumentTooLarge, OperationFailure, PyMongoError

from bot.claims import ALL_SERVERS
from bot.db import leases
from bot.db.database import Handle
from bot.db.dumping import BACKED_UP
from bot.db.identity import set_key_fingerprint
from bot.db.migrations import migrate, set_schema_version
from bot.ingest.store import StoreUnavailable
from schemas.bookkeeping import COVERAGE, WATERMARKS

PROLONG_SECONDS = 10.0
_OF_DOCUMENTS = frozenset({2, 15, 22, 10334})
"""BadValue, Overflow, InvalidBSON and BSONObjectTooLarge: MongoDB cannot read what it was sent."""
_STATE = "migrations"
_NOTE = "restore"
_NO_SESSION: Mapping[str, object] = {"session": Int64(0)}


class NotEmpty(Exception):  # noqa: N818 - a state of the database
    """The database holds data already."""


class Refused(Exception):  # noqa: N818 - same
    """MongoDB does not take a document: it is none, or there are two of the same id."""


class HalfRestored(Exception):  # noqa: N818 - same
    """A restore into this database did not come to its end."""


async def require_whole(db: Handle) -> None:
    """Raise HalfRestored if the database holds a part of a backup."""
    if await db[_STATE].find_one({"_id": _NOTE}) is not None:
        raise HalfRestored(
            f"a backup is being restored into the database {db.name}, or was and did not come to its end: "
            "wait for it, or run `serverstats restore` with the same file again."
        )


class Restoring:
    """The empty database that a backup goes into."""

    def __init__(self, db: Handle) -> None:
        self._db = db

    async def insert(self, collection: str, documents: Sequence[bytes]) -> None:
        """Add documents as they are, but for what is true of running processes alone; see ``_adapted``.

        Raises Refused or StoreUnavailable.
        """
        try:
            raw = [_adapted(collection, document) for document in documents]
            await self._db[collection].insert_many(raw, ordered=False)
        except (BSONError, InvalidDocument, BulkWriteError, DocumentTooLarge) as error:
            raise Refused(collection) from error
        except OperationFailure as error:
            if error.code not in _OF_DOCUMENTS:
                raise StoreUnavailable(str(error)) from error
            raise Refused(collection) from error
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error

    async def count(self, collection: str) -> int:
        """How many documents are there."""
        return await self._db[collection].count_documents({})

    async def complete(self, schema_version: int, fingerprint: str | None) -> None:
        """All is there: bring it to the present schema and let the bot use it.

        Raises Refused or StoreUnavailable.
        """
        if fingerprint is not None:
            await set_key_fingerprint(self._db, fingerprint)
        await set_schema_version(self._db, schema_version)
        try:
            await migrate(self._db)
        except ConnectionFailure as error:
            raise StoreUnavailable(str(error)) from error
        except Exception as error:  # whatever documents that nobody here wrote do to a migration
            raise Refused("documents of its schema version") from error
        await self._db[_STATE].delete_one({"_id": _NOTE})


@asynccontextmanager
async def restoring(db: Handle) -> AsyncIterator[Restoring]:
    """Claim an empty database; raises NotEmpty, or LeaseHeld while another process writes to it."""
    lease = await leases.acquire(db, ALL_SERVERS, str(uuid4()))
    keeper = asyncio.create_task(_keep(db, lease), name="restore lease")
    try:
        await _claim(db)
        yield Restoring(db)
    finally:
        keeper.cancel()
        await leases.release(db, lease)


async def _keep(db: Handle, lease: leases.Lease) -> None:
    while await leases.prolong(db, lease):  # noqa: ASYNC110 - keeps something alive, waits for nothing
        await asyncio.sleep(PROLONG_SECONDS)


async def _claim(db: Handle) -> None:
    state = db[_STATE]
    note = await state.find_one({"_id": _NOTE})
    if note is not None and note["begun"]:
        await _empty(db)
        return
    await state.update_one({"_id": _NOTE}, {"$set": {"begun": False}}, upsert=True)
    try:
        await _require_empty(db)
    except BaseException:
        await state.delete_one({"_id": _NOTE})
        raise
    await _empty(db)
    await state.update_one({"_id": _NOTE}, {"$set": {"begun": True}})


async def _require_empty(db: Handle) -> None:
    """Raise unless nothing is counted there. A journal that never counted says nothing."""
    for name in BACKED_UP:
        said = {"segment": {"$gt": 0}} if name == WATERMARKS.name else {}
        if await db[name].find_one(said, {"_id": 1}) is not None:
            raise NotEmpty(
                f"the database {db.name} holds data already ({name}), and a backup is never mixed with other "
                "data. Name another database with --into NAME, and set SERVERSTATS_DATABASE to it afterwards."
            )


async def _empty(db: Handle) -> None:
    """Drop what a restore that was cut short has left, and what a newer schema has declared."""
    for name in BACKED_UP:
        await db.drop_collection(name)


def _adapted(collection: str, document: bytes) -> RawBSONDocument | dict[str, Any]:
    """Let no gateway session go on behind the backup.

    The journal may hold later records of the session that last counted in a channel, but not all: with the
    session forgotten, the first of them opens an uncounted range from the backup to itself.
    """
    raw = RawBSONDocument(document)
    return {**raw, **_NO_SESSION} if collection == COVERAGE.name else raw
