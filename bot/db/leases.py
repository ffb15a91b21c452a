"""Leases: one process writes a server at a time.

A lease covers what its holder claims; claims that share a server exclude each other, also those of different
numbers of shards. All acquisitions change one document, the register, so of two at once one sees the other.

The database's clock decides (``$$NOW``), never the hosts'. The epoch grows with every lease. Lease and epoch
are checked in every transaction, and a lease that was taken over is gone, so a process that lost its lease
can commit nothing more. The lease also names the driver session of its owner: a process that was killed in a
transaction leaves it open, and an open transaction keeps everybody from the documents it wrote, the lease
among them, for a minute. So it is ended first.

The register also remembers the last leases that were taken over from another owner, and when. A process that
was cut off does not know that, and goes on recording; what it recorded from then on the other has counted.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from bson import Binary
from pymongo.errors import DuplicateKeyError
from pymongo.read_concern import ReadConcern

from bot.claims import ALL_SERVERS, Claim
from bot.clock import Clock
from bot.db.database import LONG_AGO, MAJORITY, Handle, Session
from schemas.bookkeeping import LEASES

LEASE_MS = 30_000
MAX_TAKEOVERS = 200
"""Takeovers that are remembered; a process that comes back after so many more is not worth its voice."""
REGISTER = "register"
_HELD = {
    "owner": True,
    "epoch": True,
    "expiresAt": True,
    "session": True,
    "shards": True,
    "shardCount": True,
    "servers": True,
    "runs": {"$gt": ["$expiresAt", "$$NOW"]},
}


class LeaseHeld(Exception):  # noqa: N818 - a state of the world
    """Somebody else writes what is claimed, or a part of it."""

    def __init__(self, wanted: Claim, held: Claim, owner: str, expires_at: datetime) -> None:
        meant = f", and this one is to write {wanted}" if wanted != held else ""
        super().__init__(
            f"another Serverstats process ({owner[:8]}) is writing to this database ({held}){meant}. "
            f"Stop it, or wait until {expires_at:%H:%M:%S} UTC if it is already gone. "
            "Processes that run side by side need different SERVERSTATS_SHARD_IDS."
        )
        self.held = held


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write what is claimed, until the database's clock passes its end."""

    claim: Claim
    owner: str
    epoch: int

    @property
    def mine(self) -> dict[str, Any]:
        """Finds its document, as long as it has not been taken over."""
        return {"_id": self.claim.name, "owner": self.owner, "epoch": self.epoch}


async def end_orphan(db: Handle, claim: Claim, owner: str) -> None:
    """End transactions left open by the owners of leases that are ours to take."""
    for stored in await db[LEASES.name].find({"_id": {"$ne": REGISTER}}, _HELD).to_list(None):
        if "session" in stored and _is_free(stored, claim, owner):
            await end_session(db, stored["session"])


async def end_session(db: Handle, session: UUID) -> None:
    """End a driver session and its transaction, wherever they come from."""
    await db.client.admin.command({"killSessions": [{"id": Binary.from_uuid(session)}]})


async def acquire(db: Handle, claim: Claim, owner: str) -> Lease:
    """Take the lease of a claim, and give back whatever else the owner holds; raise LeaseHeld.

    A lease that is expired, or the owner's own, holds nobody up: it is taken over and gone.
    """
    await end_orphan(db, claim, owner)
    register = {"owner": "", "epoch": 0, "expiresAt": LONG_AGO, "beat": 0, "shards": [], "servers": []}
    with suppress(DuplicateKeyError):
        await db[LEASES.name].update_one({"_id": REGISTER}, {"$setOnInsert": register}, upsert=True)
    async with await db.client.start_session() as session:
        take = partial(_take, db, Lease(claim, owner, 0))
        lease: Lease = await session.with_transaction(
            take, read_concern=ReadConcern("snapshot"), write_concern=MAJORITY
        )
    return lease


async def takeovers(db: Handle, owner: str) -> dict[int, int]:
    """When leases of an owner were taken over, by their epochs: in ms of the database's clock."""
    register = await db[LEASES.name].find_one({"_id": REGISTER}, {"takeovers": 1}) or {}
    return {
        each["epoch"]: round(each["at"].timestamp() * 1000)
        for each in register.get("takeovers", [])
        if each["owner"] == owner
    }


async def clock_ahead_ms(db: Handle, clock: Clock) -> int:
    """By how much the database's clock is ahead of this host's, to half of what the answer takes."""
    before = clock.now_ms()
    said: datetime = (await db.client.admin.command("hello"))["localTime"]
    return round(said.timestamp() * 1000) - (before + clock.now_ms()) // 2


async def prolong(db: Handle, lease: Lease, session: Session | None = None) -> bool:
    """Push the lease's end ahead; False if it is no longer ours."""
    ahead = [{"$set": {"expiresAt": {"$add": ["$$NOW", LEASE_MS]}, "beat": {"$add": ["$beat", 1]}}}]
    result = await db[LEASES.name].update_one(lease.mine, ahead, session=session)
    return result.matched_count == 1


async def release(db: Handle, lease: Lease) -> None:
    """Give the lease back at once."""
    await db[LEASES.name].delete_one(lease.mine)


async def _take(db: Handle, wanted: Lease, session: Session) -> Lease:
    """Take it, in a transaction."""
    stored = await db[LEASES.name].find({}, _HELD, session=session).to_list(None)
    others = [each for each in stored if each["_id"] != REGISTER]
    free = [each["_id"] for each in others if _is_free(each, wanted.claim, wanted.owner)]
    for each in others:
        held = _claim_of(each)
        if each["_id"] not in free and held.overlaps(wanted.claim):
            raise LeaseHeld(wanted.claim, held, each["owner"], each["expiresAt"])
    lease = Lease(wanted.claim, wanted.owner, 1 + max(each["epoch"] for each in stored))
    taken = [
        {"owner": each["owner"], "epoch": each["epoch"], "at": "$$NOW"}
        for each in others
        if each["_id"] in free and each["owner"] != wanted.owner
    ]
    remembered = {"$concatArrays": [{"$ifNull": ["$takeovers", []]}, taken]}
    step = {
        "epoch": lease.epoch,
        "beat": {"$add": ["$beat", 1]},
        "takeovers": {"$slice": [remembered, -MAX_TAKEOVERS]},
    }
    await db[LEASES.name].update_one({"_id": REGISTER}, [{"$set": step}], session=session)
    await db[LEASES.name].delete_many({"_id": {"$in": free}}, session=session)
    what = {
        "owner": lease.owner,
        "epoch": lease.epoch,
        "beat": 0,
        "shards": list(lease.claim.ids),
        "shardCount": lease.claim.count,
        "servers": [str(server) for server in lease.claim.servers],
    }
    await db[LEASES.name].update_one(
        {"_id": lease.claim.name},
        [{"$set": {**what, "expiresAt": {"$add": ["$$NOW", LEASE_MS]}}}],
        upsert=True,
        session=session,
    )
    return lease


def _is_free(stored: Mapping[str, Any], claim: Claim, owner: str) -> bool:
    """Whether a lease may be taken over: a data folder's process before this one is gone for certain."""
    return stored["owner"] == owner or (not stored["runs"] and _claim_of(stored).overlaps(claim))


def _claim_of(stored: Mapping[str, Any]) -> Claim:
    """What a lease covers; one that does not say is of a version that knew no shards."""
    if "shards" not in stored:
        return ALL_SERVERS
    servers = tuple(int(server) for server in stored["servers"])
    return Claim(tuple(stored["shards"]), stored["shardCount"], servers)
