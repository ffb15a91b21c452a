"""A healthy start says nothing at warning or above, nor does a connection that breaks and comes back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord
import msgspec
import pytest

from bot.client import granted_options
from bot.discord_silence import DiscordSilent
from tests.socket.test_bot_gateway import SECONDS, connect  # noqa: F401 - a fixture
from tests.support.bot_process import BotSettings, bot_process
from tests.support.discord_server.pointing import discord_pointed_at
from tests.support.discord_server.server import DiscordServer
from tests.support.traffic import Traffic, make_town

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.db.database import Handle

SLOW = 60.0
WORTH_A_LOOK = frozenset({"warning", "error", "critical"})


def worth_a_look(log: str) -> list[dict[str, Any]]:
    """Lines at warning or above, and those that are no lines of the log at all."""
    lines = [line for line in log.splitlines() if line.strip()]
    read: list[dict[str, Any]] = []
    for line in lines:
        try:
            read.append(msgspec.json.decode(line, type=dict[str, Any]))
        except msgspec.DecodeError:
            read.append({"level": "error", "event": line})
    return [each for each in read if each["level"] in WORTH_A_LOOK]


async def test_a_healthy_start_warns_of_nothing(mongodb_uri: str, db: Handle, data_dir: Path) -> None:
    town = make_town(channels=3, threads=1)
    town.world.guild("another").text_channel("general")
    async with DiscordServer(town.world) as server:
        more = {"SERVERSTATS_LOG_FORMAT": "json", "SERVERSTATS_READ_HISTORY": "true"}
        more["SERVERSTATS_MESSAGE_CONTENT"] = "true"
        settings = BotSettings(data_dir, server.base_url, town.world.token, mongodb_uri, db.name, more)
        traffic = Traffic(server, town)
        async with bot_process(settings) as bot:
            async with server.records.identified(timeout=SLOW):
                bot.go()
            await bot.says("member list compared", SLOW)
            await traffic.send_everywhere()
            server.gateway.drop()
            await server.records.until(lambda: len(server.records.resumes) == 1, timeout=SLOW)
            await server.connected(timeout=SLOW)
            marks = await traffic.send_everywhere()
            async with asyncio.timeout(SLOW):
                while not marks <= settings.witnessed():
                    await asyncio.sleep(0.01)
            assert await bot.terminate() == 0, bot.log
            assert bot.log.count("\n") > 5, "it does say what it does"
            assert worth_a_look(bot.log) == []


async def test_asking_for_the_intents_warns_of_nothing(caplog: pytest.LogCaptureFixture) -> None:
    town = make_town(channels=1, threads=0)
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = True
    async with DiscordServer(town.world) as server:
        with discord_pointed_at(server.base_url):
            await granted_options(town.world.token, message_content=True)
    assert [each.getMessage() for each in caplog.records if each.levelname.lower() in WORTH_A_LOOK] == []


async def test_a_discord_that_takes_the_connection_and_never_answers_is_silent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.client.LOGIN_SECONDS", 0.2)

    given_up = asyncio.Event()

    async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        given_up.set()

    async with await asyncio.start_server(says_nothing, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        with discord_pointed_at(f"http://{host}:{port}"), pytest.raises(DiscordSilent, match="TimeoutError"):
            async with asyncio.timeout(SECONDS):
                await granted_options("token", message_content=True)
        async with asyncio.timeout(SECONDS):
            await given_up.wait()


async def test_a_connection_that_drops_while_it_is_made_is_no_unknown_discord_py(
    connect: Callable[..., Any],  # noqa: F811 - the fixture
    capsys: pytest.CaptureFixture[str],
) -> None:
    """discord.py tells of READY behind a task: by then the connection may be gone."""
    async with connect() as on:
        watching: Any = on.app.client.get_cog("GatewaySilence")
        assert watching is not None
        on.server.gateway.drop()
        socket = on.app.client._connection._get_websocket(shard_id=0)
        async with asyncio.timeout(SECONDS):
            while socket._keep_alive is not None:
                await asyncio.sleep(0.001)
            watching._watch(0)
        await on.server.records.until(lambda: len(on.server.records.resumes) == 1, timeout=SECONDS)
        await on.server.connected(timeout=SECONDS)
        await on.server.send_message(on.general, on.ada)
        await on.until_counted(1)
        again = on.app.client._connection._get_websocket(shard_id=0)
        assert again._max_heartbeat_timeout is None, "the next connection is watched"
        watching._watch(0)
        assert again._max_heartbeat_timeout is None, "and may be told of twice"
        assert watching._watched[0]._connection.limit == 60.0
    said = capsys.readouterr()
    assert "unknown" not in said.out + said.err
