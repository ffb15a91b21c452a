"""Holds the real bot in a process of its own: starts it, kills it, reads its log, leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import psutil

from bot.mongod import parent_death
from tests.support import whereabouts
from tests.support.bot_orders import Death, Orders

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

ROOT = Path(__file__).resolve().parents[2]
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH")
_POLL = 0.01
_TELLING = 1.0
_LOOK = 0.2  # looking through all processes takes a few milliseconds


@dataclass(frozen=True, slots=True)
class BotSettings:
    """Where a bot finds everything. ``data`` outlives its processes; ``more`` are settings by their names.

    ``witnesses`` says whether its processes write down what they accept.
    """

    data: Path
    discord: str
    token: str
    mongodb_uri: str | None = None
    database: str = "serverstats"
    more: Mapping[str, str] = field(default_factory=dict)
    witnesses: bool = True

    @property
    def witness(self) -> Path:
        """File into which each process writes what it accepted."""
        return self.data.with_suffix(".witness")

    @property
    def log(self) -> Path:
        """What all its processes said."""
        return self.data.with_suffix(".log")

    def environment(self) -> dict[str, str]:
        """Environment of a process: nothing of ours but what it needs."""
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        uri = {} if self.mongodb_uri is None else {"MONGODB_URI": self.mongodb_uri}
        return {
            **kept,
            **uri,
            "PYTHONPATH": str(ROOT),
            "DISCORD_TOKEN": self.token,
            "SERVERSTATS_DATA_DIR": str(self.data),
            "SERVERSTATS_DATABASE": self.database,
            "SERVERSTATS_FLUSH_SECONDS": "0.1",
            "SERVERSTATS_READ_HISTORY": "false",  # a test that wants it says so
            **self.more,
        }

    def witnessed(self) -> set[int]:
        """Ids of the messages that were accepted, by any of its processes."""
        return {int(line) for line in self.witness.read_bytes().split()} if self.witness.exists() else set()


class BotProcess:
    """One life of the bot; made by ``bot_process``."""

    def __init__(self, process: asyncio.subprocess.Process, settings: BotSettings, said_before: int) -> None:
        self._process = process
        self._settings = settings
        self._said_before = said_before
        self._family: set[psutil.Process] = set()
        self._look_again = 0.0

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.returncode is None

    @property
    def log(self) -> str:
        """What it has said."""
        return self._settings.log.read_bytes()[self._said_before :].decode(errors="replace")

    def go(self) -> None:
        """Let the command begin."""
        if self._process.stdin is None:
            raise RuntimeError("the process was started without a pipe")
        self._process.stdin.write(b"go\n")

    async def kill(self) -> None:
        """Kill it as `kill -9` does; return when nothing of it runs any more."""
        await self._end(signal.SIGKILL)

    async def terminate(self) -> int:
        """Ask it to end; its exit code when nothing of it runs any more."""
        return await self._end(signal.SIGTERM)

    async def ended(self, seconds: float = 30) -> int:
        """Wait for it to end by itself; its exit code when nothing of it runs any more."""
        until = time.monotonic() + seconds
        while self.running:
            if time.monotonic() > until:
                raise TimeoutError(f"still running:\n{await self.whereabouts()}")
            self._look_for_children()
            await asyncio.sleep(_POLL)
        return await self._gone()

    async def whereabouts(self) -> str:
        """What it has said, and where its threads and tasks are now."""
        for number in (whereabouts.THREADS, whereabouts.TASKS):
            if self.running:
                self._process.send_signal(number)
                await asyncio.sleep(_TELLING)
        return self.log

    async def says(self, words: str, seconds: float = 20) -> None:
        """Wait until its log holds some words; raise if it ends before, or never says them."""
        async with asyncio.timeout(seconds):
            while words not in self.log:
                if not self.running and words not in self.log:
                    raise AssertionError(f"ended without saying {words!r}:\n{self.log}")
                await asyncio.sleep(_POLL)

    async def _end(self, number: int) -> int:
        self._look_again = 0.0
        self._look_for_children()
        if self.running:
            self._process.send_signal(number)
        return await self._gone()

    def _look_for_children(self) -> None:
        if time.monotonic() < self._look_again:
            return
        self._look_again = time.monotonic() + _LOOK
        try:
            self._family.update(psutil.Process(self.pid).children(recursive=True))
        except psutil.NoSuchProcess:
            return  # it ended just now; its children are those seen before

    async def _gone(self) -> int:
        code = await self._process.wait()
        until = time.monotonic() + 10
        while left := [child for child in self._family if _runs(child)]:
            if time.monotonic() > until:
                raise AssertionError(f"left behind: {left}")
            await asyncio.sleep(_POLL)
        return code


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@asynccontextmanager
async def bot_process(
    settings: BotSettings,
    *command: str,
    death: Death | None = None,
    patience: float | None = None,
    segment_bytes: int | None = None,
    clock: Path | None = None,
) -> AsyncIterator[BotProcess]:
    """Load a bot that begins with ``go``; kill it at the end of the block, if it runs still.

    The command is `run` if none is given. The process dies with the test's, too. For the rest see ``Orders``.
    """
    orders = Orders(
        list(command) or ["run"],
        str(settings.witness) if settings.witnesses else None,
        death,
        patience,
        segment_bytes,
        None if clock is None else str(clock),
    )
    settings.data.parent.mkdir(parents=True, exist_ok=True)
    with settings.log.open("ab") as log:
        said_before = log.tell()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", parent_death.__file__, "exec", str(os.getpid()), ""),
            *(sys.executable, "-m", "tests.support.discord_server.pointed", settings.discord),
            *("tests.support.bot_child", msgspec.json.encode(orders).decode()),
            cwd=settings.data.parent,  # not where a developer may have an .env
            env=settings.environment(),
            stdin=asyncio.subprocess.PIPE,
            stdout=log,
            stderr=log,
        )
    bot = BotProcess(process, settings, said_before)
    try:
        yield bot
    finally:
        await bot.kill()
