"""Puts messages into a database through the real fold and transaction, for tests that read."""

from collections.abc import Iterable
from datetime import datetime
from itertools import count

from bot.claims import ALL_SERVERS
from bot.db import leases
from bot.db.database import Driver, Handle
from bot.db.directory import Directory
from bot.db.imports import Imports
from bot.db.recording import MongoStore
from bot.importing.importer import NOTHING
from bot.ingest.fold import Foldable, fold
from bot.ingest.store import Changes, FilePlace, ImportMove

_numbers = count(1)


async def count_activities(
    driver: Driver, db: Handle, guild: int, activities: Iterable[Foldable], zone: str = "UTC"
) -> None:
    """Fold and commit activities as one import."""
    await Directory(db).add_guild(guild, "A server", zone)
    lease = await leases.acquire(db, ALL_SERVERS, "test")
    store = MongoStore(driver, db, lease)
    import_id = await Imports(db).begin(guild, NOTHING)
    after = FilePlace(1, next(_numbers), b"")
    await store.commit(Changes(fold(activities), {}, ImportMove(import_id, NOTHING, after)))
    await store.close()


async def goes_live(db: Handle, guild: int, since: datetime) -> None:
    """Let a server be fed by Discord since an instant."""
    await db.guilds.update_one({"_id": str(guild)}, {"$set": {"discordSince": since}})
