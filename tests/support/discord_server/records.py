"""What the fake saw its client do. Tests read it, and wait on it instead of sleeping."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from tests.support.discord_server.payloads import Json


@dataclass(frozen=True, slots=True)
class Identify:
    """One accepted IDENTIFY."""

    session_id: str
    shard: tuple[int, int]
    intents: int
    compress: str | None
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Resume:
    """One RESUME; `replayed` counts the events sent again, None if the session was refused."""

    session_id: str | None
    seq: int | None
    replayed: int | None


@dataclass(frozen=True, slots=True)
class Request:
    """One REST request. `path` begins behind `/api/v10`; `known` is False where no route was."""

    method: str
    path: str
    query: Mapping[str, str]
    authorization: str | None
    status: int
    known: bool


@dataclass(slots=True)
class Records:
    """Everything noted so far, in order."""

    identifies: list[Identify] = field(default_factory=list)
    resumes: list[Resume] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    commands: list[tuple[int, Json]] = field(default_factory=list)
    closes: list[int | None] = field(default_factory=list)
    heartbeats: int = 0
    _waiting: set[asyncio.Event] = field(default_factory=set)

    @property
    def unknown(self) -> list[Request]:
        """The requests that no route answers."""
        return [request for request in self.requests if not request.known]

    def count(self, method: str, path: str) -> int:
        """Return how often a path was asked for, whatever came of it."""
        return sum(1 for request in self.requests if (request.method, request.path) == (method, path))

    def changed(self) -> None:
        """Wake whoever waits."""
        for event in self._waiting:
            event.set()

    async def until(self, reached: Callable[[], bool], *, timeout: float = 5.0) -> None:  # noqa: ASYNC109 - tests pass it
        """Return once `reached` holds; it is asked again after each thing noted.

        Raises TimeoutError after `timeout` seconds.
        """
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(timeout):
                while not reached():
                    event.clear()
                    await event.wait()
        finally:
            self._waiting.discard(event)

    @asynccontextmanager
    async def identified(self, *, timeout: float) -> AsyncIterator[None]:  # noqa: ASYNC109 - as above
        """Wait at the end of the block until a client has identified within it."""
        before = len(self.identifies)
        yield
        await self.until(lambda: len(self.identifies) > before, timeout=timeout)
