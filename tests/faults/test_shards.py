"""Several real processes on one database, each with shards of its own: nobody writes another's servers."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from bot.claims import ALL_SERVERS, Claim
from bot.db import leases
from bot.db.leases import REGISTER
from bot.privacy.pseudonym import Pseudonyms
from tests.support.bot_process import BotProcess, BotSettings, bot_process
from tests.support.census import Ledger, check_coverage, check_sums, counted, settled, take_census
from tests.support.discord_server.model import World
from tests.support.discord_server.server import DiscordServer
from tests.support.lossy_proxy import LossyProxy
from tests.support.traffic import Traffic, make_town

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.db.database import Handle

SLOW = 60.0
RATE = 100.0
FAILED = 1
KEY = secrets.token_hex(32)
TOWN = 1 << 40
SHARED = {"SERVERSTATS_PSEUDONYM_KEY": KEY, "SERVERSTATS_CHART_WORKERS": "1"}
READING = {"SERVERSTATS_READ_HISTORY": "true"}


def sharded(*ids: int, count: int) -> dict[str, str]:
    """Settings of a process that runs some of the shards."""
    return {"SERVERSTATS_SHARD_IDS": ",".join(map(str, ids)), "SERVERSTATS_SHARD_COUNT": str(count)}


@dataclass(frozen=True, slots=True)
class Country:
    """A town on each of two shards, and how to start bots."""

    server: DiscordServer
    towns: tuple[Traffic, Traffic]
    folder: Path
    uri: str
    db: Handle

    def settings(self, name: str, *more: dict[str, str]) -> BotSettings:
        """Settings of the process with a data folder of that name."""
        merged = dict(SHARED)
        for each in more:
            merged |= each
        world = self.server.world
        return BotSettings(
            self.folder / name, self.server.base_url, world.token, self.uri, self.db.name, merged
        )

    async def connect(self, bot: BotProcess) -> None:
        """Let a bot begin, and wait until it is connected."""
        async with self.server.records.identified(timeout=SLOW):
            bot.go()

    async def accepted(self, *by: BotSettings) -> None:
        """Wait until every message that was sent is in a journal."""
        sent = {message for town in self.towns for message in town.sent}
        async with asyncio.timeout(SLOW):
            while not sent <= {message for settings in by for message in settings.witnessed()}:
                await asyncio.sleep(0.02)

    async def died_before_commit(self) -> BotSettings:
        """Settings of a bot for all servers, killed with messages of both towns in its journal alone."""
        settings = self.settings("one")
        async with (
            LossyProxy(self.uri) as proxy,
            running(self, replace(settings, mongodb_uri=proxy.uri)) as (bot,),
        ):
            proxy.silence()
            for town in self.towns:
                await town.send_everywhere()
            await self.accepted(settings)
            await bot.kill()
        return settings

    async def check(self) -> None:
        """Every message that was sent counts once, in all totals."""
        for town in self.towns:
            guild = town.town.guild.id
            await settled(self.db, guild, len(town.sent), SLOW)
            census = await take_census(self.db, guild)
            ledger = Ledger(guild, town.sent, set(town.sent), Pseudonyms(bytes.fromhex(KEY)))
            assert ledger.counted(census) == set(town.sent)
            check_sums(ledger, census)
            check_coverage(ledger, census)

    async def leases(self) -> set[str]:
        """Names of the leases that are held."""
        return {name for name in await self.db.leases.distinct("_id") if name != REGISTER}


@pytest.fixture
async def country(mongodb_uri: str, db: Handle, tmp_path: Path) -> AsyncIterator[Country]:
    world = World()
    towns = [make_town(channels=3, threads=1, world=world, guild_id=TOWN + (at << 22)) for at in (0, 1)]
    async with DiscordServer(world) as server:
        one, other = (Traffic(server, town) for town in towns)
        yield Country(server, (one, other), tmp_path, mongodb_uri, db)


@asynccontextmanager
async def running(country: Country, *all_settings: BotSettings) -> AsyncIterator[list[BotProcess]]:
    """Start bots, one after the other is connected."""
    async with AsyncExitStack() as stack:
        bots = []
        for settings in all_settings:
            bots.append(await stack.enter_async_context(bot_process(settings)))
            await country.connect(bots[-1])
        yield bots


async def test_two_processes_count_their_own_servers_though_one_is_killed(country: Country) -> None:
    one, other = (
        country.settings(name, READING, sharded(shard, count=2))
        for shard, name in enumerate(("one", "other"))
    )
    first, second = country.towns
    async with first.flowing(RATE), second.flowing(RATE), running(country, one, other) as bots:
        assert [each.shard for each in country.server.records.identifies] == [(0, 2), (1, 2)]
        assert await country.leases() == {"shard 0 of 2", "shard 1 of 2"}
        await asyncio.sleep(0.5)
        await bots[0].kill()
        known = await counted(country.db, first.town.guild.id)
        await settled(country.db, second.town.guild.id, len(second.sent), SLOW)
        assert await counted(country.db, first.town.guild.id) <= known + 1.0 * RATE, "it is dead"
        async with running(country, one) as again:
            await asyncio.sleep(0.5)
            await settled(country.db, first.town.guild.id, len(first.sent), SLOW)
            for bot in (again[0], bots[1]):
                assert await bot.terminate() == 0, bot.log
            assert await country.leases() == set()
    async with running(country, one, other) as bots:
        await country.check()
        async with asyncio.timeout(SLOW):
            while await country.db.guilds.count_documents({"name": "town"}) < len(country.towns):
                await asyncio.sleep(0.05)
        for bot in bots:
            assert await bot.terminate() == 0, bot.log


OVERLAPPING: tuple[tuple[dict[str, str], str], ...] = (
    (sharded(1, count=2), "is writing to this database (shard 1 of 2)."),
    (sharded(1, 2, count=4), "(shard 1 of 2), and this one is to write shards 1 and 2 of 4."),
    ({}, "(shard 1 of 2), and this one is to write all servers."),
)


async def test_a_process_whose_shards_overlap_is_refused(country: Country) -> None:
    _, town = country.towns
    async with AsyncExitStack() as stack:
        (bot,) = await stack.enter_async_context(
            running(country, country.settings("one", sharded(1, count=2)))
        )
        thirds = [
            await stack.enter_async_context(
                bot_process(country.settings(f"third-{number}", shards), patience=0.5)
            )
            for number, (shards, _) in enumerate(OVERLAPPING)
        ]
        for third, (_, said) in zip(thirds, OVERLAPPING, strict=True):
            third.go()
            assert await third.ended(SLOW) == FAILED
            assert said in " ".join(third.log.split())
            assert "different SERVERSTATS_SHARD_IDS" in " ".join(third.log.split())
            assert "Traceback" not in third.log
        assert len(country.server.records.identifies) == 1
        await town.send_everywhere()
        await settled(country.db, town.town.guild.id, len(town.sent), SLOW)
        assert await bot.terminate() == 0, bot.log


async def test_shards_handed_out_anew_behind_a_crash_lose_nothing(country: Country) -> None:
    """What the one process of before has in its journal is committed before another writes those servers."""
    before = await country.died_before_commit()
    assert not await country.db.memberDays.count_documents({})

    one, other = (
        replace(country.settings("one", sharded(0, count=2)), data=before.data),
        country.settings("other", sharded(1, count=2)),
    )
    async with bot_process(other) as right, bot_process(one) as left:
        right.go()
        await right.says("waiting for the lease", SLOW)
        assert await country.leases() == {ALL_SERVERS.name}, "the dead one's, for half a minute"
        await country.connect(left)
        await left.says("the journal holds activity of servers of other shards")
        await country.server.records.until(lambda: len(country.server.records.identifies) == 3, timeout=SLOW)
        assert await country.leases() == {"shard 0 of 2", "shard 1 of 2"}
        for town in country.towns:
            await town.send_everywhere()
        await country.accepted(one, other)
        await country.check()
        assert one.witnessed().isdisjoint(other.witnessed())
        for bot in (left, right):
            assert await bot.terminate() == 0, bot.log


async def expire(db: Handle) -> None:
    """Let half a minute pass for the lease of the one process that was."""
    held = await db.leases.find_one({"_id": ALL_SERVERS.name})
    assert held is not None
    await leases.end_orphan(db, ALL_SERVERS, held["owner"])
    await db.leases.update_one(
        {"_id": ALL_SERVERS.name}, [{"$set": {"expiresAt": {"$subtract": ["$$NOW", 1]}}}]
    )


async def test_a_journal_with_servers_that_another_writes_by_now_waits(country: Country) -> None:
    before = await country.died_before_commit()
    await expire(country.db)
    one = replace(before, more={**SHARED, **sharded(0, count=2)})
    other = country.settings("other", sharded(1, count=2))
    async with running(country, other) as (right,):
        async with bot_process(one, patience=0.5) as left:
            left.go()
            assert await left.ended(SLOW) == FAILED
            said = " ".join(left.log.split())
            assert "of servers that another Serverstats process writes by now (shard 1 of 2)" in said
            assert "Stop that one, start this one" in said
        assert await country.leases() == {Claim((1,), 2).name}
        assert await right.terminate() == 0, right.log
    async with running(country, one, other) as bots:
        await country.check()
        for bot in bots:
            assert await bot.terminate() == 0, bot.log
