"""The recorder's store on MongoDB: one transaction a batch."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, cast
from uuid import UUID

import structlog
from bson import Binary, Int64
from pymongo import ReplaceOne
from pymongo.errors import BulkWriteError, PyMongoError
from pymongo.read_concern import ReadConcern

from analytics.packs import ids_from_bytes, ids_to_bytes
from bot.db.books import STORED
from bot.db.consents import consent_document
from bot.db.database import MAJORITY, Driver, Handle, Session
from bot.db.erasing import erase, sever
from bot.db.keys import channel_id
from bot.db.leases import Lease, end_session, prolong
from bot.db.writes import BULK, derivations, writes
from bot.ingest.books.book import BookKey
from bot.ingest.coverage import Coverage, Range
from bot.ingest.journal import START, Position
from bot.ingest.store import (
    Changes,
    CoverageKey,
    ImportMove,
    JournalMove,
    LeaseLost,
    StoreUnavailable,
    WatermarkMoved,
)
from bot.turns import Turns, portions
from schemas.bookkeeping import COVERAGE, IMPORTS, LEASES, WATERMARKS
from schemas.consents import CONSENTS

CLOSE_SECONDS = 1.0
_DUPLICATE_KEY = 11_000

_log = structlog.get_logger(__name__)


class MongoStore:
    """Writes what the recorder folded, in one driver session; the lease names it: see ``bot.db.leases``."""

    def __init__(self, driver: Driver, db: Handle, lease: Lease) -> None:
        self._driver = driver
        self._db = db
        self._lease = lease
        self._session: Session | None = None
        self._abandoned: list[Session] = []

    async def close(self) -> None:
        """End the session; a database that does not answer keeps nobody from stopping."""
        session, self._session = self._session, None
        if session is not None:
            try:
                async with asyncio.timeout(CLOSE_SECONDS):
                    await session.end_session()
            except (PyMongoError, TimeoutError) as error:
                _log.debug("session left to expire", cause=str(error))

    async def watermark(self, journal: str) -> Position:
        """See ``Store``; a new journal's watermark is written down as START."""
        try:
            await self._end_abandoned()  # it holds the watermark
            mark = await self._db[WATERMARKS.name].find_one_and_update(
                {"_id": journal},
                {"$setOnInsert": START._asdict(), "$currentDate": {"updatedAt": True}},
                upsert=True,
                return_document=True,
            )
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error
        return Position(mark["segment"], mark["offset"])

    async def coverage(self, keys: Iterable[CoverageKey]) -> dict[CoverageKey, Coverage]:
        """See ``Store``. What a failed commit left open is ended first: it may be about to change them."""
        wanted = {channel_id(*key): key for key in keys}
        try:
            await self._end_abandoned()
            # not to_list, whose callback raises where a caller that stops is cancelled
            stored = [each async for each in self._db[COVERAGE.name].find({"_id": {"$in": list(wanted)}})]
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error
        found = {key: Coverage() for key in wanted.values()}
        found.update({wanted[document["_id"]]: _read_coverage(document) for document in stored})
        return found

    async def states(self, book: str, keys: Iterable[BookKey]) -> dict[BookKey, Any]:
        """See ``Store``."""
        try:
            return await STORED[book].read(self._db, keys)
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error

    async def unsettled(self, guild: int) -> list[int]:
        """See ``Store``."""
        filled = {"guildId": str(guild), "uncounted.0": {"$exists": True}}
        try:
            found = self._db[COVERAGE.name].find(filled, {"channelId": 1})
            return [int(document["channelId"]) async for document in found]
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error

    async def erase(self, guild: int, member: int) -> None:
        """See ``Store``."""
        try:
            await erase(self._db, guild, {member})
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error

    async def sever(self, guild: int, member: int) -> None:
        """See ``Store``."""
        try:
            await sever(self._db, guild, {member})
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error

    async def prolong(self) -> None:
        """Keep the lease while there is nothing to write; raise LeaseLost or StoreUnavailable."""
        try:
            kept = await prolong(self._db, self._lease)
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error
        if not kept:
            raise self._lost()

    async def commit(self, changes: Changes) -> None:
        """See ``Store``."""
        try:
            session = await self._open_session()
            async with session.start_transaction(ReadConcern("snapshot"), MAJORITY):
                await self._write(changes, session)
        except PyMongoError as error:
            self._abandon_session()
            raise StoreUnavailable(str(error)) from error
        except asyncio.CancelledError:  # perhaps in the middle of aborting
            self._abandon_session()
            raise
        for coverage in changes.coverage.values():
            coverage.revision += 1

    async def _write(self, changes: Changes, session: Session) -> None:
        if changes.move is not None:
            await self._move(changes.move, session)
        if not await prolong(self._db, self._lease, session):
            raise self._lost()
        turns = Turns()
        for step in (writes, derivations):
            for bulk in step(changes.delta):
                await turns.give_way()
                if bulk is not None:
                    collection, updates = bulk
                    await self._db[collection].bulk_write(updates, ordered=False, session=session)
        for coverages in portions(changes.coverage.items(), BULK):
            await self._replace(coverages, turns, session)
        await self._write_books(changes, turns, session)

    async def _write_books(self, changes: Changes, turns: Turns, session: Session) -> None:
        for book, states in changes.states.items():
            stored = STORED[book]
            for some in portions(states.items(), BULK):
                await turns.give_way()
                each = (stored.write(key, state) for key, state in some)
                written = [update for update in each if update is not None]
                if written:
                    await self._db[stored.collection].bulk_write(written, ordered=False, session=session)
        for book, stored in STORED.items():
            if stored.settle is not None:
                await stored.settle(self._db, session, changes.delta, changes.states.get(book, {}))

        said = [consent_document(key, consent) for key, consent in changes.consents.items()]
        if said:
            await self._db[CONSENTS.name].bulk_write(said, ordered=False, session=session)

    async def _replace(
        self, coverages: list[tuple[CoverageKey, Coverage]], turns: Turns, session: Session
    ) -> None:
        """Replace coverages of the revision expected; one of another is not found, and cannot be inserted."""
        replaced = []
        for some in portions(coverages):
            replaced += [_coverage_document(key, coverage) for key, coverage in some]
            await turns.give_way()
        try:
            await self._db[COVERAGE.name].bulk_write(replaced, ordered=True, session=session)
        except BulkWriteError as error:
            if any(each["code"] == _DUPLICATE_KEY for each in error.details["writeErrors"]):
                raise WatermarkMoved("a coverage has changed") from error
            raise

    async def _move(self, move: JournalMove | ImportMove, session: Session) -> None:
        if isinstance(move, JournalMove):
            name = WATERMARKS.name
            mine = {"_id": move.journal, **move.before._asdict()}
            moved: dict[str, Any] = move.after._asdict()
        else:
            name = IMPORTS.name
            mine = {"_id": move.import_id, "index": move.before.index, "offset": move.before.offset}
            moved = asdict(move.after)
        result = await self._db[name].update_one(
            mine, {"$set": moved, "$currentDate": {"updatedAt": True}}, session=session
        )
        if result.matched_count != 1:
            raise WatermarkMoved(str(move))

    async def _open_session(self) -> Session:
        """Start a session and leave its id with the lease, for whoever comes after a crash."""
        await self._end_abandoned()
        if self._session is None:
            session = await self._driver.start_session()
            named = {"$set": {"session": _identity(session)}}
            if (await self._db[LEASES.name].update_one(self._lease.mine, named)).matched_count != 1:
                raise self._lost()
            self._session = session
        return self._session

    def _abandon_session(self) -> None:
        """Drop a session whose transaction failed, perhaps without the server's knowing."""
        if self._session is not None:
            self._abandoned.append(self._session)
            self._session = None

    async def _end_abandoned(self) -> None:
        """End what failed transactions left open on the server; it would hold up the next."""
        while self._abandoned:
            session = self._abandoned[-1]
            await end_session(self._db, _identity(session))
            await session.end_session()  # not earlier: the driver would hand it to somebody else
            self._abandoned.pop()

    def _lost(self) -> LeaseLost:
        return LeaseLost(
            f"another Serverstats process writes to this database now ({self._lease.claim}): this one stops. "
            "Run only one, or give each its own SERVERSTATS_SHARD_IDS."
        )


async def committed_place(db: Handle, journal: str) -> Position:
    """How far a journal is committed, without a right to write."""
    mark = await db[WATERMARKS.name].find_one({"_id": journal})
    return START if mark is None else Position(mark["segment"], mark["offset"])


def _identity(session: Session) -> UUID:
    # motor's annotation calls this property a method
    session_id = cast("Mapping[str, Binary]", session.session_id)
    return session_id["id"].as_uuid()


def _read_coverage(document: dict[str, Any]) -> Coverage:
    return Coverage(
        session=document["session"],
        floor=document["floor"],
        recent=ids_from_bytes(document["recent"]).tolist(),
        uncounted=[
            Range(span["after"], span["before"], ids_from_bytes(span["counted"]).tolist())
            for span in document["uncounted"]
        ],
        revision=document.get("revision", 0),
        archived=document.get("archived", 0),
        archived_private=document.get("archivedPrivate", 0),
    )


def _coverage_document(key: CoverageKey, coverage: Coverage) -> ReplaceOne[dict[str, Any]]:
    identity = channel_id(*key)
    document = {
        "guildId": str(key[0]),
        "channelId": str(key[1]),
        "session": Int64(coverage.session),
        "floor": Int64(coverage.floor),
        "recent": ids_to_bytes(coverage.recent),
        "uncounted": [
            {"after": Int64(span.after), "before": Int64(span.before), "counted": ids_to_bytes(span.counted)}
            for span in coverage.uncounted
        ],
        "revision": coverage.revision + 1,
        "archived": Int64(coverage.archived),
        "archivedPrivate": Int64(coverage.archived_private),
    }
    known = coverage.revision or {"$in": [None, 0]}  # documents of version 0.1 have none
    return ReplaceOne({"_id": identity, "revision": known}, document, upsert=True)
