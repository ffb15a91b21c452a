"""The real bot lives on while its database dies, loses answers or falls silent; each message counts once."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil
import pytest

from bot.db.database import connect, database
from tests.faults.lives import SLOW, Lives, check
from tests.support.bot_process import BotProcess, BotSettings, bot_process
from tests.support.census import counted, settled
from tests.support.discord_server.server import DiscordServer
from tests.support.lossy_proxy import LossyProxy
from tests.support.mongod import Node, quick_folder, replica_set
from tests.support.traffic import Traffic, make_town

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from bot.db.database import Handle

RATE = 300.0
MIB = 1 << 20


SILENCE = 7.0
"""Seconds; the driver takes a server for gone after five."""

LOST: tuple[dict[str, int], ...] = (
    {"commitTransaction": 1},
    {"commitTransaction": 2},  # the driver tries it twice
    {"update": 1},
    {"update": 1, "abortTransaction": 1},
    {"update": 1, "killSessions": 1},
    {"commitTransaction": 2, "findAndModify": 2},
    {"commitTransaction": 5, "find": 2},
)
"""How many answers to which commands are lost at once; the later ones of a row follow from the first."""


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
async def connected_bot(uri: str, db: Handle, data: Path) -> AsyncIterator[Run]:
    """Start the bot on the database of ``db``, reached at ``uri``; enter when it is connected."""
    town = make_town()
    async with DiscordServer(town.world) as server:
        server.gateway.behaviour.heartbeat_interval = 0.5
        traffic = Traffic(server, town)
        settings = BotSettings(data, server.base_url, town.world.token, uri, db.name)
        async with bot_process(settings) as bot:
            bot.go()
            await server.records.until(lambda: bool(server.records.identifies), timeout=SLOW)
            yield Run(bot, Lives(settings, traffic, random.Random(1)), db)


@asynccontextmanager
async def opened(uri: str) -> AsyncIterator[Handle]:
    driver = connect(uri)
    yield database(driver, "serverstats")
    driver.close()


@pytest.fixture
def node() -> Iterator[Node]:
    with quick_folder() as folder, replica_set(folder, nodes=1) as nodes:
        yield nodes.nodes[0]


async def test_mongod_is_killed_and_comes_back(node: Node, tmp_path: Path) -> None:
    chance = random.Random()
    uri = f"mongodb://{node.address}/?replicaSet=rs0"
    async with (
        opened(uri) as db,
        connected_bot(uri, db, tmp_path / "data") as run,
    ):
        async with run.traffic.flowing(RATE):
            for _ in range(4):
                await run.counts_on()
                await asyncio.sleep(chance.uniform(0.0, 0.3))
                await asyncio.to_thread(node.kill)
                await asyncio.sleep(chance.uniform(0.0, 0.5))
                await run.accepts_on()
                await asyncio.to_thread(node.start)
            await run.counts_on()
        await run.check()


async def test_answers_of_the_database_are_lost(mongodb_uri: str, db: Handle, tmp_path: Path) -> None:
    async with (
        LossyProxy(mongodb_uri) as proxy,
        connected_bot(proxy.uri, db, tmp_path / "data") as run,
    ):
        async with run.traffic.flowing(RATE):
            for commands in LOST:
                await run.counts_on()
                await proxy.lose(commands, SLOW)
            await run.counts_on()
            # The transaction stays open on the server, which would end it after a minute.
            await proxy.lose({"update": 1}, SLOW, refused={"abortTransaction": 2})
            async with asyncio.timeout(SLOW / 2):
                await run.counts_on()
        await run.check()
    assert run.bot.log.count("nothing can be committed now") >= len(LOST) - 1, "one was mended by the driver"


async def test_the_database_is_silent(mongodb_uri: str, db: Handle, tmp_path: Path) -> None:
    async with (
        LossyProxy(mongodb_uri) as proxy,
        connected_bot(proxy.uri, db, tmp_path / "data") as run,
    ):
        records = run.traffic.server.records
        async with run.traffic.flowing(RATE):
            await run.counts_on()
            before = anonymous_memory(run.bot)
            proxy.silence()
            beats, since = records.heartbeats, time.monotonic()
            known = await counted(db, run.traffic.town.guild.id)
            while time.monotonic() - since < SILENCE:
                await run.accepts_on()
                await asyncio.sleep(0.1)
            assert records.heartbeats - beats > SILENCE, "one is due every half second"
            assert await counted(db, run.traffic.town.guild.id) < known + RATE, "it was silent"
            assert anonymous_memory(run.bot) - before < 30 * MIB
            proxy.resume()
            await run.counts_on()
        await run.check()
    assert len(records.identifies) == 1
    assert not records.resumes


async def test_the_bot_stops_though_the_database_is_silent(
    mongodb_uri: str, db: Handle, tmp_path: Path
) -> None:
    async with (
        LossyProxy(mongodb_uri) as proxy,
        connected_bot(proxy.uri, db, tmp_path / "data") as run,
    ):
        await run.traffic.send_everywhere()
        await run.counts_on()
        proxy.silence()
        await run.traffic.send_everywhere()
        await run.accepts_on()
        since = time.monotonic()
        assert await run.bot.terminate() == 0, run.bot.log
        assert time.monotonic() - since < 10
        proxy.resume()
        async with bot_process(run.lives.settings) as bot:
            bot.go()
            await run.counts_on()
            assert await bot.terminate() == 0, bot.log
        assert await check(db, run.lives, kills=0) == len(run.traffic.sent)


def anonymous_memory(bot: BotProcess) -> int:
    """Bytes that the bot holds and no file backs."""
    info = psutil.Process(bot.pid).memory_info()
    return int(info.rss - info.shared)
