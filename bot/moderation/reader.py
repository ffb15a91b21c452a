"""Reads audit logs behind what is counted of them: at a start, when a permission comes back, and every hour.

What the gateway tells meanwhile is journalled as well, and ``bot.ingest.books.audit_log`` counts each
entry once. So nothing has to be agreed between the two, and a reading that was cut short just comes again.
Without the permission nothing is read and nothing is settled: what happened stays unknown, not zero.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Protocol, TypeVar

import structlog

from bot.clock import Clock
from bot.history.source import BusyError, GoneError, NotAllowedError
from bot.ingest.activities.moderation import AuditLogRead
from bot.ingest.activity import Activity
from bot.ingest.books.book import WHOLE_SERVER, BookKey
from bot.ingest.snowflakes import time_of
from bot.ingest.store import StoreUnavailable
from bot.moderation.source import AuditLogPage, AuditLogSource
from bot.tasks import end_all

LANES = 4
"""Servers read at a time."""
FIRST_RETRY_SECONDS = 1.0
MAX_RETRY_SECONDS = 120.0

T = TypeVar("T")

_log = structlog.get_logger(__name__)


class AuditLogWriter(Protocol):
    """The recorder as the reader sees it."""

    @property
    def dropped(self) -> int:
        """How many activities had no room in the journal."""

    def record(self, activity: Activity) -> None:
        """Keep an activity; never waits."""

    async def known(self, book: str, key: BookKey) -> Any:  # noqa: ANN401 - each book has states of its own
        """What a book holds under a key; raises StoreUnavailable."""


class AuditLogReader:
    """Keeps what is counted of each server's audit log up with the log."""

    def __init__(self, writer: AuditLogWriter, clock: Clock) -> None:
        self._writer = writer
        self._clock = clock
        self._source: AuditLogSource | None = None
        self._slots = asyncio.Semaphore(LANES)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._again: set[int] = set()
        self._stopped = False

    def attach(self, source: AuditLogSource) -> None:
        """Read from Discord from now on, wherever somebody says."""
        self._source = source

    def look(self, guild: int) -> None:
        """Read a server's log: the server has come, or the permission has."""
        if self._source is None or self._stopped:
            return
        if guild in self._tasks:
            self._again.add(guild)
            return
        task = self._tasks[guild] = asyncio.create_task(
            self._read(self._source, guild), name=f"audit log {guild}"
        )
        task.add_done_callback(lambda done: self._ended(guild, done))

    def look_everywhere(self) -> None:
        """Read the log of every server; what the gateway told already does not count again."""
        if self._source is not None:
            for guild in self._source.guilds():
                self.look(guild)

    async def stop(self) -> None:
        """End all reading; what was not settled is read again."""
        self._stopped = True
        await end_all(self._tasks.values())

    def _ended(self, guild: int, task: asyncio.Task[None]) -> None:
        del self._tasks[guild]
        error = None if task.cancelled() else task.exception()
        if error is not None and not self._stopped:
            _log.error("reading the audit log failed", guild=guild, exc_info=error)
        if guild in self._again:
            self._again.discard(guild)
            self.look(guild)

    async def _read(self, source: AuditLogSource, guild: int) -> None:
        async with self._slots:
            try:
                await self._read_pages(source, guild)
            except NotAllowedError as refusal:
                _log.info("the audit log is closed to us", guild=guild, cause=str(refusal))
            except GoneError:
                _log.debug("the server is gone", guild=guild)

    async def _read_pages(self, source: AuditLogSource, guild: int) -> None:
        known = partial(self._writer.known, "audit logs", (guild, WHOLE_SERVER))
        after: int = (await _insist(guild, known, StoreUnavailable)).floor
        while source.readable(guild):
            at = self._clock.now_ms()
            page = await _ask(source, guild, after)
            dropped = self._writer.dropped
            for entry in page.entries:
                self._writer.record(entry)
            if self._writer.dropped != dropped:
                return  # the journal is full: what had no room is found by the next reading
            settled = at if page.is_last else time_of(page.newest)
            after = page.newest or after
            self._writer.record(AuditLogRead(guild, after, settled, at))
            if page.is_last:
                return


async def _ask(source: AuditLogSource, guild: int, after: int) -> AuditLogPage:
    return await _insist(guild, lambda: source.page(guild, after), BusyError)


async def _insist(guild: int, attempt: Callable[[], Awaitable[T]], retried: type[Exception]) -> T:
    """Try again and again while something is away."""
    retry = FIRST_RETRY_SECONDS
    while True:
        try:
            return await attempt()
        except retried as error:
            _log.warning("the audit log waits", guild=guild, cause=str(error))
            await asyncio.sleep(getattr(error, "seconds", None) or retry)
            retry = min(2 * retry, MAX_RETRY_SECONDS)
