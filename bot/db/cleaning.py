"""The monthly clean-up: what no TTL index can find.

Totals of members who were not active for as long as the retention, journals and imports that never counted
anything, and watermarks of journals that nobody opened for years. Coverage and the progress of imports stay
for good: without them a message that history or a file brings again would count twice.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from pymongo.read_concern import ReadConcern

from bot.claims import ALL_SERVERS, Claim
from bot.db.database import MAJORITY, Handle, Session
from bot.db.distinct import forget
from bot.db.retention import retention_in_force
from bot.db.writes import instant
from schemas.bookkeeping import IMPORTS, WATERMARKS
from schemas.day_slices import MEMBER_DAYS
from schemas.directory import GUILDS
from schemas.member_activity_stats import COLLECTION as MEMBERS
from schemas.threads import THREADS

NEVER_BEGAN_DAYS = 30
FORGOTTEN_AT_ONCE = 1_000
FORGOTTEN_JOURNAL_DAYS = 3 * 365
"""A journal folder that comes back after that would be counted again."""
_STATE = "migrations"
_ID = "clean-up"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """How many documents went, and how many threads forgot their authors."""

    idle_members: int
    watermarks: int
    imports: int
    threads: int


class Cleaner:
    """Deletes what is kept no longer; safe beside a bot that counts, and done twice.

    Of processes with different shards each cleans its own servers' members, and remembers that for itself.
    """

    def __init__(self, db: Handle, claim: Claim = ALL_SERVERS) -> None:
        self._db = db
        self._claim = claim
        self._note = _ID if claim == ALL_SERVERS else f"{_ID}: {claim.name}"

    async def clean_monthly(self, now_ms: int) -> Cleaned | None:
        """Clean up unless it was done in this month (UTC); returns what went."""
        now = instant(now_ms)
        month = datetime(now.year, now.month, 1, tzinfo=UTC)
        done = await self._db[_STATE].find_one({"_id": self._note})
        if done is not None and done["at"] >= month:
            return None
        cleaned = await self.clean(now_ms)
        _log.info(
            "cleaned up",
            idle_members=cleaned.idle_members,
            watermarks=cleaned.watermarks,
            imports=cleaned.imports,
            threads=cleaned.threads,
        )
        return cleaned

    async def clean(self, now_ms: int) -> Cleaned:
        """Clean up now."""
        now = instant(now_ms)
        cleaned = Cleaned(
            idle_members=await self._delete_idle_members(now),
            watermarks=await self._delete(WATERMARKS.name, _forgotten_journals(now)),
            imports=await self._delete(IMPORTS.name, _never_begun(now)),
            threads=await self._forget_authors(now),
        )
        await self._db[_STATE].update_one({"_id": self._note}, {"$set": {"at": now}}, upsert=True)
        return cleaned

    async def _delete_idle_members(self, now: datetime) -> int:
        """Delete by server, since the index begins with it. The retention is the one that the bot has set."""
        days = await retention_in_force(self._db, MEMBER_DAYS)
        if days is None:
            return 0
        since = now - timedelta(days=days)
        known = [int(guild["_id"]) async for guild in self._db[GUILDS.name].find({}, {"_id": 1})]
        guilds = [guild for guild in known if self._claim.holds(guild)]
        return sum([await forget_idle(self._db, guild, since) for guild in guilds])

    async def _forget_authors(self, now: datetime) -> int:
        """Keep threads, without whom they name, once what members did on that day is kept no longer."""
        days = await retention_in_force(self._db, MEMBER_DAYS)
        return 0 if days is None else await forget_authors(self._db, now - timedelta(days=days))

    async def _delete(self, collection: str, which: dict[str, Any]) -> int:
        return (await self._db[collection].delete_many(which)).deleted_count


async def forget_idle(db: Handle, guild: int, since: datetime) -> int:
    """Delete totals of a server's members who were not active since an instant; returns how many.

    A part in a transaction: who becomes active meanwhile is not deleted, and everybody counts once.
    """
    gone = 0
    async with await db.client.start_session() as session:
        while True:
            part: int = await session.with_transaction(
                partial(_forget_some, db, guild, since), ReadConcern("snapshot"), MAJORITY
            )
            gone += part
            if part < FORGOTTEN_AT_ONCE:
                return gone


async def _forget_some(db: Handle, guild: int, since: datetime, session: Session) -> int:
    found = db[MEMBERS.name].find(idle_members(guild, since), {"_id": 1}, session=session)
    members = [member["_id"] async for member in found.limit(FORGOTTEN_AT_ONCE)]
    if members:
        await forget(db, guild, members, session)
    return len(members)


async def forget_authors(db: Handle, since: datetime, guild: int | None = None) -> int:
    """Keep threads from before an instant, of one server or all, but not whom they name; returns how many."""
    old: dict[str, Any] = {
        "$or": [
            {"creator": {"$ne": None}, "createdAt": {"$lt": since}},
            {"earliest.0.at": {"$lt": since}},
        ]
    }
    forgotten: dict[str, Any] = {"$set": {"creator": None, "earliest": []}}
    where = old if guild is None else {"guildId": str(guild), **old}
    return (await db[THREADS.name].update_many(where, forgotten)).modified_count


def idle_members(guild: int, since: datetime) -> dict[str, Any]:
    """Filter for members whose last sign is older.

    One without any sign is kept, since nothing says how old it is.
    Who is there and was never active is kept: the document says only that, and would be made again.
    """
    last = {
        "$max": [
            "$lastActive",
            "$joinTimestamp",
            {"$max": "$leaveHistory.leftAt"},
            {"$max": "$leaveHistory.rejoinedAt"},
        ]
    }
    return {
        "guildId": str(guild),
        "lastActive": {"$not": {"$gte": since}},
        "$nor": [{"lastActive": None, "standing": {"$type": "object"}}],
        "$expr": {"$and": [{"$lt": [last, since]}, {"$gt": [last, None]}]},
    }


def _forgotten_journals(now: datetime) -> dict[str, Any]:
    """Watermarks at the start say nothing, so they may go; they are written anew when they are asked for."""
    return {
        "$or": [
            {"segment": 0, "offset": 0, "updatedAt": {"$lt": now - timedelta(days=NEVER_BEGAN_DAYS)}},
            {"updatedAt": {"$lt": now - timedelta(days=FORGOTTEN_JOURNAL_DAYS)}},
        ]
    }


def _never_begun(now: datetime) -> dict[str, Any]:
    return {"index": 0, "offset": 0, "updatedAt": {"$lt": now - timedelta(days=NEVER_BEGAN_DAYS)}}
