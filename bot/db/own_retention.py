"""Retention that a server's admins set: shorter than the host's, and kept by deleting what is older.

The audit log stays as long as the host says: who may change settings must not be able to empty it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.claims import ALL_SERVERS, Claim
from bot.db.cleaning import forget_authors, forget_idle, idle_members
from bot.db.database import Handle
from bot.db.retention import RetentionDays, shorter
from bot.db.writes import instant
from bot.preferences import Keeping
from schemas.collection import RetentionClass
from schemas.member_activity_stats import COLLECTION as MEMBERS
from schemas.registry import COLLECTIONS
from schemas.settings import AUDIT

_log = structlog.get_logger(__name__)


class OwnRetention:
    """Deletes what servers keep no longer, each once a day and whenever its wish has changed."""

    def __init__(self, db: Handle, hosts: RetentionDays, claim: Claim = ALL_SERVERS) -> None:
        self._db = db
        self._hosts = hosts
        self._claim = claim
        self._done: dict[int, tuple[Keeping, int]] = {}

    @property
    def hosts(self) -> RetentionDays:
        """How many days the host keeps each class of data."""
        return self._hosts

    async def trim(self, keepings: Mapping[int, Keeping], now_ms: int) -> None:
        """Delete what is older than the servers' own wishes."""
        today = instant(now_ms).toordinal()
        for guild, keeping in keepings.items():
            if self._claim.holds(guild) and self._done.get(guild) != (keeping, today):
                gone = await self.delete(guild, keeping, now_ms)
                self._done[guild] = (keeping, today)
                if any(gone.values()):
                    _log.info("kept no longer", guild=guild, **gone)

    async def delete(self, guild: int, keeping: Keeping, now_ms: int) -> dict[RetentionClass, int]:
        """Delete what is older than a server's wish; returns how many documents went, by class."""
        gone: dict[RetentionClass, int] = {}
        for of, since in self._shorter(keeping, now_ms):
            numbers = [
                (await self._db[name].delete_many(which)).deleted_count
                for name, which in _older(guild, of, since)
            ]
            gone[of] = sum(numbers)
            if of == "members":
                gone[of] += await forget_idle(self._db, guild, since)
                await forget_authors(self._db, since, guild)
        return gone

    async def count(self, guild: int, keeping: Keeping, now_ms: int) -> dict[RetentionClass, int]:
        """How many documents such a wish would delete now, by class; reads their index keys."""
        found: dict[RetentionClass, int] = {}
        for of, since in self._shorter(keeping, now_ms):
            numbers = [
                await self._db[name].count_documents(which) for name, which in _older(guild, of, since)
            ]
            found[of] = sum(numbers)
            if of == "members":
                found[of] += await self._db[MEMBERS.name].count_documents(idle_members(guild, since))
        return found

    def _shorter(self, keeping: Keeping, now_ms: int) -> Iterator[tuple[RetentionClass, datetime]]:
        """Classes that the host does not keep for so short a time, and since when they are kept."""
        wishes: Mapping[RetentionClass, int | None] = asdict(keeping)  # type: ignore[assignment] # its fields
        for of, days in wishes.items():
            if days is not None and shorter(days, self._hosts.get(of)) == days != self._hosts.get(of):
                yield of, instant(now_ms) - timedelta(days=days)


def _older(guild: int, of: RetentionClass, since: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """Collections that hold such a class, and a filter for what is older in them."""
    for collection in COLLECTIONS:
        for kept in (collection.retention, collection.retention_of_some):
            if kept is not None and kept.of == of and collection is not AUDIT:
                only = {} if kept.only is None else dict([kept.only])
                yield collection.name, {"guildId": str(guild), kept.since: {"$lt": since}, **only}
