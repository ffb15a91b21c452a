"""The real process, killed while it brings its own database to the present schema, and started again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.bot_process import BotSettings, bot_process
from tests.support.discord_server.server import DiscordServer
from tests.support.traffic import make_town

if TYPE_CHECKING:
    from pathlib import Path

SOON = 30.0
"""Half of what the lock of a killed process lasts."""


async def test_a_start_does_not_wait_for_the_lock_of_the_life_before(tmp_path: Path) -> None:
    town = make_town()
    async with DiscordServer(town.world) as server:
        settings = BotSettings(tmp_path / "data", server.base_url, town.world.token)
        async with bot_process(settings) as bot:
            bot.go()
            await bot.says("migrating the database", SOON)
            await bot.kill()
            assert not server.records.identifies, "it was killed in the midst of it"
        async with bot_process(settings) as bot:
            async with server.records.identified(timeout=SOON):
                bot.go()
            assert await bot.terminate() == 0, bot.log
