"""Joins, leaves and changes that nobody told of: each server's member list is compared with what is stored.

That is done when a gateway session has begun, for what happened before is not sent then. What differs becomes
activities, in the journal like all else. Events that come meanwhile are the newer word: of a member who came
or left since the reading began the list says nothing, and one who changed has what the event said. The fold
tells what is known already, so that nothing counts twice, however often a comparison begins anew.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.ingest.activities.members import JoinSeen, MemberChanged, MemberJoined, MemberLeft, MembersCompared
from bot.ingest.activity import Activity
from bot.ingest.calendars import Calendars
from bot.ingest.store import LeaseLost, StoreUnavailable
from bot.members.comparison import Comparison, Finding, Known
from bot.members.listed import Listed, ListForbiddenError, ListUnavailableError, MemberSource
from bot.turns import Turns, portions

AT_A_TIME = 2
"""Servers that are compared side by side."""
SLICE = 200
"""Leaves that are recorded before others have their turn."""
FIRST_RETRY_SECONDS = 5.0
MAX_RETRY_SECONDS = 600.0
HEARD_MARGIN_MS = 180_000
"""A connection may be dead for so long before that is noticed."""
PLAUSIBLE = 0.9
"""Share of the members that Discord speaks of; a list with fewer is not believed."""
PLAUSIBLE_LESS = 20

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Roster:
    """How far a server's joins and leaves are known, in ms; 0: not at all."""

    known_until: int
    heard: int


class RosterStore(Protocol):
    """What is stored of servers' members."""

    async def roster(self, guild: int) -> Roster:
        """How far they are known; raises StoreUnavailable."""

    async def known(self, guild: int) -> Known:
        """Who is there as far as is known; raises StoreUnavailable."""

    async def heard(self, guilds: Iterable[int], at: int) -> None:
        """Note until when Discord told of every leave; raises StoreUnavailable."""


@dataclass(slots=True)
class _Run:
    """A comparison that goes on: whom events spoke of meanwhile (None: who came or left)."""

    task: asyncio.Task[None] | None = None
    meanwhile: dict[int, Listed | None] = field(default_factory=dict)


class MemberComparer:
    """Compares servers' member lists, a few at a time."""

    def __init__(
        self,
        record: Callable[[Activity], None],
        flush: Callable[[], Awaitable[None]],
        store: RosterStore,
        calendars: Calendars,
        clock: Clock,
    ) -> None:
        self._record = record
        self._flush = flush
        self._store = store
        self._calendars = calendars
        self._clock = clock
        self._source: MemberSource | None = None
        self._runs: dict[int, _Run] = {}
        self._compared: dict[int, int] = {}
        self._forbidden: dict[int, int] = {}
        self._turn = asyncio.Semaphore(AT_A_TIME)
        self._stopped = False

    def attach(self, source: MemberSource) -> None:
        """Have Discord's lists from here."""
        self._source = source

    def look(self, guild: int) -> None:
        """Compare a server now, from the beginning: a session has begun."""
        if self._source is None or self._stopped:
            return
        self.forget(guild)
        run = self._runs[guild] = _Run()
        run.task = asyncio.create_task(self._keep_trying(guild, run, self._source), name="member list")

    def forget(self, guild: int) -> None:
        """Stop comparing a server."""
        run = self._runs.pop(guild, None)
        if run is not None and run.task is not None:
            run.task.cancel()
        self._compared.pop(guild, None)
        self._forbidden.pop(guild, None)

    def came_or_left(self, guild: int, member: int) -> None:
        """Hear of a join or leave that was just recorded."""
        run = self._runs.get(guild)
        if run is not None:
            run.meanwhile[member] = None

    def changed(self, guild: int, now: Listed) -> None:
        """Hear of a change that was just recorded."""
        run = self._runs.get(guild)
        if run is not None and run.meanwhile.get(now.member, now) is not None:
            run.meanwhile[now.member] = now

    async def watch(self) -> None:
        """Note until when every leave was heard of; compare where a session went by unnoticed."""
        source = self._source
        if source is None:
            return
        heard = []
        for guild, compared in list(self._compared.items()):
            session = source.session(guild)
            if session == compared:
                heard.append(guild)
            elif session is not None:
                self.look(guild)
        if heard:
            with suppress(StoreUnavailable):  # the next minute says more
                await self._store.heard(heard, self._clock.now_ms() - HEARD_MARGIN_MS)

    async def stop(self) -> None:
        """End what goes on; nothing begins any more."""
        self._stopped = True
        tasks = [run.task for run in self._runs.values() if run.task is not None]
        for guild in list(self._runs):
            self.forget(guild)
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep_trying(self, guild: int, run: _Run, source: MemberSource) -> None:
        pause = FIRST_RETRY_SECONDS
        while True:
            try:
                async with self._turn:
                    run.meanwhile.clear()
                    session = source.session(guild)
                    await self._compare(guild, run, source)
            except ListForbiddenError as error:
                _log.warning("the member list cannot be read: joins and leaves are unknown", cause=str(error))
            except (ListUnavailableError, StoreUnavailable) as error:
                _log.info("the member list is compared later", cause=str(error), seconds=pause)
                await asyncio.sleep(pause)
                pause = min(2 * pause, MAX_RETRY_SECONDS)
                continue
            except LeaseLost:
                return  # who has the lease now compares
            else:
                if session is not None:
                    self._compared[guild] = session
            self._runs.pop(guild, None)
            return

    async def _compare(self, guild: int, run: _Run, source: MemberSource) -> None:
        await self._flush()  # what is read must not be older than what was recorded
        roster = await self._store.roster(guild)
        comparison = await asyncio.to_thread(Comparison, await self._store.known(guild))
        began = self._clock.now_ms()
        reading = _Reading(guild, began, roster)
        after, size, latest = 0, 0, roster.known_until
        turns = Turns()
        while True:
            page = await source.page(guild, after)
            size += page.size
            latest = max(latest, page.latest)
            for some in portions(page.members):
                self._report(reading, run, comparison.page(some))
                await turns.give_way()
            if page.last is None:
                break
            after = page.last
        _require_plausible(size, source.expected(guild))
        await self._part(reading, run, await asyncio.to_thread(comparison.gone))
        self._record(MembersCompared(guild, began, latest))
        _log.info("member list compared", members=size)

    def _report(self, reading: "_Reading", run: _Run, found: Sequence[tuple[Finding, Listed]]) -> None:
        """Record in what listed members differ, but for what events have said meanwhile."""
        for finding, listed in found:
            now = run.meanwhile.get(listed.member, listed)
            if now is not None:
                self._record(reading.activity(finding, now, self._calendars))

    async def _part(self, reading: "_Reading", run: _Run, gone: Sequence[tuple[int, int]]) -> None:
        """Record who is gone."""
        at = self._clock.now_ms()
        zone, day, hour = self._calendars.label(reading.guild, at)
        for begin in range(0, len(gone), SLICE):
            for member, joined in gone[begin : begin + SLICE]:
                if member not in run.meanwhile:
                    known = max(reading.roster.heard, joined)
                    self._record(
                        MemberLeft(reading.guild, member, at, zone, day, hour, found=True, not_before=known)
                    )
            await asyncio.sleep(0)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One comparison: where, since when, and what was known before."""

    guild: int
    at: int
    roster: Roster

    def activity(self, finding: Finding, now: Listed, calendars: Calendars) -> MemberJoined | MemberChanged:
        """What a finding is recorded as: who joined later than all known ones came while nobody looked."""
        if finding is Finding.CHANGED:
            label = calendars.label(self.guild, self.at)
            return MemberChanged(
                self.guild, now.member, self.at, *label, now.roles, now.boosting, now.pending
            )
        known_until = self.roster.known_until
        seen = JoinSeen.FOUND if known_until and now.joined > known_until else JoinSeen.SURVIVOR
        return MemberJoined(
            self.guild,
            now.member,
            now.joined,
            *calendars.label(self.guild, now.joined),
            seen,
            now.roles,
            now.boosting,
            now.pending,
            self.roster.heard,
        )


def _require_plausible(size: int, expected: int | None) -> None:
    """Refuse a list that lacks more than may leave while it is read: nobody is to be parted by mistake."""
    if expected is not None and size < PLAUSIBLE * expected - PLAUSIBLE_LESS:
        raise ListUnavailableError(f"the list has {size} of {expected} members")
    if not size:
        raise ListUnavailableError("the list is empty, though the bot is a member itself")
