"""Days that go to a file, and come back from it.

A day may go once it is packed and its snapshots are made. Its packs stay, and are all that views need; what
comes later for the day is added to them (``bot.db.packing``). Each day goes, and comes back, in one
transaction that looks at the day's revision, so a bot that counts meanwhile is not disturbed.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import bson
from bson.errors import BSONError
from bson.raw_bson import RawBSONDocument
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern

from analytics.local_time import date_of, day_of_midnight, midnight_utc
from bot.db.database import MAJORITY, Handle, Session
from bot.db.keys import pseudonym_number
from bot.db.writes import DUE
from bot.ingest.store import StoreUnavailable
from schemas.day_packs import CHANNEL_BASES, CHANNEL_PACKS, MEMBER_BASES, MEMBER_PACKS, PACK_FORM
from schemas.day_slices import CHANNEL_DAYS, GUILD_DAYS, MEMBER_DAYS

ARCHIVED = (MEMBER_DAYS.name, CHANNEL_DAYS.name)
"""The collections whose documents go."""


class NotOurs(Exception):  # noqa: N818 - says what a file holds
    """A document of a file is not one that was archived."""


_NAMES = frozenset({"_id", "schemaVersion", "guildId", "zone", "day", "userId", "channelId"})
_BATCH = 2_000


@dataclass(frozen=True, slots=True)
class ArchiveDay:
    """A day at a revision."""

    id: str
    guild: int
    zone: int
    day: int
    revision: int


@dataclass(frozen=True, slots=True)
class ArchiveMonth:
    """Days of a server's calendar month (``2026-03``) that may go."""

    guild: int
    month: str
    days: tuple[ArchiveDay, ...]


class Archiving:
    """What archiving does to the database; raises StoreUnavailable."""

    def __init__(self, db: Handle) -> None:
        self._db = db

    async def months(self, before: int) -> list[ArchiveMonth]:
        """Months that lie before a local day with all their days, and have days that may go."""
        first = midnight_utc(before).replace(day=1)
        may_go: dict[str, Any] = {"day": {"$lt": first}, "archive": None, "dirty": False, "due": []}
        found: dict[tuple[int, str], list[ArchiveDay]] = {}
        try:
            async for stored in self._db[GUILD_DAYS.name].find(may_go, _MARK).sort("day", 1):
                guild, day = int(stored["guildId"]), day_of_midnight(stored["day"])
                mark = ArchiveDay(stored["_id"], guild, stored["zone"], day, stored["revision"])
                found.setdefault((guild, date_of(day).isoformat()[:7]), []).append(mark)
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error
        return [ArchiveMonth(guild, month, tuple(days)) for (guild, month), days in sorted(found.items())]

    async def batches(self, collection: str, day: ArchiveDay) -> AsyncIterator[bytes]:
        """A day's documents as concatenated BSON."""
        try:
            async for batch in self._db[collection].find_raw_batches(_of(day), batch_size=_BATCH):
                yield bytes(batch)
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error

    async def remove(self, day: ArchiveDay, file: str) -> bool:
        """Remove a day's documents, which are in the file; False if the day has changed since."""
        return await self._transaction(partial(self._remove, day, file))

    async def put_back(self, day_id: str, file: str, slices: Mapping[str, Sequence[bytes]]) -> bool:
        """Put a day's documents (BSON) back beside what came later; False if the day is not of that file."""
        return await self._transaction(partial(self._put_back, day_id, file, slices))

    async def _transaction(self, step: partial[Any]) -> bool:
        try:
            async with await self._db.client.start_session() as session:
                return bool(await session.with_transaction(step, ReadConcern("snapshot"), MAJORITY))
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error

    async def _remove(self, day: ArchiveDay, file: str, session: Session) -> bool:
        if not await self._is_packed(day, session):
            return False
        as_read = {"_id": day.id, "revision": day.revision, "dirty": False, "archive": None}
        marked = await self._db[GUILD_DAYS.name].update_one(
            as_read, {"$set": {"archive": file}}, session=session
        )
        if marked.matched_count != 1:
            return False
        for name in ARCHIVED:
            await self._db[name].delete_many(_of(day), session=session)
        return True

    async def _is_packed(self, day: ArchiveDay, session: Session) -> bool:
        """Whether packs hold all of the day. Days of members may have expired, and their packs with them."""
        packed = {"_id": day.id, "revision": day.revision, "form": {"$gte": PACK_FORM}}
        if await self._db[CHANNEL_PACKS.name].find_one(packed, {"_id": 1}, session=session) is None:
            return False
        if await self._db[MEMBER_PACKS.name].find_one(packed, {"_id": 1}, session=session) is not None:
            return True
        return await self._db[MEMBER_DAYS.name].find_one(_of(day), {"_id": 1}, session=session) is None

    async def _put_back(
        self, day_id: str, file: str, slices: Mapping[str, Sequence[bytes]], session: Session
    ) -> bool:
        marked = await self._db[GUILD_DAYS.name].update_one(
            {"_id": day_id, "archive": file},
            {"$set": {"dirty": True, "due": DUE}, "$inc": {"revision": 1}, "$unset": {"archive": ""}},
            session=session,
        )
        if marked.matched_count != 1:
            return False
        for name, documents in slices.items():
            with _as_documents():
                decoded = [bson.decode(each, _CODEC) for each in documents]
            await self._insert(name, decoded, session)
        for bases in (MEMBER_BASES, CHANNEL_BASES):
            await self._db[bases.name].delete_one({"_id": day_id}, session=session)
        return True

    async def _insert(self, collection: str, documents: list[dict[str, Any]], session: Session) -> None:
        """Insert documents; what came later is added to its document."""
        with _as_documents():
            which = {"_id": {"$in": [each["_id"] for each in documents]}}
        later = {each["_id"]: each async for each in self._db[collection].find(which, session=session)}
        if later:
            await self._db[collection].delete_many({"_id": {"$in": list(later)}}, session=session)
        with _as_documents():
            whole = [summed(each, later[each["_id"]]) if each["_id"] in later else each for each in documents]
        if whole:
            await self._db[collection].insert_many(whole, ordered=False, session=session)


def summed(slice_: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """A day's document and what was counted for the same day in another: counts add, a peak is the higher."""
    whole = {**slice_, **later}
    for name in slice_.keys() & later.keys():
        one, two = slice_[name], later[name]
        if name in _NAMES:
            continue
        if isinstance(one, dict):
            whole[name] = summed(one, two)
        else:
            whole[name] = max(one, two) if name == "peak" else one + two
    return whole


def member_of(document: bytes) -> int:
    """Pseudonym of the member that a day's document is about; 0 for a channel's. Raises NotOurs."""
    with _as_documents():
        return pseudonym_number(RawBSONDocument(document).get("userId", "0"))


def day_id_of(document: bytes) -> str:
    """Id of the day that a document of a member or channel belongs to. Raises NotOurs."""
    with _as_documents():
        identity: str = RawBSONDocument(document)["_id"]
        return identity.rpartition(":")[0]


@contextmanager
def _as_documents() -> Iterator[None]:
    """Say NotOurs of what comes out of a file and is not what was written into one."""
    try:
        yield
    except (BSONError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise NotOurs from error


def _of(day: ArchiveDay) -> dict[str, Any]:
    return {"guildId": str(day.guild), "zone": day.zone, "day": midnight_utc(day.day)}


_MARK = {"guildId": 1, "zone": 1, "day": 1, "revision": 1}
_CODEC: bson.CodecOptions[dict[str, Any]] = bson.CodecOptions(tz_aware=True)
