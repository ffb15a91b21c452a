"""The real process knows who was interested in an event and who came, though it is killed meanwhile."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Any

from bot.privacy.pseudonym import hexadecimal
from tests.support.bot_orders import Death, Place
from tests.support.bot_process import BotSettings, bot_process
from tests.support.census import key_of
from tests.support.discord_server.planning import ACTIVE, COMPLETED, Planning
from tests.support.discord_server.server import DiscordServer
from tests.support.traffic import make_town

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.db.database import Handle
    from tests.support.bot_process import BotProcess

SLOW = 60.0
MANY = 250


async def event_that(
    db: Handle, event: int, bot: BotProcess, holds: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """Wait until what is stored of an event fulfils a condition."""
    stored = None
    async with asyncio.timeout(SLOW):
        while stored is None or not holds(stored):
            assert bot.running, bot.log
            await asyncio.sleep(0.05)
            stored = await db.scheduledEvents.find_one({"eventId": str(event)})
    return stored


async def test_interest_and_attendance_outlive_kills_and_downtime(
    mongodb_uri: str, db: Handle, database_name: str, tmp_path: Path
) -> None:
    town = make_town(channels=1, threads=0)
    guild = town.guild
    hall = guild.voice_channel("hall")
    ada, bob = guild.member("ada"), guild.member("bob")
    async with DiscordServer(town.world) as server:
        planning = Planning(server, guild)
        event, missed = planning.plan(hall), planning.plan(hall)
        crowd = {town.world.ids.next() for _ in range(MANY)}
        event.interested |= crowd
        settings = BotSettings(
            tmp_path / "data", server.base_url, town.world.token, mongodb_uri, database_name
        )

        async with bot_process(settings) as bot:
            bot.go()
            await event_that(db, event.id, bot, lambda one: one["interestedCount"] == MANY)
            await planning.interest(event, ada.id)
            leaver = crowd.pop()
            await planning.interest(event, leaver, interested=False)
            await event_that(db, event.id, bot, lambda one: one["interestedCount"] == MANY)
            await event_that(db, missed.id, bot, lambda one: one["status"] == "scheduled")
            await bot.kill()

        await planning.interest(event, bob.id)
        await planning.turn(missed, COMPLETED)
        async with bot_process(settings, death=Death(Place.COMMITTED, nth=3)) as bot:
            bot.go()
            assert await _until_it_dies(planning, bot, leaver) == -signal.SIGKILL, bot.log
        async with bot_process(settings) as bot:
            bot.go()
            await event_that(db, event.id, bot, lambda one: one["interestedCount"] == MANY + 1)
            await event_that(db, missed.id, bot, lambda one: one["status"] == "gone")
            await server.move_voice(bob, hall)
            await planning.turn(event, ACTIVE)
            await event_that(db, event.id, bot, lambda one: one["status"] == "active")
            await asyncio.sleep(0.5)
            await server.move_voice(bob, None)
            await planning.turn(event, COMPLETED)
            done = await event_that(db, event.id, bot, lambda one: one["status"] == "completed")
            assert await bot.terminate() == 0, bot.log
        of = key_of(settings.data).of
        expected = {hexadecimal(of(guild.id, who)) for who in (*crowd, ada.id, bob.id)}
        assert set(done["interested"]) == expected
        (attendance,) = done["attendance"]
        assert attendance["userId"] == hexadecimal(of(guild.id, bob.id))
        assert 300 < attendance["ms"] < SLOW * 1000
        assert done["attendedCount"] == 0, "less than a minute"
        days = await db.guildDays.find({"counts.eventsHeld": {"$exists": True}}).to_list(None)
        (held,) = (hours for day in days for hours in day["counts"]["eventsHeld"].values())
        assert held == 1, "the one that was missed is not known to have been held"


async def _until_it_dies(planning: Planning, bot: BotProcess, user: int) -> int:
    """Let somebody waver until the bot is dead."""
    (event,) = planning.guild.events.values()
    ended = asyncio.create_task(bot.ended(SLOW))
    while not ended.done():
        for interested in (True, False):
            await planning.interest(event, user, interested=interested)
            await asyncio.sleep(0.05)
    return await ended
