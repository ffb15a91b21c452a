"""Lives of the real bot on the same data, one after the other, and what has to be true after the last."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack, suppress
from typing import TYPE_CHECKING

from tests.support.bot_process import BotProcess, BotSettings, bot_process
from tests.support.census import Ledger, check_coverage, check_sums, key_of, take_census

if TYPE_CHECKING:
    import random

    from bot.db.database import Handle
    from tests.support.bot_orders import Death
    from tests.support.traffic import Traffic

SLOW = 60.0
"""Seconds that anything may take on a machine that is busy with something else."""


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
        async with server.records.identified(timeout=SLOW):
            bot.go()
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


async def check(db: Handle, lives: Lives, kills: int) -> int:
    """Each message counts once, all totals agree, nothing is forgotten; returns how many are counted."""
    traffic, settings = lives.traffic, lives.settings
    guild_id = traffic.town.guild.id
    census = await take_census(db, guild_id)
    ledger = Ledger(guild_id, traffic.sent, settings.witnessed(), key_of(settings.data))
    counted = ledger.counted(census)
    assert ledger.accepted - lives.unsure <= counted, "what was accepted counts"
    assert len(counted - ledger.accepted) <= kills, "of a life, one message at most counts unwitnessed"
    check_sums(ledger, census)
    check_coverage(ledger, census)
    return len(counted)
