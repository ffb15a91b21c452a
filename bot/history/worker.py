"""The history worker: fills uncounted ranges from what Discord keeps, newest first, many channels at a time.

One lane a channel or thread that has something to read, one lister a channel whose archived threads are not
all known. Nothing has to be remembered: the coverage says what is left, and a page that was cut short by a
crash, a lost answer or an error just comes again. Lanes end when nothing is left, or when permissions are
missing; a permission event, a new gateway session or a new range begins them anew.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from functools import partial
from typing import Any, Protocol, TypeVar

import structlog

from bot.history.pace import Pace
from bot.history.progress import Gauge, HistoryProgress, span_ms
from bot.history.source import (
    Archive,
    BusyError,
    GoneError,
    HistorySource,
    NotAllowedError,
    Page,
    Place,
)
from bot.ingest.pages import Beginning, Filled, HistoryPage, Listed, Standing, dropped
from bot.ingest.store import CoverageKey, LeaseLost, StoreUnavailable
from bot.tasks import end_all

LANES = 64
"""Channels read at a time: enough for 45 requests a second at one a second and channel."""
FIRST_RETRY_SECONDS = 1.0
MAX_RETRY_SECONDS = 120.0
DOUBT_SECONDS = 2.0
"""An empty answer is believed the second time: until then a lost permission has been heard of."""

T = TypeVar("T")
Work = Callable[[HistorySource], Coroutine[Any, Any, bool]]
"""Something to do; False if it could not be done to its end."""

_log = structlog.get_logger(__name__)


class HistoryWriter(Protocol):
    """The recorder as the worker sees it."""

    async def flush(self) -> None:
        """Commit what live events left so far."""

    async def fill(self, page: HistoryPage) -> Filled:
        """Count what of a page is not counted; raises StoreUnavailable or LeaseLost."""

    async def standing(self, keys: Iterable[CoverageKey]) -> dict[CoverageKey, Standing]:
        """What is left to do in channels."""

    async def unsettled(self, guild: int) -> list[int]:
        """Channels and threads of a server that have ranges."""


class HistoryWorker:
    """Reads the past of every server, as far as it is not counted."""

    def __init__(
        self,
        writer: HistoryWriter,
        *,
        reads: bool = True,
        pace: Pace | None = None,
        doubt_seconds: float = DOUBT_SECONDS,
    ) -> None:
        self._reads = reads
        self._writer = writer
        self._pace = pace or Pace()
        self._doubt_seconds = doubt_seconds
        self._source: HistorySource | None = None
        self._slots = asyncio.Semaphore(LANES)
        self._tasks: dict[object, asyncio.Task[bool]] = {}
        self._again: dict[object, Work] = {}
        self._left: dict[CoverageKey, int] = {}
        self._blocked: set[CoverageKey] = set()
        self._retrying: set[CoverageKey] = set()
        self._listed: dict[tuple[CoverageKey, Archive], int] = {}
        self._gauges: dict[int, Gauge] = {}
        self._servers: set[int] = set()
        self._stopped = False

    def attach(self, source: HistorySource) -> None:
        """Read from Discord from now on, if reading is wanted at all, wherever somebody says."""
        if self._reads:
            self._source = source

    def look(self, guild: int) -> None:
        """Look through a server: it has just come, or permissions in it have changed."""
        self._servers.add(guild)
        self._begin(guild, lambda source: self._scan(source, guild))

    def look_everywhere(self) -> None:
        """Look through every server again: something of them was lost."""
        for guild in self._servers:
            self.look(guild)

    def touch(self, key: CoverageKey) -> None:
        """Read a channel or thread that has a new range, unless it is closed to us."""
        self._begin(key, lambda source: self._unless_blocked(source, key))

    def forget(self, key: CoverageKey) -> None:
        """A channel or thread was deleted: nothing of it can be counted any more."""
        self._begin(("gone", key), lambda _source: self._drop(key))

    def progress(self, guild: int) -> HistoryProgress:
        """How far a server is."""
        gauge = self._gauges.get(guild, Gauge())
        messages, ms = gauge.rates(asyncio.get_running_loop().time())
        left = sum(span for key, span in self._left.items() if key[0] == guild)
        return HistoryProgress(
            reading=sum(key[0] == guild for key in self._left),
            blocked=sum(key[0] == guild for key in self._blocked),
            retrying=sum(key[0] == guild for key in self._retrying),
            counted=gauge.counted,
            messages_per_second=messages,
            seconds_left=0.0 if not left else left / ms if ms else None,
        )

    async def stop(self) -> None:
        """End all reading; what is not committed comes again."""
        self._stopped = True
        await end_all(self._tasks.values())

    def _begin(self, name: object, work: Work) -> None:
        """Start a task, or let it follow the one that runs under its name."""
        if self._source is None or self._stopped:
            return
        if name in self._tasks:
            self._again[name] = work
            return
        task = self._tasks[name] = asyncio.create_task(work(self._source), name=f"history {name}")
        task.add_done_callback(lambda done: self._ended(name, done))

    def _ended(self, name: object, task: asyncio.Task[bool]) -> None:
        del self._tasks[name]
        again = self._again.pop(name, None)
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, LeaseLost):
            self._stopped = True  # the recorder says so, and ends the process
        elif error is not None and not self._stopped:
            _log.error("reading history failed", task=str(name), exc_info=error)
        if again is not None:
            self._begin(name, again)

    async def _end_of(self, name: object) -> bool:
        """Wait until nothing runs under a name; whether it came to its end."""
        complete = True
        while (task := self._tasks.get(name)) is not None:
            await asyncio.wait({task})
            complete = not task.cancelled() and task.exception() is None and task.result()
        return complete

    async def _scan(self, source: HistorySource, guild: int) -> bool:
        """Begin lanes for what may have something to read, and listers for threads that are not known."""
        places = {(guild, place.id): place for place in source.places(guild)}
        for key in [key for key in self._blocked if key[0] == guild]:
            self._blocked.discard(key)
        unsettled = await self._insist(guild, lambda: self._writer.unsettled(guild))
        await self._insist(guild, self._writer.flush)
        standings = await self._insist(guild, lambda: self._writer.standing(places))
        for key, place in sorted(places.items(), key=lambda item: -(item[1].latest or 0)):
            if _next_page(standings[key], place, source.session(place)) is not None:
                self._left.setdefault(key, span_ms(place.id, standings[key].ranges))
                self._lane_of(key, place)
            for archive in Archive:
                if place.threads if archive is Archive.PUBLIC else place.private_threads:
                    self._lister_of(source, key, place, archive)
        for channel in unsettled:
            if (guild, channel) not in places:
                self.touch((guild, channel))
        return True

    async def _unless_blocked(self, source: HistorySource, key: CoverageKey) -> bool:
        return key not in self._blocked and await self._lane(source, key, None)

    def _lane_of(self, key: CoverageKey, place: Place) -> None:
        self._begin(key, lambda source: self._lane(source, key, place))

    def _lister_of(self, source: HistorySource, key: CoverageKey, place: Place, archive: Archive) -> None:
        if self._listed.get((key, archive)) != source.session(place):
            self._begin((key, archive), lambda source: self._list(source, key, place, archive))

    async def _lane(self, source: HistorySource, key: CoverageKey, place: Place | None) -> bool:
        """Read a channel until nothing is left; False if that could not be."""
        async with self._slots:
            try:
                return await self._read(source, key, place)
            except NotAllowedError as refusal:
                _log.info(
                    "history is closed to us until permissions change", channel=key[1], cause=str(refusal)
                )
                self._blocked.add(key)
                return False
            except GoneError:
                return await self._drop(key)
            finally:
                self._left.pop(key, None)
                self._retrying.discard(key)

    async def _read(self, source: HistorySource, key: CoverageKey, place: Place | None) -> bool:
        if place is None:
            place = await self._ask(key, lambda: source.find(*key))
        standing = (await self._insist(key[0], lambda: self._writer.standing([key])))[key]
        doubted = False
        while True:
            session = source.session(place)
            request = _next_page(standing, place, session)
            if request is None:
                return True
            if not source.readable(place):
                raise NotAllowedError("permissions are missing")
            self._left[key] = span_ms(place.id, standing.ranges)
            page = await self._page(source, place, request)
            if page.size == 0 and not doubted:
                doubted = True
                await asyncio.sleep(self._doubt_seconds)
                continue
            doubted = False
            if source.readable(place):  # else an empty list may have been the answer to the loss
                filled = await self._fill(_filling(key, page, request, session))
                self._measure(place, standing, filled)
                standing = filled.standing

    async def _page(self, source: HistorySource, place: Place, before: int) -> Page:
        return await self._ask((place.guild, place.id), lambda: source.page(place, before or None))

    async def _fill(self, page: HistoryPage) -> Filled:
        return await self._insist(page.key[0], lambda: self._writer.fill(page))

    async def _list(self, source: HistorySource, key: CoverageKey, place: Place, archive: Archive) -> bool:
        """Find the threads of a channel that were archived since they were last listed, and read them."""
        session = source.session(place)
        try:
            threads, latest = await self._archived(source, key, place, archive)
        except NotAllowedError as refusal:
            _log.debug("archived threads are closed to us", channel=key[1], cause=str(refusal))
            return False
        except GoneError:
            return await self._drop(key)
        for thread in threads:
            self._lane_of((key[0], thread.id), thread)
        if not all([await self._end_of((key[0], thread.id)) for thread in threads]):
            return False
        if latest is not None and archive.by_time:
            await self._fill(HistoryPage(key, listed=Listed(latest, private=archive is Archive.PRIVATE)))
        self._listed[key, archive] = session
        return True

    async def _archived(
        self, source: HistorySource, key: CoverageKey, place: Place, archive: Archive
    ) -> tuple[list[Place], int | None]:
        """The threads archived since they were last listed, and when the latest of all was."""
        standing = (await self._insist(key[0], lambda: self._writer.standing([key])))[key]
        known = _known_until(standing, archive)
        found: dict[int, Place] = {}
        latest: int | None = None
        beginning: int | None = None
        while True:
            if not source.lists_archived(place, archive):
                raise NotAllowedError("permissions are missing")
            listed = await self._ask(key, partial(source.archived, place, archive, beginning))
            fresh = {thread.id: thread for thread, at in listed.threads if at >= known}
            new = fresh.keys() - found.keys()
            found.update(fresh)
            if latest is None and listed.threads:
                latest = listed.threads[0][1]
            if not new or listed.following is None:
                return list(found.values()), latest
            beginning = listed.following

    async def _drop(self, key: CoverageKey) -> bool:
        standing = (await self._insist(key[0], lambda: self._writer.standing([key])))[key]
        if standing.ranges:
            _log.info("a channel is gone, and with it what was not counted", channel=key[1])
            await self._fill(dropped(key))
        self._blocked.discard(key)
        return True

    def _measure(self, place: Place, before: Standing, filled: Filled) -> None:
        gone = span_ms(place.id, before.ranges) - span_ms(place.id, filled.standing.ranges)
        gauge = self._gauges.setdefault(place.guild, Gauge())
        gauge.note(asyncio.get_running_loop().time(), filled.counted, max(0, gone))

    async def _ask(self, key: CoverageKey, request: Callable[[], Awaitable[T]]) -> T:
        """Ask Discord, again and again if it is busy; raises NotAllowedError or GoneError."""
        retry = FIRST_RETRY_SECONDS
        while True:
            await self._pace.turn()
            try:
                answer = await request()
            except BusyError as busy:
                seconds = busy.seconds or retry
                _log.warning("Discord is busy", channel=key[1], cause=str(busy), seconds=seconds)
                self._retrying.add(key)
                if busy.everywhere:
                    self._pace.rest(seconds)
                await asyncio.sleep(seconds)
                retry = min(2 * retry, MAX_RETRY_SECONDS)
            else:
                self._retrying.discard(key)
                return answer

    async def _insist(self, guild: int, write: Callable[[], Awaitable[T]]) -> T:
        """Use the database, again and again while it is away; raises LeaseLost."""
        retry = FIRST_RETRY_SECONDS
        while True:
            try:
                return await write()
            except StoreUnavailable as error:
                _log.warning("history waits for the database", guild=guild, cause=str(error))
                await asyncio.sleep(retry)
                retry = min(2 * retry, MAX_RETRY_SECONDS)


def _known_until(standing: Standing, archive: Archive) -> int:
    """Until when (ms) threads were archived that are known; of those joined that is not known."""
    if not archive.by_time:
        return 0
    return standing.archived_private if archive is Archive.PRIVATE else standing.archived


def _next_page(standing: Standing, place: Place, session: int) -> int | None:
    """Before which id to read next; 0: the newest page, None: nothing.

    The newest page is read where a session has begun and nothing live came yet, if there can be anything new.
    """
    if standing.session != session and place.latest is not None and place.latest > standing.floor:
        return 0
    return standing.ranges[0][1] if standing.ranges else None


def _filling(key: CoverageKey, page: Page, before: int, session: int) -> HistoryPage:
    """What a page, asked for before an id (0: the newest) in a session, covers."""
    after = 0 if page.is_last else page.oldest - 1
    if before:
        return HistoryPage(key, page.sent, after, before)
    return HistoryPage(key, page.sent, after, page.newest + 1, begins=Beginning(session, page.newest))
