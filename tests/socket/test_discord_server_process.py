from __future__ import annotations

import asyncio
import sys
from collections import Counter
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
import discord
import psutil
import pytest
from discord import app_commands
from discord.http import Route

from tests.support.discord_server import commands
from tests.support.discord_server.pointing import discord_pointed_at
from tests.support.discord_server.process import ROOT, ServerProcess
from tests.support.discord_server.worlds import WorldSpec

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

SPEC = WorldSpec(guilds=2, channels=3, members=20, heartbeat_interval=0.2)


class Counting(discord.Client):
    """Counts messages by id, author and channel."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.all(), guild_ready_timeout=0.1, max_messages=None)
        self.ids: Counter[int] = Counter()
        self.authors: Counter[int] = Counter()
        self.channels: Counter[int] = Counter()
        self.ready = asyncio.Event()

    async def before_identify_hook(self, _shard_id: int | None, *, initial: bool = False) -> None:
        assert initial in {True, False}

    async def on_ready(self) -> None:
        self.ready.set()

    async def on_message(self, message: discord.Message) -> None:
        self.ids[message.id] += 1
        self.authors[message.author.id] += 1
        self.channels[message.channel.id] += 1

    async def has(self, count: int) -> None:
        async with asyncio.timeout(10):
            while self.ids.total() < count:
                await asyncio.sleep(0.01)


@pytest.fixture
async def server() -> AsyncIterator[ServerProcess]:
    async with ServerProcess(SPEC) as running:
        with discord_pointed_at(running.base_url):
            yield running


@asynccontextmanager
async def connected(client: Counting) -> AsyncIterator[Counting]:
    async with client:
        task = asyncio.create_task(client.start("fake-token"))
        async with asyncio.timeout(10):
            await client.ready.wait()
        yield client
    await task


async def resumed(server: ServerProcess, *, times: int) -> None:
    async with asyncio.timeout(20):
        while (await server.stats()).resumes < times:
            await asyncio.sleep(0.01)


async def test_flood_arrives_once_each_though_the_connection_breaks(server: ServerProcess) -> None:
    async with connected(Counting()) as client:
        flood = asyncio.create_task(server.flood(6000, rate=8000, variety=50))
        await client.has(1000)
        await server.do(commands.Connection("drop"))
        await resumed(server, times=1)
        await server.do(commands.Connection("reconnect"))
        await resumed(server, times=2)
        sent = await flood
        await client.has(sent.messages)
        totals = await server.call(commands.Totals(), commands.TotalsReply)
        stats = await server.stats()
    assert sent.messages == 6000
    assert set(client.ids.values()) == {1}
    assert (min(client.ids), max(client.ids)) == (sent.first_id, sent.last_id)
    assert client.authors == sent.by_author == totals.by_author
    assert client.channels == sent.by_channel == totals.by_channel
    assert stats.resumes == 2
    assert stats.identifies == 1
    assert stats.unknown == []


async def test_flood_keeps_its_rate_and_can_be_read_back(server: ServerProcess) -> None:
    sent = await server.flood(1000, rate=4000, variety=10)
    assert sent.seconds >= 0.24
    assert sent.stalled == 0
    [channel_id, *_] = sent.by_channel
    async with connected(Counting()) as client:
        history = client.get_partial_messageable(channel_id).history(limit=None, oldest_first=True)
        found = [message async for message in history]
        assert len(found) == sent.by_channel[channel_id]
        assert {message.author.id for message in found} <= set(sent.by_author)
        assert [message.id for message in found] == sorted(message.id for message in found)
        assert all(message.content for message in found)


async def test_newest_messages_are_delivered_again_on_demand(server: ServerProcess) -> None:
    async with connected(Counting()) as client:
        sent = await server.flood(60, variety=60)
        await client.has(60)
        again = await server.call(commands.Redeliver(2), int)
        assert again == 2 * len(sent.by_channel)
        await client.has(60 + again)
        assert Counter(client.ids.values()) == {1: 60 - again, 2: again}


async def test_slash_command_is_measured_from_the_server(server: ServerProcess) -> None:
    client = Counting()
    tree = app_commands.CommandTree(client)

    @tree.command(description="answers")
    async def ping(interaction: discord.Interaction[Counting], loud: bool) -> None:  # noqa: FBT001 - a command's option
        await interaction.response.send_message(f"{interaction.user.name} {loud}")

    async with connected(client):
        ask = commands.Slash(["ping"], member="member-3", options={"loud": True})
        done = await server.call(ask, commands.SlashReply)
    assert done.callback_type == 4
    assert 0 < done.first_response == done.last_response < 1
    assert b'"member-3 True"' in bytes(done.shown)


async def test_limits_and_failures_are_installed_from_outside(server: ServerProcess) -> None:
    await server.do(commands.Fail(503, path="/users/@me", times=1))
    await server.do(commands.Limit(1, per=60, path="/gateway/bot"))
    headers = {"Authorization": "Bot fake-token"}
    statuses = []
    async with aiohttp.ClientSession(server.base_url, headers=headers) as session:
        for path in ("/users/@me", "/users/@me", "/gateway/bot", "/gateway/bot"):
            async with session.get("/api/v10" + path) as answer:
                statuses.append(answer.status)
    assert statuses == [503, 200, 200, 429]
    assert (await server.stats()).refused == 1


async def test_what_is_not_there_is_said_in_words(server: ServerProcess) -> None:
    with pytest.raises(RuntimeError, match="Nothing is named 'nowhere' here"):
        await server.do(commands.Slash(["ping"], channel="nowhere"))


async def test_process_is_gone_after_the_block() -> None:
    async with ServerProcess(SPEC) as server:
        pid = server.pid
        assert psutil.pid_exists(pid)
    assert not psutil.pid_exists(pid)


async def test_any_module_runs_pointed_at_the_fake(tmp_path: Path) -> None:
    (tmp_path / "shows.py").write_text(
        "import sys, discord.http\nprint(discord.http.Route.BASE, sys.argv[1:])\n"
    )
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "tests.support.discord_server.pointed",
            "http://127.0.0.1:9",
            "shows",
            "--now",
        ),
        env={"PYTHONPATH": f"{ROOT}:{tmp_path}"},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    assert said.decode().split() == ["http://127.0.0.1:9/api/v10", "['--now']"]
    assert "127.0.0.1" not in Route.BASE
