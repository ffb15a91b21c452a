"""The host's clock is set back and forth while the bot counts."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.faults.lives import SLOW
from tests.support.bot_process import BotSettings, bot_process
from tests.support.census import settled
from tests.support.discord_server.server import DiscordServer
from tests.support.traffic import Traffic, make_town

if TYPE_CHECKING:
    from pathlib import Path

    from bot.db.database import Handle

RATE = 100.0
HOUR = timedelta(hours=1)
STEPS = (-HOUR, 30 * HOUR, timedelta(0), timedelta(days=-400), timedelta(days=-1))
SLACK = 1.5
"""Seconds that a voice state may be heard later than it was sent."""
DISCORD_EPOCH_MS = 1_420_070_400_000


async def test_totals_and_labels_are_exact_though_the_clock_is_set(
    mongodb_uri: str, db: Handle, tmp_path: Path
) -> None:
    town = make_town(channels=3, threads=1)
    hall = town.guild.voice_channel("hall")
    clock = tmp_path / "clock"
    clock.write_text("0")
    async with DiscordServer(town.world) as server:
        traffic = Traffic(server, town)
        settings = BotSettings(tmp_path / "data", server.base_url, town.world.token, mongodb_uri, db.name)
        async with bot_process(settings, clock=clock) as bot:
            async with server.records.identified(timeout=SLOW):
                bot.go()
            await traffic.send_everywhere()
            await settled(db, town.guild.id, len(traffic.sent), SLOW)
            speaker = town.guild.member("speaker")
            await server.move_voice(speaker, hall)
            since = time.monotonic()
            async with traffic.flowing(RATE):
                for step in STEPS:
                    fresh = clock.with_suffix(".new")
                    fresh.write_text(str(int(step.total_seconds() * 1000)))
                    fresh.replace(clock)
                    await asyncio.sleep(0.6)
            await server.move_voice(speaker, None)
            spoken = time.monotonic() - since
            await settled(db, town.guild.id, len(traffic.sent), SLOW)
            assert await bot.terminate() == 0, bot.log
    assert await labels(db) == Counter(label_of(message_id) for message_id in traffic.sent)
    members = await db.memberActivityStats.find().to_list(None)
    writers = [each for each in members if each["messageStats"]["totalCount"]]
    assert [each["messageStats"]["totalCount"] for each in writers] == [1] * len(traffic.sent)
    (speaking,) = (each["voiceMs"]["total"] for each in members if "voiceMs" in each)
    assert abs(speaking / 1000 - spoken) < SLACK
    days = await db.memberDays.find({"voice.ms": {"$gt": 0}}).to_list(None)
    assert sum(each["voice"]["ms"] for each in days) == speaking


def label_of(message_id: int) -> tuple[datetime, int]:
    """The day and hour (UTC) in which a message was sent, as its id says."""
    at = datetime.fromtimestamp(((message_id >> 22) + DISCORD_EPOCH_MS) / 1000, UTC)
    return at.replace(hour=0, minute=0, second=0, microsecond=0), at.hour


async def labels(db: Handle) -> Counter[tuple[datetime, int]]:
    """How many messages are counted in each hour of each day."""
    found: Counter[tuple[datetime, int]] = Counter()
    async for day in db.channelDays.find({"messages": {"$gt": 0}}):
        for hour, count in day["hours"].items():
            found[day["day"], int(hour)] += count
    return found
