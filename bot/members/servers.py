"""In which servers somebody is counted: found by the person's pseudonym in each, for that person alone.

Reads the ids of the n known servers, once a minute at most; for each question 2·n index entries, and at most
``MOST`` names.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.clock import Clock
from bot.ingest.store import StoreUnavailable
from bot.privacy.pseudonym import Pseudonyms

MOST = 25
"""Servers to choose from: as many as fit a menu."""
KNOWN_MS = 60_000
"""For how long it is taken as known which servers there are."""
PATIENCE_SECONDS = 2.5
"""Discord waits for suggestions for 3 seconds."""


@dataclass(frozen=True, slots=True)
class MemberServer:
    """A server in which something is counted of a person."""

    guild_id: int
    name: str


class MemberServerStore(Protocol):
    """Where totals of members are looked up."""

    async def guilds(self) -> list[int]:
        """Every server of which anything is known; raises StoreUnavailable."""

    async def latest(self, members: Mapping[int, int], limit: int) -> list[MemberServer]:
        """Of servers and a pseudonym in each, those with anything counted, latest activity first.

        Raises StoreUnavailable.
        """


class MemberServers:
    """Finds a person's servers. A user id is hashed for each of them and kept nowhere."""

    def __init__(self, store: MemberServerStore, pseudonyms: Pseudonyms, clock: Clock) -> None:
        self._store = store
        self._pseudonyms = pseudonyms
        self._clock = clock
        self._known: list[int] = []
        self._known_until = 0

    async def of(self, user: int) -> list[MemberServer]:
        """A user's servers, latest activity first, at most ``MOST``; raises StoreUnavailable."""
        return await self._within_patience(user, None)

    async def find(self, user: int, guild: int) -> MemberServer | None:
        """A server, if anything of the user is counted in it; raises StoreUnavailable."""
        found = await self._within_patience(user, guild)
        return found[0] if found else None

    async def _within_patience(self, user: int, guild: int | None) -> list[MemberServer]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                guilds = await self._guilds() if guild is None else [guild]
                members = await asyncio.to_thread(self._pseudonyms_in, guilds, user)
                return await self._store.latest(members, MOST)
        except TimeoutError as error:
            raise StoreUnavailable("no answer in time") from error

    async def _guilds(self) -> list[int]:
        now_ms = self._clock.now_ms()
        if now_ms >= self._known_until:
            self._known = await self._store.guilds()
            self._known_until = now_ms + KNOWN_MS
        return self._known

    def _pseudonyms_in(self, guilds: list[int], user: int) -> dict[int, int]:
        """Not remembered and not told: that somebody asks does not mean that the person is there."""
        return {guild: self._pseudonyms.once(guild, user) for guild in guilds}
