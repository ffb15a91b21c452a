"""The real process and members who come and go while it runs, is killed, or is away: each counts once."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.privacy.pseudonym import hexadecimal
from tests.support.bot_orders import Death, Place
from tests.support.bot_process import BotProcess, BotSettings, bot_process
from tests.support.census import key_of
from tests.support.discord_server.model import World
from tests.support.discord_server.server import DiscordServer
from tests.support.traffic import Town, Traffic

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.db.database import Handle
    from tests.support.discord_server.model import FakeGuild, FakeMember

SLOW = 60.0
SETTLERS = 2_200
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass
class Village:
    """A server full of people, the bot's settings, and what has to be counted in the end."""

    server: DiscordServer
    guild: FakeGuild
    traffic: Traffic
    settings: BotSettings
    db: Handle
    ever: set[int] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    def person(self, name: str) -> FakeMember:
        return self.guild.members[self.guild.world.user(name).id]

    async def come(self, name: str, *, told: bool) -> None:
        member = await self.server.join(self.guild, name, told=told)
        self.counts["joins"] += 1
        self.counts["rejoins"] += member.id in self.ever
        self.ever.add(member.id)

    async def go(self, name: str, *, told: bool) -> None:
        await self.server.leave(self.person(name), told=told)
        self.counts["leaves"] += 1
        self.counts["leavesFound"] += not told

    @asynccontextmanager
    async def bot(self, death: Death | None = None) -> AsyncIterator[BotProcess]:
        async with bot_process(self.settings, death=death) as bot:
            async with self.server.records.identified(timeout=SLOW):
                bot.go()
            yield bot

    async def compared(self, bot: BotProcess, since: datetime) -> None:
        """Wait until a comparison that began after an instant is in the database."""
        async with asyncio.timeout(SLOW):
            while not await self.db.memberRosters.count_documents({"comparedAt": {"$gte": since}}):
                assert bot.running, bot.log
                await asyncio.sleep(0.02)

    async def heard(self) -> None:
        """Wait until what was sent so far is in the journal: a message sent after it is."""
        marks = await self.traffic.send_everywhere()
        async with asyncio.timeout(SLOW):
            while not marks <= self.settings.witnessed():
                await asyncio.sleep(0.01)

    async def check(self) -> None:
        """What is stored is what is true, and everything counts once."""
        pseudonyms = key_of(self.settings.data)

        def name(user: int) -> str:
            return hexadecimal(pseudonyms.of(self.guild.id, user))

        here = {
            each["userId"]: each
            async for each in self.db.memberActivityStats.find({"standing": {"$ne": None}})
        }
        people = {name(each.id): each for each in self.guild.members.values() if not each.user.bot}
        assert here.keys() == people.keys()
        for user, member in people.items():
            joined = datetime.fromisoformat(member.joined_at)
            assert abs(here[user]["joinTimestamp"] - joined) < timedelta(milliseconds=1)
            assert all(absence["rejoinedAt"] for absence in here[user]["leaveHistory"])
        gone = {name(user) for user in self.ever - self.guild.members.keys()}
        archived = {each["userId"]: each async for each in self.db.memberArchive.find()}
        assert archived.keys() == gone
        for each in archived.values():
            assert each["leaveHistory"][-1]["rejoinedAt"] is None
        counts: Counter[str] = Counter()
        async for day in self.db.guildDays.find():
            for what, hours in day.get("counts", {}).items():
                counts[what] += sum(hours.values())
        assert {what: counts[what] for what in self.counts} == self.counts


@asynccontextmanager
async def village(db: Handle, uri: str, name: str, tmp_path: Path) -> AsyncIterator[Village]:
    world = World(now=time.time)
    guild = world.guild("village")
    street = guild.text_channel("street")
    for number in range(SETTLERS):
        guild.member(f"settler-{number}", joined_at=LONG_AGO + timedelta(minutes=number))
    for number in range(3):
        guild.member(f"robot-{number}", bot=True)
    async with DiscordServer(world) as server:
        settings = BotSettings(tmp_path / "data", server.base_url, world.token, uri, name)
        traffic = Traffic(server, Town(world, guild, (street,)))
        ever = {each.id for each in guild.members.values() if not each.user.bot}
        yield Village(server, guild, traffic, settings, db, ever)


async def test_joins_and_leaves_count_once_whatever_comes_between(
    mongodb_uri: str, db: Handle, database_name: str, tmp_path: Path
) -> None:
    async with village(db, mongodb_uri, database_name, tmp_path) as play:
        # The first comparison is killed in the middle, and begun anew.
        async with play.bot(Death(Place.ALL_WRITTEN, nth=2)) as bot:
            assert await bot.ended(SLOW) == -signal.SIGKILL, bot.log
        began = datetime.now(UTC)
        async with play.bot() as bot:
            await play.compared(bot, began)
            for number in range(20):
                await play.come(f"newcomer-{number}", told=True)
                await play.go(f"settler-{number}", told=True)
            for number in range(5):
                await play.go(f"newcomer-{number}", told=True)
                await play.come(f"settler-{number}", told=True)
            await play.heard()
            play.server.gateway.behaviour.resume_overlap = 40  # all of it comes again
            play.server.gateway.drop()
            await play.server.records.until(
                lambda: any(each.replayed for each in play.server.records.resumes), timeout=SLOW
            )
            await play.heard()
            await bot.kill()
        # Nobody hears of these; some leave and come back, some who were gone come back.
        for number in range(300):
            await play.come(f"stranger-{number}", told=False)
        for number in range(100, 250):
            await play.go(f"settler-{number}", told=False)
        for number in range(300, 310):
            await play.go(f"settler-{number}", told=False)
            await play.come(f"settler-{number}", told=False)
        for number in range(5, 9):
            await play.come(f"settler-{number}", told=False)
        for place, nth in ((Place.COMMITTED, 2), (Place.RECORD_TORN, 200)):
            async with play.bot(Death(place, nth=nth)) as bot:
                assert await bot.ended(SLOW) == -signal.SIGKILL, bot.log
        began = datetime.now(UTC)
        async with play.bot() as bot:
            await play.compared(bot, began)
            assert await bot.terminate() == 0, bot.log
        await play.check()
        assert not play.server.records.unknown


async def test_without_the_members_intent_joins_and_leaves_are_unknown(
    mongodb_uri: str, db: Handle, database_name: str, tmp_path: Path
) -> None:
    async with village(db, mongodb_uri, database_name, tmp_path) as play:
        play.guild.world.application_flags = 0
        async with play.bot() as bot:
            await play.come("newcomer", told=True)
            await play.heard()
            await bot.says("server members intent is off")
            assert await bot.terminate() == 0, bot.log
        assert await db.memberRosters.count_documents({}) == 0
        assert await db.memberActivityStats.count_documents({"standing": {"$ne": None}}) == 0
        assert not [each for each in play.server.records.requests if each.path.endswith("/members")]
