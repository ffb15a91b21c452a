"""Holds a fake Discord that runs in another process, so that its work is not the bot's."""

from __future__ import annotations

import asyncio
import itertools
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

import msgspec

from tests.support.discord_server import commands
from tests.support.discord_server.load import Sent
from tests.support.discord_server.worlds import WorldSpec

if TYPE_CHECKING:
    from types import TracebackType

T = TypeVar("T")

PACKAGE = "tests.support.discord_server"
# The package is found from the project's root, wherever the tests were started.
ROOT = Path(__file__).resolve().parents[3]


class ServerProcess:
    """A fake Discord by itself; `async with` starts and ends it. It also ends when this process does."""

    def __init__(self, spec: WorldSpec | None = None, *, port: int = 0) -> None:
        self._spec = spec or WorldSpec()
        self._port = port
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[commands.Reply]] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self.base_url = ""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", PACKAGE, str(self._port)),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 26,
        )
        self._send(msgspec.json.encode(self._spec))
        line = await self._lines().readline()
        if not line:
            await self._process.wait()
            raise RuntimeError("The fake Discord did not start; what it said is on stderr.")
        self.base_url = msgspec.json.decode(line, type=commands.Started).base_url
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is None or self._process.stdin is None:
            return
        self._process.stdin.close()
        await self._process.wait()
        if self._reader is not None:
            await self._reader

    @property
    def pid(self) -> int:
        """The server's process id, to measure it."""
        if self._process is None:
            raise RuntimeError("Enter the block first: async with ServerProcess() as server.")
        return self._process.pid

    async def call(self, ask: commands.Ask, reply: type[T]) -> T:
        """Send a command and return its answer; see `commands` for which type each gives.

        Raises RuntimeError with the server's words if it could not.
        """
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        self._send(msgspec.json.encode({"id": number, "ask": ask}))
        answer = await self._waiting[number]
        if answer.error is not None:
            raise RuntimeError(answer.error)
        return msgspec.json.decode(answer.result, type=reply)

    async def do(self, ask: commands.Ask) -> None:
        """Send a command that answers nothing."""
        await self.call(ask, type(None))

    async def flood(
        self, total: int, *, rate: float | None = None, variety: int = 2000, keep: bool = True
    ) -> Sent:
        """Send so many messages and return what was sent."""
        return await self.call(commands.Flood(total, rate, variety, keep=keep), Sent)

    async def stats(self) -> commands.StatsReply:
        """Return where the server stands."""
        return await self.call(commands.Stats(), commands.StatsReply)

    def _send(self, line: bytes) -> None:
        if self._process is None or self._process.stdin is None:
            raise RuntimeError("Enter the block first: async with ServerProcess() as server.")
        self._process.stdin.write(line + b"\n")

    def _lines(self) -> asyncio.StreamReader:
        if self._process is None or self._process.stdout is None:
            raise RuntimeError("Enter the block first: async with ServerProcess() as server.")
        return self._process.stdout

    async def _read(self) -> None:
        while line := await self._lines().readline():
            reply = msgspec.json.decode(line, type=commands.Reply)
            self._waiting.pop(reply.id).set_result(reply)
        for waiting in self._waiting.values():
            waiting.set_exception(ConnectionError("The fake Discord ended before it answered."))
