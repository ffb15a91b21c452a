"""The bot as a process: how it ends, whom it lets in beside itself, what it says when Discord refuses."""

from __future__ import annotations

import asyncio
import secrets
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.support.bot_process import BotProcess, BotSettings, bot_process
from tests.support.census import Ledger, check_coverage, check_sums, key_of, settled, take_census
from tests.support.discord_server import interactions
from tests.support.discord_server.exchange import DEFERRED
from tests.support.discord_server.server import DiscordServer
from tests.support.lossy_proxy import LossyProxy
from tests.support.traffic import Traffic, make_town

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.db.database import Handle

SLOW = 60.0
WRONG_SET_UP = 2


@dataclass(frozen=True, slots=True)
class Scene:
    """A server with traffic, and how to start a bot on it."""

    traffic: Traffic
    settings: BotSettings
    db: Handle

    @property
    def server(self) -> DiscordServer:
        return self.traffic.server

    async def connect(self, bot: BotProcess) -> None:
        """Let a bot begin, and wait until it is connected."""
        async with self.server.records.identified(timeout=SLOW):
            bot.go()

    async def accepted(self) -> None:
        """Wait until every message that was sent is in the journal."""
        ids = set(self.traffic.sent)
        async with asyncio.timeout(SLOW):
            while not ids <= self.settings.witnessed():
                await asyncio.sleep(0.01)

    async def count(self) -> None:
        """Wait until every message that was sent counts."""
        await settled(self.db, self.traffic.town.guild.id, len(self.traffic.sent), SLOW)

    async def check(self) -> None:
        """See that each message that was sent counts once."""
        guild_id = self.traffic.town.guild.id
        census = await take_census(self.db, guild_id)
        ledger = Ledger(guild_id, self.traffic.sent, self.settings.witnessed(), key_of(self.settings.data))
        assert ledger.counted(census) == set(self.traffic.sent)
        check_sums(ledger, census)
        check_coverage(ledger, census)


@pytest.fixture
async def scene(mongodb_uri: str, db: Handle, data_dir: Path) -> AsyncIterator[Scene]:
    town = make_town(channels=3, threads=1)
    async with DiscordServer(town.world) as server:
        settings = BotSettings(
            data_dir,
            server.base_url,
            town.world.token,
            mongodb_uri,
            db.name,
            {"SERVERSTATS_FLUSH_SECONDS": "60"},
        )
        yield Scene(Traffic(server, town), settings, db)


@asynccontextmanager
async def connected(scene: Scene) -> AsyncIterator[BotProcess]:
    async with bot_process(scene.settings) as bot:
        await scene.connect(bot)
        yield bot


async def test_sigterm_flushes_and_leaves_nothing_behind(scene: Scene) -> None:
    async with connected(scene) as bot, bot_process(scene.settings) as following:
        for _ in range(20):
            await scene.traffic.send_everywhere()
        await scene.accepted()
        since = time.monotonic()
        assert await bot.terminate() == 0, bot.log
        assert time.monotonic() - since < 5
        assert "Traceback" not in bot.log
        assert await scene.db.leases.distinct("_id") == ["register"], "the lease is given back"
        await scene.check()
        await scene.connect(following)
        assert "waiting" not in following.log


async def test_a_killed_bot_leaves_no_process_that_draws(scene: Scene) -> None:
    async with connected(scene) as bot:
        async with asyncio.timeout(SLOW):
            while not (drawing := _drawing(bot)):
                await asyncio.sleep(0.05)
        await bot.kill()
    gone, alive = await asyncio.to_thread(psutil.wait_procs, drawing, timeout=5)
    assert (len(gone), alive) == (len(drawing), [])


def _drawing(bot: BotProcess) -> list[psutil.Process]:
    children = psutil.Process(bot.pid).children(recursive=True)
    return [child for child in children if "analytics.charts.worker" in child.cmdline()]


async def test_sigterm_while_it_starts_ends_it_cleanly(scene: Scene) -> None:
    async with bot_process(scene.settings) as bot:
        bot.go()
        await bot.says("logging in", SLOW)
        assert await bot.terminate() == 0, bot.log
        assert "Traceback" not in bot.log


async def test_a_second_bot_on_the_same_folder_is_refused(scene: Scene) -> None:
    async with connected(scene) as bot:
        async with bot_process(scene.settings) as second:
            second.go()
            assert await second.ended(SLOW) == WRONG_SET_UP
            assert f"Another Serverstats (process {bot.pid}) uses {scene.settings.data}" in second.log
            assert "stop it, or give this one a data folder of its own" in second.log
        assert len(scene.server.records.identifies) == 1
        await scene.traffic.send_everywhere()
        await scene.accepted()
        assert await bot.terminate() == 0, bot.log
        await scene.check()


async def test_a_second_bot_on_the_same_database_takes_over_when_the_first_ends(scene: Scene) -> None:
    """A rolling deploy: two processes, two data folders, one database; what both hear counts once."""
    key = {"SERVERSTATS_PSEUDONYM_KEY": secrets.token_hex(32)}
    settings = replace(scene.settings, more=key)
    scene = replace(scene, settings=settings)
    elsewhere = replace(settings, data=settings.data.with_name("elsewhere"))
    async with connected(scene) as bot, bot_process(elsewhere) as second:
        second.go()
        await second.says("waiting for the lease", SLOW)
        assert len(scene.server.records.identifies) == 1, "it does not listen while another counts"
        heard = await scene.traffic.send_everywhere()
        await scene.accepted()
        assert await bot.terminate() == 0, bot.log
        await scene.server.records.until(lambda: len(scene.server.records.identifies) == 2, timeout=SLOW)
        for message in scene.traffic.newest(1):
            await scene.server.redeliver(message)
        heard |= await scene.traffic.send_everywhere()
        async with asyncio.timeout(SLOW):
            while not heard <= elsewhere.witnessed():
                await asyncio.sleep(0.01)
        assert await second.terminate() == 0, second.log
    wrote = {"messageStats.totalCount": {"$gt": 0}}  # others only began a thread
    members = await scene.db.memberActivityStats.find(wrote).to_list(None)
    assert [each["messageStats"]["totalCount"] for each in members] == [1] * len(heard)


@pytest.mark.parametrize(
    ("code", "finding", "mend"),
    [
        (4014, "privileged intents have just been switched off", "Message Content Intent"),
        (4004, "DISCORD_TOKEN is not known to Discord", "Reset Token"),
    ],
)
async def test_what_discord_takes_away_is_said_with_the_mend(
    scene: Scene, code: int, finding: str, mend: str
) -> None:
    async with connected(scene) as bot:
        await scene.traffic.send_everywhere()
        await scene.accepted()
        await scene.server.gateway.close(code)
        assert await bot.ended(SLOW) == WRONG_SET_UP
        said = " ".join(bot.log.split())
        assert finding in said
        assert mend in said
        assert "Traceback" not in bot.log
    await scene.check()


@pytest.mark.parametrize("seconds", [0.0, 0.01])
async def test_readers_are_at_rest_before_the_connection_is_closed_for_good(
    scene: Scene, mongodb_uri: str, seconds: float
) -> None:
    """The gateway closes while audit log, history and members wait for a slow database: all end quietly."""
    more = {"SERVERSTATS_READ_HISTORY": "true", "SERVERSTATS_FLUSH_SECONDS": "0.1"}
    async with LossyProxy(mongodb_uri) as proxy:
        scene = replace(scene, settings=replace(scene.settings, mongodb_uri=proxy.uri, more=more))
        async with connected(scene) as bot:
            proxy.silence()
            await asyncio.sleep(0.3)
            await scene.server.gateway.close(4004)
            await asyncio.sleep(seconds)
            proxy.resume()
            assert await bot.ended(SLOW) == WRONG_SET_UP
            assert "DISCORD_TOKEN is not known to Discord" in " ".join(bot.log.split())
            assert "Traceback" not in bot.log


async def test_a_command_is_answered_in_time_though_the_database_is_silent(
    scene: Scene, mongodb_uri: str
) -> None:
    town = scene.traffic.town
    async with LossyProxy(mongodb_uri) as proxy:
        more = {"SERVERSTATS_FLUSH_SECONDS": "0.1"}
        scene = replace(scene, settings=replace(scene.settings, mongodb_uri=proxy.uri, more=more))
        async with connected(scene) as bot:
            await scene.traffic.send_everywhere()
            await scene.count()
            async with asyncio.timeout(SLOW):
                while not await scene.db.guilds.count_documents({}):
                    await asyncio.sleep(0.02)
            proxy.silence()
            await scene.traffic.send_everywhere()
            await scene.accepted()
            data = interactions.slash_data(
                scene.server.backend.command_id(town.guild, "serverstats"), ("serverstats", "overview"), {}
            )
            asked = await scene.server.interact(
                town.places[0], town.guild.member("owner"), interactions.COMMAND, data
            )
            assert asked.kind == DEFERRED
            assert asked.first_response < 3
            proxy.resume()
            await asked.completed(SLOW)
            assert "Messages" in str(asked.shown)
            await scene.count()
            assert await bot.terminate() == 0, bot.log
    await scene.check()
