"""Invites over a real connection: told of as they are made and used up, and listed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import discord

from bot.members.invites import Pace
from tests.socket.test_bot_gateway import SECONDS, connect  # noqa: F401 - a fixture
from tests.support.discord_server.inviting import Inviting

if TYPE_CHECKING:
    from collections.abc import Callable


async def test_a_single_use_invite_made_and_used_between_two_readings_is_known(
    connect: Callable[..., Any],  # noqa: F811 - the fixture
) -> None:
    async with connect() as on:
        watcher = on.app.services.invites
        watcher._pace = Pace(0.05, 0.05)
        watcher.look(on.guild.id)
        async with asyncio.timeout(SECONDS):
            while on.guild.id not in watcher._servers or watcher._servers[on.guild.id].read is None:
                await asyncio.sleep(0.01)
        inviting = Inviting(on.server, on.guild)
        invite = await inviting.make("harbour-1", on.general, on.ada, most=1)
        await inviting.use(invite, "newcomer")
        async with asyncio.timeout(SECONDS):
            while not await on.db.inviteDays.count_documents({"joins": 1}):
                await on.app.recorder.flush()
                await asyncio.sleep(0.02)
        day = await on.db.inviteDays.find_one({})
        assert day is not None
        assert day["code"] == "harbour-1"


async def test_invites_are_asked_for_only_where_joins_are_heard_of(connect: Callable[..., Any]) -> None:  # noqa: F811
    for members in (True, False):
        async with connect(members=members) as on:
            asked = discord.Intents._from_value(on.server.records.identifies[0].intents)
            assert asked.invites is members
