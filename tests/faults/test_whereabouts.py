"""A bot that hangs in a test says where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.faults.lives import SLOW
from tests.support.bot_process import BotSettings, bot_process
from tests.support.discord_server.server import DiscordServer
from tests.support.traffic import make_town

if TYPE_CHECKING:
    from pathlib import Path


async def test_threads_and_tasks_are_told_with_the_place_where_they_wait(
    mongodb_uri: str, database_name: str, tmp_path: Path
) -> None:
    town = make_town()
    async with DiscordServer(town.world) as server:
        settings = BotSettings(
            tmp_path / "data", server.base_url, town.world.token, mongodb_uri, database_name
        )
        async with bot_process(settings) as bot:
            async with server.records.identified(timeout=SLOW):
                bot.go()
            told = await bot.whereabouts()
            assert "Current thread" in told
            assert "Task pending name='discord'" in told
            assert "bot/cli/signals.py" in told
            assert await bot.terminate() == 0, "to ask harms nothing"
