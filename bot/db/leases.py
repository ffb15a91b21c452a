"""Leases: one process writes a shard's servers at a time.

The database's clock decides (``$$NOW``), never the hosts'. The epoch grows with every owner and is checked in
every transaction, so a process that lost its lease can commit nothing more. The lease also names the driver
session of its owner: a process that was killed in a transaction leaves it open, and an open transaction keeps
everybody from the documents it wrote, the lease among them, for a minute. So it is ended first.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bson import Binary
from pymongo.errors import DuplicateKeyError

from bot.db.database import LONG_AGO, Handle, Session
from schemas.bookkeeping import LEASES

LEASE_MS = 30_000


class LeaseHeld(Exception):  # noqa: N818 - a state of the world
    """Somebody else holds the lease."""

    def __init__(self, name: str, owner: str, expires_at: datetime) -> None:
        super().__init__(
            f"another Serverstats process ({owner[:8]}) is writing to this database ({name}). "
            f"Stop it, or wait until {expires_at:%H:%M:%S} UTC if it is already gone."
        )


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write, until the database's clock passes its end."""

    name: str
    owner: str
    epoch: int


def _prolonged(owner: str) -> list[dict[str, Any]]:
    return [
        {"$set": {"owner": owner, "expiresAt": {"$add": ["$$NOW", LEASE_MS]}, "beat": {"$add": ["$beat", 1]}}}
    ]


def _free(name: str, owner: str) -> dict[str, Any]:
    return {"_id": name, "$expr": {"$or": [{"$eq": ["$owner", owner]}, {"$lt": ["$expiresAt", "$$NOW"]}]}}


async def end_orphan(db: Handle, name: str, owner: str) -> None:
    """End the transaction that the last owner of a lease may have left open, if the lease is ours to take."""
    left = await db[LEASES.name].find_one(_free(name, owner), {"session": 1})
    if left is not None and "session" in left:
        await end_session(db, left["session"])


async def end_session(db: Handle, session: UUID) -> None:
    """End a driver session and its transaction, wherever they come from."""
    await db.client.admin.command({"killSessions": [{"id": Binary.from_uuid(session)}]})


async def acquire(db: Handle, name: str, owner: str) -> Lease:
    """Take a lease that is free, expired or the owner's own; raise LeaseHeld otherwise."""
    leases = db[LEASES.name]
    await end_orphan(db, name, owner)
    with suppress(DuplicateKeyError):
        await leases.insert_one({"_id": name, "owner": "", "epoch": 0, "expiresAt": LONG_AGO, "beat": 0})
    free = _free(name, owner)
    taken: dict[str, Any] | None = await leases.find_one_and_update(
        free,
        [{"$set": {"epoch": {"$add": ["$epoch", 1]}}}, *_prolonged(owner)],
        return_document=True,
    )
    if taken is None:
        held = await leases.find_one({"_id": name}) or {"owner": "?", "expiresAt": LONG_AGO}
        raise LeaseHeld(name, held["owner"], held["expiresAt"])
    return Lease(name, owner, taken["epoch"])


async def prolong(db: Handle, lease: Lease, session: Session | None = None) -> bool:
    """Push the lease's end ahead; False if it is no longer ours."""
    mine = {"_id": lease.name, "owner": lease.owner, "epoch": lease.epoch}
    result = await db[LEASES.name].update_one(mine, _prolonged(lease.owner), session=session)
    return result.matched_count == 1


async def release(db: Handle, lease: Lease) -> None:
    """Give the lease back at once."""
    mine = {"_id": lease.name, "owner": lease.owner, "epoch": lease.epoch}
    await db[LEASES.name].update_one(mine, {"$set": {"owner": "", "expiresAt": LONG_AGO}})
