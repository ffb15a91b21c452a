"""What present members are called: asked of Discord when a view names them, kept in memory for minutes."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Protocol

import structlog

from bot.clock import Clock
from bot.members.present import PresentMembers
from texts import LazyText

PATIENCE_SECONDS = 2.0
"""How long an answer waits for names; without them it has mentions and “a member”."""
KEPT_MS = 600_000
MOST_KEPT = 1_024
AT_ONCE = 100
"""Members whom Discord names in one answer."""
FORMER = LazyText("a former member")
NAMELESS = LazyText("a member")

_log = structlog.get_logger(__name__)


class NameSource(Protocol):
    """Who says what members are called."""

    async def names(self, guild: int, users: list[int]) -> Mapping[int, str] | None:
        """Names by user id of those who are members, of 100 users at most; None: cannot be had now."""


class People:
    """Names members by pseudonym."""

    def __init__(self, present: PresentMembers, clock: Clock, patience: float = PATIENCE_SECONDS) -> None:
        self._present = present
        self._clock = clock
        self._patience = patience
        self._source: NameSource | None = None
        self._kept: dict[tuple[int, int], tuple[int, str]] = {}

    def attach(self, source: NameSource) -> None:
        """Have names from here."""
        self._source = source

    async def names(self, guild: int, pseudonyms: Iterable[int]) -> dict[int, str]:
        """A name for each pseudonym, in bounded time; who is not there is “a former member”."""
        wanted = list(dict.fromkeys(pseudonyms))
        users = self._present.ids(guild, wanted)
        known = self._remembered(guild, users.values())
        missing = [user for user in users.values() if user not in known][:AT_ONCE]
        left: set[int] = set()
        if missing:
            asked = await self._asked(guild, missing)
            if asked is not None:
                left = set(missing) - asked.keys()
                known |= asked
                self._keep(guild, asked)
        return {
            pseudonym: known.get(users[pseudonym], str(NAMELESS))
            if pseudonym in users and users[pseudonym] not in left
            else str(FORMER)
            for pseudonym in wanted
        }

    async def _asked(self, guild: int, users: list[int]) -> Mapping[int, str] | None:
        if self._source is None:
            return None
        try:
            async with asyncio.timeout(self._patience):
                return await self._source.names(guild, users)
        except TimeoutError:
            _log.info("no names of members came in time", guild=guild)
            return None

    def _remembered(self, guild: int, users: Iterable[int]) -> dict[int, str]:
        now = self._clock.now_ms()
        kept = {user: self._kept.get((guild, user)) for user in users}
        return {user: entry[1] for user, entry in kept.items() if entry is not None and entry[0] > now}

    def _keep(self, guild: int, names: Mapping[int, str]) -> None:
        until = self._clock.now_ms() + KEPT_MS
        for user, name in names.items():
            self._kept.pop((guild, user), None)
            self._kept[guild, user] = (until, name)
        while len(self._kept) > MOST_KEPT:
            del self._kept[next(iter(self._kept))]
