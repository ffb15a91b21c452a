"""The real bot lives on while its database dies, loses answers or falls silent; each message counts once."""

from __future__ import annotations

import asyncio
import random
import time
from typing import TYPE_CHECKING

import pytest

from tests.faults.lives import SLOW, check
from tests.faults.running import MIB, anonymous_memory, connected_bot, opened, records_in
from tests.support.bot_process import bot_process
from tests.support.census import counted
from tests.support.lossy_proxy import LossyProxy
from tests.support.mongod import Node, quick_folder, replica_set

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.db.database import Handle

RATE = 300.0

SILENCE = 7.0
"""Seconds; the driver takes a server for gone after five."""
AWAY = 12.0
"""Seconds that stand for minutes: long enough for each retry, and for more than one flush of each kind."""
DELAY = 0.3

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


async def test_the_database_is_slow(mongodb_uri: str, db: Handle, tmp_path: Path) -> None:
    async with (
        LossyProxy(mongodb_uri) as proxy,
        connected_bot(proxy.uri, db, tmp_path / "data") as run,
    ):
        records = run.traffic.server.records
        async with run.traffic.flowing(RATE):
            await run.counts_on()
            proxy.delay = DELAY
            beats, since = records.heartbeats, time.monotonic()
            known = await counted(db, run.traffic.town.guild.id)
            while time.monotonic() - since < SILENCE:
                await run.accepts_on()
                await asyncio.sleep(0.1)
            assert records.heartbeats - beats > SILENCE, "one is due every half second"
            assert await counted(db, run.traffic.town.guild.id) > known + RATE, "slowly, but it counts"
            await run.counts_on()
            proxy.delay = 0.0
        await run.check()
    assert len(records.identifies) == 1
    assert "nothing can be committed" not in run.bot.log


async def test_the_database_is_away_for_long(node: Node, tmp_path: Path) -> None:
    uri = f"mongodb://{node.address}/?replicaSet=rs0"
    data = tmp_path / "data"
    async with opened(uri) as db, connected_bot(uri, db, data) as run:
        async with run.traffic.flowing(RATE):
            await run.counts_on()
            before = anonymous_memory(run.bot)
            await asyncio.to_thread(node.kill)
            known, since = len(run.traffic.sent), time.monotonic()
            while time.monotonic() - since < AWAY:
                await run.accepts_on()
                await asyncio.sleep(0.2)
            assert records_in(data / "journal") >= len(run.lives.settings.witnessed()) - known
            assert anonymous_memory(run.bot) - before < 30 * MIB
            await asyncio.to_thread(node.start)
            back = time.monotonic()
            await run.counts_on()
            assert time.monotonic() - back < 30
        await run.check()
    assert len(run.traffic.server.records.identifies) == 1


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
