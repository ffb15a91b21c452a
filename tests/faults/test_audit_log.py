"""The real process counts each entry of an audit log once, be it told, missed, or read while it is killed."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.privacy.pseudonym import hexadecimal
from tests.support.bot_orders import Death, Place
from tests.support.bot_process import BotProcess, BotSettings, bot_process
from tests.support.census import key_of
from tests.support.discord_server.moderating import BAN, CHANNEL_UPDATE, KICK, PURGE, Moderating
from tests.support.discord_server.server import DiscordServer
from tests.support.traffic import make_town

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.db.database import Handle

SLOW = 60.0
RATE = 80.0
PAST = 250


@dataclass(frozen=True, slots=True)
class Scene:
    """Busy moderators, and how to start a bot that watches them."""

    moderating: Moderating
    settings: BotSettings
    db: Handle

    @asynccontextmanager
    async def bot(self, death: Death | None = None) -> AsyncIterator[BotProcess]:
        async with bot_process(self.settings, death=death) as bot:
            async with self.moderating.server.records.identified(timeout=SLOW):
                bot.go()
            yield bot

    async def counted(self) -> Counter[tuple[str, str]]:
        """What each moderator did, by all days."""
        found: Counter[tuple[str, str]] = Counter()
        async for day in self.db.moderationDays.find():
            for name, count in day["counts"].items():
                found[day["userId"], name] += count
        return found

    async def hours(self) -> Counter[str]:
        """What moderators did in the server, by all hours."""
        found: Counter[str] = Counter()
        async for day in self.db.guildDays.find():
            for name, hours in day.get("counts", {}).items():
                found[name] += sum(hours.values())
        return found

    @property
    def done(self) -> Counter[tuple[str, str]]:
        of, guild = key_of(self.settings.data).of, self.moderating.guild.id
        done = self.moderating.done.items()
        return Counter({(hexadecimal(of(guild, who)), name): count for (who, name), count in done})

    async def all_counted(self, bot: BotProcess) -> None:
        async with asyncio.timeout(SLOW):
            while (await self.counted()).total() < self.done.total():
                assert bot.running, bot.log
                await asyncio.sleep(0.05)
        assert await self.counted() == self.done
        totals: Counter[str] = Counter()
        for (_, name), count in self.done.items():
            totals[name] += count
        assert await self.hours() == totals


@asynccontextmanager
async def scene(db: Handle, uri: str, name: str, tmp_path: Path) -> AsyncIterator[Scene]:
    town = make_town(channels=1, threads=0)
    async with DiscordServer(town.world) as server:
        moderating = Moderating(server, town.guild)
        begin = datetime.now(UTC) - timedelta(days=40)
        moderators = [town.guild.member("mona"), town.guild.member("otto")]
        for number in range(PAST):
            kind = (KICK, BAN, PURGE, CHANNEL_UPDATE)[number % 4]
            moderating.act(moderators[number % 2], kind, begin + timedelta(hours=number))
        settings = BotSettings(tmp_path / "data", server.base_url, town.world.token, uri, name)
        yield Scene(moderating, settings, db)


async def test_each_entry_counts_once_through_kills(
    mongodb_uri: str, db: Handle, database_name: str, tmp_path: Path
) -> None:
    async with scene(db, mongodb_uri, database_name, tmp_path) as play:
        async with play.moderating.flowing(RATE):
            for death in (
                Death(Place.RECORD_KEPT, nth=20),
                Death(Place.ALL_WRITTEN, nth=2),
                Death(Place.COMMITTED, nth=3),
                Death(Place.RECORD_KEPT, nth=120),
                Death(Place.WATERMARK_MOVED, nth=4),
            ):
                async with play.bot(death) as bot:
                    assert await bot.ended(SLOW) == -signal.SIGKILL, bot.log
            async with play.bot() as bot:
                await asyncio.sleep(1)
                assert await bot.terminate() == 0, bot.log
        async with play.bot() as bot:
            async with play.moderating.flowing(RATE):
                await asyncio.sleep(0.5)
            await play.all_counted(bot)
            assert await bot.terminate() == 0, bot.log
        log = await db.auditLogs.find_one({"_id": str(play.moderating.guild.id)})
        assert log is not None
        known_since = datetime.now(UTC) - timedelta(days=45)
        assert abs(log["since"] - known_since) < timedelta(minutes=5)
        assert log["gaps"] == []
        assert play.moderating.told, "some of it was told live"


async def test_without_the_permission_nothing_is_known_and_with_it_everything_is_found(
    mongodb_uri: str, db: Handle, database_name: str, tmp_path: Path
) -> None:
    async with scene(db, mongodb_uri, database_name, tmp_path) as play:
        moderating = play.moderating
        await moderating.allow(reading=False)
        async with play.bot() as bot:
            async with moderating.flowing(RATE):
                await asyncio.sleep(0.5)
            assert not await play.counted()
            asked = [request.path for request in moderating.server.records.requests]
            assert not any("audit-logs" in path for path in asked)
            assert await db.auditLogs.find_one({}) is None, "nothing is said to be known"

            await moderating.allow(reading=True)
            await play.all_counted(bot)
            await moderating.allow(reading=False)
            async with moderating.flowing(RATE):
                await asyncio.sleep(0.3)
            await moderating.allow(reading=True)
            await play.all_counted(bot)
            assert await bot.terminate() == 0, bot.log
