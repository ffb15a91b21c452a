"""Databases for tests: migrated once, emptied after each test, for making one takes ten times as long."""

import secrets

from pymongo.errors import ExecutionTimeout

from bot.db.database import Handle
from bot.db.migrations import MIGRATIONS
from bot.db.retention import apply_retention
from schemas.registry import COLLECTIONS

_VERSION = {"_id": "schema", "version": MIGRATIONS[-1].version}
_PATIENCE_MS = 2_000


def fresh_database_name() -> str:
    """Name of a database that no other test uses."""
    return f"test_{secrets.token_hex(6)}"


class Databases:
    """Names of the session's databases that stand empty and ready."""

    def __init__(self) -> None:
        self._ready: list[str] = []

    def take(self) -> str:
        """Name of an empty database, of a new one if none is ready."""
        return self._ready.pop() if self._ready else fresh_database_name()

    async def give_back(self, db: Handle) -> None:
        """Empty it for the next test; drop it where a test has left it in another state."""
        if await _emptied(db):
            self._ready.append(db.name)
        else:
            await db.client.drop_database(db.name)


async def _emptied(db: Handle) -> bool:
    if await db.migrations.find_one({"_id": "schema"}) != _VERSION:
        return False
    names = await db.list_collection_names()
    if set(names) != {"migrations", *(collection.name for collection in COLLECTIONS)}:
        return False
    try:
        for name in names:
            gone = {"q": {"$nor": [_VERSION]}, "limit": 0}
            await db.command("delete", name, deletes=[gone], maxTimeMS=_PATIENCE_MS)
    except ExecutionTimeout:  # a process killed in the test holds a transaction open
        return False
    await apply_retention(db, {})
    return True
