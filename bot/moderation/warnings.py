"""Recording, resolving and listing warnings. What is recorded is journalled, so it needs no database."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, Protocol

from bot.clock import Clock
from bot.ingest.activities.warnings import WarningRecorded, WarningResolved
from bot.ingest.activity import Activity
from bot.ingest.books.warnings import WarningCase
from bot.ingest.calendars import Calendars
from bot.ingest.store import LeaseLost, StoreUnavailable
from bot.privacy.gate import Gate
from bot.views.service import Unavailable
from schemas.warnings import WarningCategory, WarningResolution

PATIENCE_SECONDS = 5.0


class WarningLookup(Protocol):
    """The stored warnings."""

    async def of_member(self, guild: int, member: int) -> Mapping[int, WarningCase]:
        """All warnings of a member by case, the latest first; raises StoreUnavailable."""


class WarningWriter(Protocol):
    """The recorder as the desk sees it."""

    def record(self, activity: Activity) -> None:
        """Keep an activity; never waits."""

    def flush(self) -> Coroutine[Any, Any, None]:
        """Commit what is recorded so far; raises StoreUnavailable or LeaseLost."""


class WarningDesk:
    """Where moderators record warnings and look them up."""

    def __init__(  # noqa: PLR0913 - what it works with, named once in bot.app
        self,
        writer: WarningWriter,
        stored: WarningLookup,
        gate: Gate,
        calendars: Calendars,
        clock: Clock,
        *,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._writer = writer
        self._stored = stored
        self._gate = gate
        self._calendars = calendars
        self._clock = clock
        self._patience_seconds = patience_seconds
        self._flushing: set[asyncio.Task[None]] = set()

    def record(self, guild: int, case: int, member: int, moderator: int, category: WarningCategory) -> None:
        """Record a warning; told again under the same case, it counts once."""
        at = self._clock.now_ms()
        label = self._calendars.label(guild, at)
        counts = self._gate.counts(guild, 0, 0, moderator)
        self._writer.record(WarningRecorded(guild, case, member, moderator, category, at, *label, counts))

    def resolve(self, guild: int, case: int, moderator: int, resolution: WarningResolution) -> None:
        """Close a warning; one that is closed already stays as it is."""
        at = self._clock.now_ms()
        label = self._calendars.label(guild, at)
        counts = self._gate.counts(guild, 0, 0, moderator)
        self._writer.record(WarningResolved(guild, case, moderator, resolution, at, *label, counts))

    async def of_member(self, guild: int, member: int) -> Mapping[int, WarningCase]:
        """All warnings of a member by case, with what was just recorded; raises Unavailable."""
        try:
            async with asyncio.timeout(self._patience_seconds):
                await self._flush()
                return await self._stored.of_member(guild, member)
        except (StoreUnavailable, LeaseLost, TimeoutError) as error:
            raise Unavailable(str(error) or "no answer in time") from error

    async def _flush(self) -> None:
        """Commit what is recorded; a commit is not broken off when we run out of patience."""
        task = asyncio.create_task(self._writer.flush(), name="flush for warnings")
        self._flushing.add(task)
        task.add_done_callback(self._flushed)
        await asyncio.shield(task)

    def _flushed(self, task: asyncio.Task[None]) -> None:
        """Let go of a flush; that it failed is said by the recorder, and to whoever still waits."""
        self._flushing.discard(task)
        if not task.cancelled():
            task.exception()
