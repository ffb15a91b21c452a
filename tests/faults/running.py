"""One life of the real bot under traffic, while something breaks around it."""

from __future__ import annotations

import asyncio
import random
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from bot.db.database import connect, database
from bot.ingest.segment import HEAD_SIZE, RECORD
from tests.faults.lives import SLOW, Lives, check
from tests.support.bot_process import BotProcess, BotSettings, bot_process
from tests.support.census import settled
from tests.support.discord_server.server import DiscordServer
from tests.support.traffic import Traffic, make_town

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from bot.db.database import Handle

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Run:
    """A connected bot; everything that is sent reaches it."""

    bot: BotProcess
    lives: Lives
    db: Handle

    @property
    def traffic(self) -> Traffic:
        return self.lives.traffic

    async def counts_on(self) -> None:
        """Wait until everything counts that has been sent until now."""
        await settled(self.db, self.traffic.town.guild.id, len(self.traffic.sent), SLOW)

    async def accepts_on(self) -> None:
        """Wait until everything is accepted that has been sent until now."""
        ids = set(self.traffic.sent)
        async with asyncio.timeout(SLOW):
            while not ids <= self.lives.settings.witnessed():
                await asyncio.sleep(0.02)

    async def check(self) -> None:
        """Each message that was sent counts once, without an exception."""
        await self.counts_on()
        assert await self.bot.terminate() == 0, self.bot.log
        assert await check(self.db, self.lives, kills=0) == len(self.traffic.sent)


@asynccontextmanager
async def connected_bot(
    uri: str, db: Handle, data: Path, more: Mapping[str, str] | None = None
) -> AsyncIterator[Run]:
    """Start the bot on the database of ``db``, reached at ``uri``; enter when it is connected."""
    town = make_town()
    async with DiscordServer(town.world) as server:
        server.gateway.behaviour.heartbeat_interval = 0.5
        traffic = Traffic(server, town)
        settings = BotSettings(data, server.base_url, town.world.token, uri, db.name, more or {})
        async with bot_process(settings) as bot:
            async with server.records.identified(timeout=SLOW):
                bot.go()
            yield Run(bot, Lives(settings, traffic, random.Random(1)), db)


@asynccontextmanager
async def opened(uri: str) -> AsyncIterator[Handle]:
    """The database of a server that no fixture runs."""
    driver = connect(uri)
    try:
        yield database(driver, "serverstats")
    finally:
        driver.close()


def anonymous_memory(bot: BotProcess) -> int:
    """Bytes that the bot holds and no file backs."""
    info = psutil.Process(bot.pid).memory_info()
    return int(info.rss - info.shared)


def records_in(journal: Path) -> int:
    """How many whole records lie in a journal's files."""
    found = 0
    for path in journal.glob("*.segment"):
        data, offset = path.read_bytes(), HEAD_SIZE
        while offset + RECORD.size <= len(data) and (length := RECORD.unpack_from(data, offset)[0]):
            found, offset = found + 1, offset + RECORD.size + length
    return found
