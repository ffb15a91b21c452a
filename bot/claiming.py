"""Coming to the right to write: leases that are waited for, and what a journal holds of another's servers."""

import asyncio
from dataclasses import replace

import structlog

from bot.claims import ALL_SERVERS, Claim
from bot.datafolder import DataFolder
from bot.db import leases
from bot.db.database import Driver, Handle
from bot.db.leases import Lease, LeaseHeld
from bot.db.recording import MongoStore, committed_place
from bot.ingest.journal import Journal
from bot.ingest.leftovers import servers_behind
from bot.ingest.recorder import Recorder
from bot.ingest.sessions import GatewaySessions
from bot.privacy.consents import Consents

LEASE_PATIENCE_SECONDS = 2 * leases.LEASE_MS / 1000

_log = structlog.get_logger(__name__)


class JournalHeld(LeaseHeld):
    """The journal holds activity of servers that another process writes by now."""

    def __init__(self, folder: DataFolder, held: LeaseHeld) -> None:
        Exception.__init__(
            self,
            f"the journal in {folder.journal} holds activity that was not written before other shards were "
            f"configured, of servers that another Serverstats process writes by now ({held.held}). Stop that "
            "one, start this one, which writes it, and then start that one again.",
        )
        self.held = held.held


async def acquire(db: Handle, claim: Claim, owner: str, *, patient: bool) -> Lease:
    """Take a lease; a patient caller waits for that of a process that is gone or ends. Raises LeaseHeld."""
    deadline = asyncio.get_running_loop().time() + (LEASE_PATIENCE_SECONDS if patient else 0)
    while True:
        try:
            return await leases.acquire(db, claim, owner)
        except LeaseHeld as held:
            if asyncio.get_running_loop().time() >= deadline:
                raise
            _log.warning("waiting for the lease", cause=str(held))
            await asyncio.sleep(1)


async def release(db: Handle, lease: Lease) -> None:
    """Give a lease back, if the database answers soon."""
    try:
        async with asyncio.timeout(1):
            await leases.release(db, lease)
    except Exception as error:  # noqa: BLE001 - a database that is gone keeps nobody from stopping
        _log.warning("the lease is left to expire", cause=str(error))


async def commit_former(
    driver: Driver, db: Handle, folder: DataFolder, claim: Claim, consents: Consents
) -> None:
    """Commit what the journal holds of servers that are no longer this process's, while nobody writes them.

    That is so when shards were handed out anew behind a crash. Raises JournalHeld if another process has
    begun to write them, and StoreUnavailable.
    """
    if claim == ALL_SERVERS or not folder.journal.exists():
        return
    journal = Journal(folder.journal)
    store: MongoStore | None = None
    try:
        committed = await committed_place(db, str(journal.id))
        left = await asyncio.to_thread(servers_behind, journal, committed)
        former = tuple(sorted(server for server in left if not claim.holds(server)))
        if not former:
            return
        _log.warning("the journal holds activity of servers of other shards", servers=len(former))
        try:
            lease = await acquire(db, replace(claim, servers=former), folder.owner(), patient=True)
        except LeaseHeld as held:
            raise JournalHeld(folder, held) from held
        store = MongoStore(driver, db, lease)
        taken = await leases.takeovers(db, folder.owner())
        await Recorder(journal, store, GatewaySessions(), consents, takeovers=taken).flush()
    finally:
        if store is not None:
            await store.close()
        await asyncio.to_thread(journal.close)
