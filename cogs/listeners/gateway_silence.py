"""A gateway connection that falls silent is left, found by one timer a connection.

discord.py reads every message with a time limit, and so sets and cancels a timer for each: a tenth of what a
message costs. Here the limit is taken off the reading, and a timer looks when the last message came.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import structlog
from discord.ext import commands
from discord.gateway import DiscordWebSocket

from bot.client import ServerstatsClient

RESUMABLE = 4000
"""Close code after which Discord lets a session be resumed."""

_log = structlog.get_logger(__name__)


class GatewaySilence(commands.Cog):
    """Watches each shard's connection from READY or RESUMED on; until then discord.py's limit holds."""

    def __init__(self, client: ServerstatsClient) -> None:
        self._client = client
        self._watched: dict[int, _Watch] = {}

    @commands.Cog.listener()
    async def on_shard_connect(self, shard_id: int) -> None:
        """Discord sent READY on a new connection."""
        self._watch(shard_id)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        """A session goes on, on a new connection."""
        self._watch(shard_id)

    async def cog_unload(self) -> None:
        """Let go of the connections."""
        for watch in self._watched.values():
            watch.stop()

    def _watch(self, shard_id: int) -> None:
        before = self._watched.pop(shard_id, None)
        if before is not None:
            before.stop()
        socket: object = self._client._connection._get_websocket(shard_id=shard_id)  # noqa: SLF001 - decision 0028
        if not isinstance(socket, DiscordWebSocket):
            return  # the demo's: nothing is read from it
        if not socket.open or getattr(socket, "_keep_alive", socket) is None:
            return  # it has gone again already: the next one is watched
        connection = _connection_of(socket, self._client._connection.heartbeat_timeout)  # noqa: SLF001 - same
        if connection is None:
            _log.warning("this discord.py is unknown: each message is read with a timer", shard=shard_id)
            return
        socket._max_heartbeat_timeout = None  # type: ignore[assignment] # noqa: SLF001 - decision 0028; no limit
        self._watched[shard_id] = _Watch(shard_id, connection)


@dataclass(frozen=True, slots=True)
class _Connection:
    """discord.py's websocket: how long it may be silent, and for how long it is, in seconds."""

    limit: float
    open: Callable[[], bool]
    silent: Callable[[], float]
    close: Callable[[], Coroutine[Any, Any, None]]


def _connection_of(socket: DiscordWebSocket, limit: float) -> _Connection | None:
    """None where this discord.py keeps elsewhere what is needed."""
    beats: Any = getattr(socket, "_keep_alive", None)
    if not hasattr(socket, "_max_heartbeat_timeout") or not isinstance(
        getattr(beats, "_last_recv", None), float
    ):
        return None
    return _Connection(
        limit,
        lambda: socket.open,
        lambda: time.perf_counter() - beats._last_recv,  # noqa: SLF001 - decision 0028
        lambda: socket.close(RESUMABLE),
    )


class _Watch:
    """Closes a connection that has been silent for too long; discord.py then resumes its session."""

    def __init__(self, shard_id: int, connection: _Connection) -> None:
        self._shard_id = shard_id
        self._connection = connection
        self._loop = asyncio.get_running_loop()
        self._closing: asyncio.Task[None] | None = None
        self._timer = self._loop.call_later(connection.limit, self._look)

    def stop(self) -> None:
        """Look no more."""
        self._timer.cancel()

    def _look(self) -> None:
        if not self._connection.open():
            return
        left = self._connection.limit - self._connection.silent()
        if left > 0:
            self._timer = self._loop.call_later(left, self._look)
            return
        _log.warning("the gateway is silent: connecting again", shard=self._shard_id)
        self._closing = self._loop.create_task(self._connection.close(), name="leave a silent gateway")
