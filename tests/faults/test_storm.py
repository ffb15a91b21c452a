"""A storm of reconnections: the gateway breaks in every way there is, again and again, under traffic."""

from __future__ import annotations

import asyncio
import random
import secrets
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from bot.app import App, open_app
from bot.client import ClientOptions
from bot.settings import Settings
from tests.support.census import Ledger, check_coverage, check_sums, counted, key_of, take_census
from tests.support.discord_server.pointing import discord_pointed_at
from tests.support.discord_server.server import DiscordServer
from tests.support.traffic import Traffic, make_town

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from bot.db.database import Handle

    Break = Callable[[DiscordServer], Awaitable[None]]

SLOW = 20.0
RATE = 150.0


async def drop(server: DiscordServer) -> None:
    """Cut the connection as a broken network does."""
    server.gateway.drop()


async def ask_to_reconnect(server: DiscordServer) -> None:
    """Send opcode 7."""
    server.gateway.ask_to_reconnect()


async def close(server: DiscordServer, code: int) -> None:
    """Close with a code after which a session goes on, or may."""
    await server.gateway.close(code)


async def invalidate(server: DiscordServer, *, resumable: bool) -> None:
    """Send opcode 9."""
    server.gateway.invalidate(resumable=resumable)


async def forget(server: DiscordServer) -> None:
    """Cut the connection and forget the session: the RESUME is refused, and a new session begins."""
    server.gateway.drop()
    server.gateway.sessions.clear()


async def cut_during_ready(server: DiscordServer) -> None:
    """Let a new session begin, and cut it before it is told of anything."""
    async with server.records.identified(timeout=SLOW):
        server.gateway.hold()
        await forget(server)
    server.gateway.drop()
    server.gateway.release()


async def forget_guilds(server: DiscordServer) -> None:
    """Let a new session begin, and cut it between READY and the servers."""
    async with server.records.identified(timeout=SLOW):
        server.gateway.behaviour.send_guilds = False
        await forget(server)
    server.gateway.behaviour.send_guilds = True
    await forget(server)


async def fall_silent(server: DiscordServer) -> None:
    """Say nothing, and acknowledge no heartbeat, until the bot gives the connection up."""
    closed = len(server.records.closes)
    server.gateway.hold()
    server.gateway.behaviour.acknowledge_heartbeats = False
    await server.records.until(lambda: len(server.records.closes) > closed, timeout=SLOW)
    server.gateway.behaviour.acknowledge_heartbeats = True
    server.gateway.release()


BREAKS: tuple[Break, ...] = (
    drop,
    ask_to_reconnect,
    partial(close, code=4000),
    partial(close, code=4008),
    partial(close, code=4009),
    partial(close, code=1001),
    partial(close, code=1011),
    partial(invalidate, resumable=True),
    partial(invalidate, resumable=False),
    forget,
    cut_during_ready,
    forget_guilds,
    fall_silent,
)


@asynccontextmanager
async def listening(uri: str, db: Handle, data: Path, server: DiscordServer) -> AsyncIterator[App]:
    """The whole bot, which reads history; only discord.py's own waits are shortened."""
    settings = Settings.model_validate(
        {"MONGODB_URI": uri, "database": db.name, "data_dir": data, "flush_seconds": 0.1}
    )
    with discord_pointed_at(server.base_url):
        async with open_app(settings, ClientOptions()) as app:
            app.client.before_identify_hook = _at_once  # type: ignore[method-assign, assignment]
            app.client._connection.guild_ready_timeout = 0.05
            app.client._connection.heartbeat_timeout = 1.0
            running = asyncio.create_task(app.client.start(server.world.token))
            try:
                await server.connected(timeout=SLOW)
                yield app
            finally:
                await app.client.close()
                await running


async def _at_once(_shard_id: int | None, *, initial: bool = False) -> None:
    """Stand for discord.py's wait of five seconds before each further IDENTIFY."""
    assert initial in {True, False}


async def test_a_storm_of_reconnections_loses_and_doubles_nothing(
    mongodb_uri: str, db: Handle, tmp_path: Path
) -> None:
    seed = secrets.randbits(32)
    print("seed", seed)  # noqa: T201 - pytest shows it when the test fails
    chance = random.Random(seed)
    breaks = [*BREAKS, *chance.sample(BREAKS, 3)]
    chance.shuffle(breaks)
    town = make_town(channels=3, threads=1)
    async with DiscordServer(town.world) as server:
        server.gateway.behaviour.heartbeat_interval = 0.3
        server.gateway.behaviour.resume_overlap = 20
        traffic = Traffic(server, town)
        async with listening(mongodb_uri, db, tmp_path / "data", server):
            async with traffic.flowing(RATE):
                for breaking in breaks:
                    await asyncio.sleep(chance.uniform(0.0, 0.5))
                    await breaking(server)
                    if chance.random() < 0.7:
                        await server.connected(timeout=SLOW)
                    for message in traffic.newest(chance.choice([0, 5, 30])):
                        await server.redeliver(message)
            await server.connected(timeout=SLOW)
            async with asyncio.timeout(SLOW):
                while await counted(db, town.guild.id) < len(traffic.sent):
                    await asyncio.sleep(0.05)
        census = await take_census(db, town.guild.id)
        ledger = Ledger(town.guild.id, traffic.sent, set(traffic.sent), key_of(tmp_path / "data"))
        assert ledger.counted(census) == set(traffic.sent)
        check_sums(ledger, census)
        check_coverage(ledger, census)
        assert len(server.records.identifies) > 3, "sessions were lost"
        assert any(each.replayed for each in server.records.resumes), "and others went on"
