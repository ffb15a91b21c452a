"""The real process under traffic from a real gateway socket, killed with `kill -9` again and again."""

from __future__ import annotations

import asyncio
import random
import secrets
import signal
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING

from tests.support.bot_orders import Death, Place
from tests.support.bot_process import BotProcess, BotSettings, bot_process
from tests.support.census import Ledger, check_coverage, check_sums, key_of, take_census
from tests.support.discord_server.server import DiscordServer
from tests.support.traffic import Traffic, make_town

if TYPE_CHECKING:
    from pathlib import Path

    from bot.db.database import Handle

RATE = 300.0
SLOW = 60.0
"""Seconds that anything may take on a machine that is busy with something else."""

PLACES = (
    Death(Place.RECORD_TORN, nth=40),
    Death(Place.RECORD_KEPT, nth=60),
    Death(Place.SYNC, nth=3),
    Death(Place.SEGMENT_UNNAMED, nth=2),
    Death(Place.NOTHING_WRITTEN, nth=3),
    Death(Place.WATERMARK_MOVED, nth=3),
    Death(Place.BETWEEN_BULKS, nth=9),
    Death(Place.ALL_WRITTEN, nth=3),
    Death(Place.COMMITTED, nth=3),
    Death(Place.DISCARD, nth=1),
)


def deaths(chance: random.Random) -> list[Death | None]:
    """Each known place once, random moments of a flush, and (None) random moments of a life; shuffled."""
    inside = [
        Death(Place.COMMIT_BEGUN, nth=chance.randint(1, 6), seconds=chance.uniform(0.0, 0.04))
        for _ in range(8)
    ]
    made = [*PLACES, *inside, *[None] * 6]
    chance.shuffle(made)
    return made


class Lives:
    """One life of the bot after the other on the same data; the next is loaded while one lasts."""

    def __init__(self, settings: BotSettings, traffic: Traffic, chance: random.Random) -> None:
        self.settings = settings
        self.traffic = traffic
        self.chance = chance
        self.unsure: set[int] = set()

    async def run(self, ends: list[Death | None]) -> None:
        """Live and die as often as there are ends; once more, and stop when told to."""
        async with AsyncExitStack() as stack:
            bot = await stack.enter_async_context(bot_process(self.settings, death=ends[0]))
            for end, following in zip(ends, [*ends[1:], None], strict=True):
                coming = await stack.enter_async_context(bot_process(self.settings, death=following))
                await self.life(bot, end)
                bot = coming
            await self.last_life(bot)

    async def life(self, bot: BotProcess, end: Death | None) -> None:
        connected = asyncio.create_task(self.connected(bot))
        if end is None:
            await asyncio.wait({connected}, timeout=self.chance.choice([0.3, SLOW]))
            await asyncio.sleep(self.chance.uniform(0.0, 0.8))
            await bot.kill()
        else:
            assert await bot.ended(SLOW) == -signal.SIGKILL, bot.log
        connected.cancel()
        with suppress(asyncio.CancelledError):
            await connected

    async def connected(self, bot: BotProcess) -> None:
        """Let it connect; then messages come again, and sometimes the connection breaks."""
        server = self.traffic.server
        before = len(server.records.identifies)
        bot.go()
        await server.records.until(lambda: len(server.records.identifies) > before, timeout=SLOW)
        again = self.traffic.newest(self.chance.choice([3, 30, 60]))
        self.unsure |= {message.id for message in again} - self.settings.witnessed()
        for message in again:
            await server.redeliver(message)
        if self.chance.random() < 0.3:
            await asyncio.sleep(0.1)
            server.gateway.drop()

    async def last_life(self, bot: BotProcess) -> None:
        await self.connected(bot)
        await asyncio.sleep(0.3)
        edge = await self.traffic.send_everywhere()
        async with asyncio.timeout(SLOW):
            while not edge <= self.settings.witnessed():
                await asyncio.sleep(0.01)
        assert await bot.terminate() == 0, bot.log


async def test_each_message_counts_once_through_kills(
    mongodb_uri: str, db: Handle, database_name: str, tmp_path: Path
) -> None:
    seed = secrets.randbits(32)
    print("seed", seed)  # noqa: T201 - pytest shows it when the test fails
    chance = random.Random(seed)
    ends = deaths(chance)
    town = make_town()
    async with DiscordServer(town.world) as server:
        server.gateway.behaviour.resume_overlap = 20
        traffic = Traffic(server, town)
        settings = BotSettings(
            tmp_path / "data", server.base_url, town.world.token, mongodb_uri, database_name
        )
        lives = Lives(settings, traffic, chance)
        async with traffic.flowing(RATE):
            await lives.run(ends)
    census = await take_census(db, town.guild.id)
    ledger = Ledger(town.guild.id, traffic.sent, settings.witnessed(), key_of(settings.data))
    counted = ledger.counted(census)
    assert ledger.accepted - lives.unsure <= counted, "what was accepted counts"
    assert len(counted - ledger.accepted) <= len(ends), "of a life, one message at most counts unwitnessed"
    assert len(counted) > len(ends) * 10
    check_sums(ledger, census)
    check_coverage(ledger, census)
