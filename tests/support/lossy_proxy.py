"""A TCP proxy before a MongoDB: it falls silent or slow, cuts connections, swallows answers to commands."""

from __future__ import annotations

import asyncio
import struct
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import bson

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

_POLL = 0.005
_HEADER = struct.Struct("<iiii")
_OP_MSG = 2013
_BODY = _HEADER.size + 5  # behind the header: four bytes of flags, one of the section's kind


@dataclass(slots=True, eq=False)
class _Link:
    """One connection of the driver, and the server's side of it."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    deaf: bool = False

    def cut(self) -> None:
        self.client.transport.abort()
        self.server.transport.abort()


@dataclass(slots=True, eq=False)
class LossyProxy:
    """Stands before the server of a URI; ``async with`` opens and closes it.

    A lost answer means: the command reached the server, which carried it out, but the connection is cut
    instead of handing its answer on. A refused command never reaches the server. ``lost`` counts both.
    ``delay`` is how long, in seconds, each answer is held back.
    """

    target: str
    lost: int = 0
    delay: float = 0.0
    _losing: Counter[str] = field(default_factory=Counter)
    _refusing: Counter[str] = field(default_factory=Counter)
    _links: set[_Link] = field(default_factory=set)
    _flowing: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _listening: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._flowing.set()
        self._listening = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listening is not None:
            self._listening.close()
        self.cut()
        self._flowing.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def uri(self) -> str:
        """Address under which the driver talks to the server through this, and to nothing else."""
        if self._listening is None:
            raise RuntimeError("Enter the block first: async with LossyProxy(uri) as proxy.")
        host, port = self._listening.sockets[0].getsockname()
        login, at, _ = urlsplit(self.target).netloc.rpartition("@")
        return f"mongodb://{login}{at}{host}:{port}/?directConnection=true"

    async def lose(
        self, commands: Mapping[str, int], seconds: float, *, refused: Mapping[str, int] | None = None
    ) -> None:
        """Lose the answers to the next so many commands of each name, and refuse others; wait for all."""
        refused = refused or {}
        self._losing.update(commands)
        self._refusing.update(refused)
        until = self.lost + sum(commands.values()) + sum(refused.values())
        try:
            async with asyncio.timeout(seconds):
                while self.lost < until:
                    await asyncio.sleep(_POLL)
        except TimeoutError:
            raise TimeoutError(f"never asked: {self._losing} {self._refusing}") from None

    def silence(self) -> None:
        """Hand nothing on, in either direction; connections stay open and new ones are taken."""
        self._flowing.clear()

    def resume(self) -> None:
        """Hand on again, first what has come meanwhile."""
        self._flowing.set()

    def cut(self) -> None:
        """Break every connection."""
        for link in tuple(self._links):
            link.cut()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = urlsplit(self.target).netloc.rpartition("@")[2].split(",")[0].split(":")
        try:
            answers, server = await asyncio.open_connection(host, int(port))
        except OSError:
            writer.transport.abort()
            return
        link = _Link(writer, server)
        self._links.add(link)
        ways = [
            asyncio.create_task(self._ask(link, reader)),
            asyncio.create_task(self._answer(link, answers)),
        ]
        self._tasks.update(ways)
        await asyncio.wait(ways)
        self._tasks.difference_update(ways)
        self._links.discard(link)

    async def _ask(self, link: _Link, reader: asyncio.StreamReader) -> None:
        """Hand on what the driver asks, message by message."""
        try:
            while True:
                message = await _read_message(reader)
                await self._flowing.wait()
                name = command_name(message)
                if _take(self._refusing, name):
                    self.lost += 1
                    link.cut()
                    return
                link.deaf = link.deaf or _take(self._losing, name)
                link.server.write(message)
                await link.server.drain()
        except (OSError, asyncio.IncompleteReadError):
            link.cut()

    async def _answer(self, link: _Link, reader: asyncio.StreamReader) -> None:
        """Hand on what the server answers; one that is to be lost ends the connection."""
        try:
            while True:
                message = await _read_message(reader)
                await asyncio.sleep(self.delay)
                await self._flowing.wait()
                if link.deaf:
                    self.lost += 1
                    link.cut()
                    return
                link.client.write(message)
                await link.client.drain()
        except (OSError, asyncio.IncompleteReadError):
            link.cut()


def _take(left: Counter[str], name: str) -> bool:
    if left[name] <= 0:
        return False
    left[name] -= 1
    return True


def command_name(message: bytes) -> str:
    """Name of the command in a message of the wire protocol; empty for one that holds none."""
    _, _, _, kind = _HEADER.unpack_from(message)
    if kind != _OP_MSG:
        return ""
    size = int.from_bytes(message[_BODY : _BODY + 4], "little")
    return next(iter(bson.decode(message[_BODY : _BODY + size])))


async def _read_message(reader: asyncio.StreamReader) -> bytes:
    header = await reader.readexactly(_HEADER.size)
    length = _HEADER.unpack(header)[0]
    return header + await reader.readexactly(length - _HEADER.size)
