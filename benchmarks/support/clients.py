"""Clients in processes of their own on a fake Discord, watched from the inside and the outside."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.support.measuring import cpu_seconds
from benchmarks.support.probe import Probe, Reading
from bot.db.database import Handle, connect, database
from tests.support.discord_server.process import ServerProcess

SUPPORT = Path(__file__).parent
_MIB = 1 << 20
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Memory:
    """What a process holds, in MiB: all of it, and what no file backs."""

    resident: float
    anonymous: float

    @classmethod
    def of(cls, pid: int) -> "Memory":
        info = psutil.Process(pid).memory_info()
        return cls(info.rss / _MIB, (info.rss - info.shared) / _MIB)


@dataclass(frozen=True, slots=True)
class Client:
    """A running client."""

    process: asyncio.subprocess.Process
    probe: Probe

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def cpu(self) -> float:
        """Seconds of processor time that it has used."""
        return cpu_seconds(self.pid)

    @property
    def memory(self) -> Memory:
        return Memory.of(self.pid)

    async def read(self) -> Reading:
        """What its probe noted since the last reading."""
        return await self.probe.read(self.pid)

    async def alive(self, waiting: Awaitable[object]) -> None:
        """Wait for something, but not longer than the client lives."""
        waited, ended = asyncio.ensure_future(waiting), asyncio.create_task(self.process.wait())
        await asyncio.wait({waited, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if not waited.done():
            waited.cancel()
            raise RuntimeError(f"the client ended, exit code {self.process.returncode}")
        await waited


@asynccontextmanager
async def client(
    folder: Path, script: str, *arguments: str, more: Mapping[str, str]
) -> AsyncIterator[Client]:
    """Run a script of this folder, with an environment of its own."""
    probe = Probe(folder / "probe.json")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(SUPPORT / script),
        *arguments,
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
        env={name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        | probe.environment
        | dict(more),
    )
    try:
        yield Client(process, probe)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@asynccontextmanager
async def serverstats(
    folder: Path, server: ServerProcess, counts: "Database", more: Mapping[str, str] | None = None
) -> AsyncIterator[Client]:
    """``serverstats run`` on a database."""
    ours = {
        "DISCORD_TOKEN": "fake-token",
        "MONGODB_URI": counts.uri,
        "SERVERSTATS_DATABASE": counts.name,
        "SERVERSTATS_DATA_DIR": str(folder / counts.name),
        "SERVERSTATS_LOG_LEVEL": "error",
        **(more or {}),
    }
    async with client(folder, "serverstats_process.py", server.base_url, "run", more=ours) as running:
        yield running


async def connected(server: ServerProcess) -> None:
    """Wait until a client has identified itself."""
    while not any(session.connected for session in (await server.stats()).sessions):
        await asyncio.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Database:
    """What a bot has counted."""

    uri: str
    name: str

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Handle]:
        driver = connect(self.uri)
        yield database(driver, self.name)
        driver.close()

    async def count(self) -> int:
        """How many messages are counted."""
        async with self.opened() as db:
            sums = [{"$group": {"_id": None, "messages": {"$sum": "$messages"}}}]
            rows = await db.channelDays.aggregate(sums).to_list(None)
        return int(rows[0]["messages"]) if rows else 0

    async def counted(self, total: int) -> None:
        """Wait until so many messages are counted."""
        while await self.count() < total:
            await asyncio.sleep(0.2)

    async def settled(self) -> None:
        """Wait until no history is left to read: the fake keeps none of a flood, but it is asked for."""
        async with self.opened() as db:
            while await db.coverage.count_documents({"uncounted": {"$ne": []}}):
                await asyncio.sleep(0.2)
