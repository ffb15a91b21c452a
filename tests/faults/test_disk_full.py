"""No room for the journal: what is there stays whole, an alert says so, what was dropped is found later."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import psutil

from tests.faults.lives import SLOW
from tests.faults.running import records_in
from tests.support.bot_process import BotProcess, BotSettings, bot_process
from tests.support.census import Ledger, check_coverage, check_sums, key_of, settled, take_census
from tests.support.discord_server.server import DiscordServer
from tests.support.lossy_proxy import LossyProxy
from tests.support.traffic import Traffic, make_town

if TYPE_CHECKING:
    from pathlib import Path

    from bot.db.database import Handle

RATE = 800.0
SEGMENT = 1 << 16
NO_LIMIT = psutil.RLIM_INFINITY
MORE = {"SERVERSTATS_READ_HISTORY": "true"}
ALERT = "journal full: activities are dropped until there is room"


def allow_files_of(bot: BotProcess, size: int) -> None:
    """Let the kernel refuse the process files beyond a size: the next segment does not fit."""
    psutil.Process(bot.pid).rlimit(psutil.RLIMIT_FSIZE, (size, NO_LIMIT))


async def test_a_full_disk_keeps_the_oldest_and_history_gives_back_the_rest(
    mongodb_uri: str, db: Handle, tmp_path: Path
) -> None:
    town = make_town(channels=3, threads=1)
    async with DiscordServer(town.world) as server, LossyProxy(mongodb_uri) as proxy:
        traffic = Traffic(server, town)
        data = tmp_path / "data"
        # What it writes elsewhere has to stay below the limit.
        settings = BotSettings(
            data, server.base_url, town.world.token, proxy.uri, db.name, MORE, witnesses=False
        )
        async with bot_process(settings, segment_bytes=SEGMENT) as bot:
            async with server.records.identified(timeout=SLOW):
                bot.go()
            await traffic.send_everywhere()
            await settled(db, town.guild.id, len(traffic.sent), SLOW)
            proxy.silence()
            allow_files_of(bot, SEGMENT - 1)
            async with traffic.flowing(RATE):
                await bot.says(ALERT, SLOW)
                kept = records_in(data / "journal")
                await asyncio.sleep(1)
            assert bot.log.count(ALERT) == 1, "said once, though each message is dropped"
            assert "no room for the journal" in bot.log
            assert "File too large" in bot.log
            assert bot.log.count("free disk space") == 1
            assert records_in(data / "journal") >= kept > 1_000, "the oldest are kept"
            await bot.kill()

        async with bot_process(settings, segment_bytes=SEGMENT) as bot:
            bot.go()
            proxy.resume()
            await settled(db, town.guild.id, kept, SLOW)
            await server.records.until(lambda: len(server.records.identifies) > 1, timeout=SLOW)
            await settled(db, town.guild.id, len(traffic.sent), SLOW)

            proxy.silence()
            allow_files_of(bot, SEGMENT - 1)
            async with traffic.flowing(RATE):
                await bot.says(ALERT, SLOW)
                await asyncio.sleep(0.5)
            allow_files_of(bot, NO_LIMIT)
            await bot.says("activities are kept again", SLOW)
            proxy.resume()
            # Nothing is sent any more: nobody but the alert's end says that something is missing.
            await settled(db, town.guild.id, len(traffic.sent), SLOW)
            assert await bot.terminate() == 0, bot.log
        assert "Traceback" not in bot.log
        census = await take_census(db, town.guild.id)
        ledger = Ledger(town.guild.id, traffic.sent, set(traffic.sent), key_of(data))
        assert ledger.counted(census) == set(traffic.sent)
        check_sums(ledger, census)
        check_coverage(ledger, census)
