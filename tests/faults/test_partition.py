"""A process that is cut off from the database goes on recording while another has taken its servers."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.faults.test_shards import SLOW, country, expire, running
from tests.support.lossy_proxy import LossyProxy

if TYPE_CHECKING:
    from bot.db.database import Handle
    from tests.faults.test_shards import Country

__all__ = ["country"]
HEARD = 1.5
"""Seconds that a voice state may be heard later than it was sent, on a busy machine."""
ALONE, BOTH = 2.0, 5.0


async def spoken(db: Handle) -> float:
    """Seconds in voice that are counted, which every collection agrees on."""
    days = await db.memberDays.find({"voice.ms": {"$gt": 0}}).to_list(None)
    channels = await db.channelDays.find({"voice.ms": {"$gt": 0}}).to_list(None)
    total: int = sum(day["voice"]["ms"] for day in days)
    assert total == sum(day["voice"]["ms"] for day in channels)
    return total / 1000


async def until_spoken(db: Handle, seconds: float) -> None:
    async with asyncio.timeout(SLOW):
        while await spoken(db) < seconds:
            await asyncio.sleep(0.05)


async def test_time_that_two_processes_saw_counts_once(country: Country) -> None:
    town, _ = country.towns
    hall, speaker = town.town.guild.voice_channel("hall"), town.town.guild.member("speaker")
    one, other = country.settings("one"), country.settings("other")
    async with LossyProxy(country.uri) as proxy, AsyncExitStack() as stack:
        cut_off = await stack.enter_async_context(running(country, replace(one, mongodb_uri=proxy.uri)))
        came = time.monotonic()
        await country.server.move_voice(speaker, hall)
        await asyncio.sleep(ALONE)
        proxy.silence()
        await expire(country.db)
        taken_over = time.monotonic()
        second = await stack.enter_async_context(running(country, other))
        for each in country.towns:
            await each.send_everywhere()
        await country.accepted(one)
        await asyncio.sleep(BOTH)
        await country.server.move_voice(speaker, None)
        true = time.monotonic() - came
        for each in country.towns:
            await each.send_everywhere()
        await country.accepted(one)
        await until_spoken(country.db, BOTH - HEARD)
        await cut_off[0].kill()
        assert await second[0].terminate() == 0, second[0].log
    seen_by_second = await spoken(country.db)
    async with running(country, one) as (again,):
        await again.says("time in voice from then on is left out", SLOW)
        await country.check()
        assert await again.terminate() == 0, again.log
    total = await spoken(country.db)
    assert total <= true + HEARD
    assert total >= seen_by_second + (taken_over - came) - HEARD, "what it saw before the other came counts"
    assert total > seen_by_second


async def test_a_process_that_nobody_replaced_loses_nothing_by_being_cut_off(country: Country) -> None:
    town, _ = country.towns
    hall, speaker = town.town.guild.voice_channel("hall"), town.town.guild.member("speaker")
    one = country.settings("one")
    async with (
        LossyProxy(country.uri) as proxy,
        running(country, replace(one, mongodb_uri=proxy.uri)) as (cut_off,),
    ):
        proxy.silence()
        came = time.monotonic()
        await country.server.move_voice(speaker, hall)
        await expire(country.db)
        await asyncio.sleep(ALONE)
        await country.server.move_voice(speaker, None)
        true = time.monotonic() - came
        for each in country.towns:
            await each.send_everywhere()
        await country.accepted(one)
        await cut_off.kill()
    async with running(country, one) as (again,):
        await until_spoken(country.db, true - HEARD)
        assert await again.terminate() == 0, again.log
        assert "left out" not in again.log
    assert await spoken(country.db) <= true + HEARD
