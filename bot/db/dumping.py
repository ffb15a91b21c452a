"""Reading the whole database as it was at one instant, while others write to it.

A snapshot session reads every collection at one cluster time. MongoDB keeps the past for
``minSnapshotHistoryWindowInSeconds`` (300); what takes longer has to be done while nobody writes.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pymongo.errors import OperationFailure, PyMongoError

from bot.db.database import Driver, Handle, Session
from bot.db.identity import key_fingerprint
from bot.db.migrations import schema_version
from bot.ingest.store import StoreUnavailable
from schemas.registry import COLLECTIONS

SNAPSHOT_TOO_OLD, SNAPSHOT_UNAVAILABLE = 239, 246
_BEGINNINGS = 50
_PAUSE = 0.1
_BATCH = 2_000

BACKED_UP = tuple(collection.name for collection in COLLECTIONS if collection.backed_up)


class SnapshotLost(Exception):  # noqa: N818 - a state of the database
    """The database does not show that instant any more."""


class Dump:
    """The database at one instant; without a session as it is, for a caller that keeps others from it."""

    def __init__(self, db: Handle, session: Session | None = None) -> None:
        self._db = db
        self._session = session

    async def schema_version(self) -> int:
        """Version that the stored documents have."""
        return await schema_version(self._db, self._session)

    async def key_fingerprint(self) -> str | None:
        """What tells the pseudonym key of the data from others; None if there is none yet."""
        return await key_fingerprint(self._db, self._session)

    async def size(self) -> int:
        """About how many documents there are."""
        return sum([await self._db[name].estimated_document_count() for name in BACKED_UP])

    async def batches(self, collection: str) -> AsyncIterator[bytes]:
        """All documents, by id, as concatenated BSON; raises SnapshotLost or StoreUnavailable."""
        found = self._db[collection].find_raw_batches(
            {}, sort=[("_id", 1)], batch_size=_BATCH, session=self._session
        )
        try:
            async for batch in found:
                yield bytes(batch)
        except OperationFailure as error:
            if error.code in {SNAPSHOT_TOO_OLD, SNAPSHOT_UNAVAILABLE}:
                raise SnapshotLost(_lost_words(error.code)) from error
            raise StoreUnavailable(str(error)) from error
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error


@asynccontextmanager
async def one_instant(driver: Driver, db: Handle) -> AsyncIterator[Dump]:
    """Hold on to this instant."""
    for beginning in range(_BEGINNINGS):
        async with await driver.start_session(snapshot=True) as session:
            if await _visible(db, session) or beginning == _BEGINNINGS - 1:
                yield Dump(db, session)
                return
        await asyncio.sleep(_PAUSE)


async def _visible(db: Handle, session: Session) -> bool:
    """Whether all can be read at the session's instant: not right after a change of an index."""
    try:
        for name in BACKED_UP:
            await db[name].find_one({}, {"_id": 1}, session=session)
    except OperationFailure as error:
        if error.code != SNAPSHOT_UNAVAILABLE:
            raise
        return False
    return True


def _lost_words(code: int | None) -> str:
    if code == SNAPSHOT_UNAVAILABLE:
        return "collections or indexes were changed during the backup. Run it again."
    return (
        "the backup took longer than MongoDB keeps the past (minSnapshotHistoryWindowInSeconds). Stop the "
        "bot and run the backup again with --still, or let MongoDB keep more, for an hour in mongosh: "
        "db.adminCommand({setParameter: 1, minSnapshotHistoryWindowInSeconds: 3600})."
    )
