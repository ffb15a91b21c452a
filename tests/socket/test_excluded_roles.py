"""Pages of history where a role is excluded: the bot asks the gateway for its authors' present roles."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from bot.history.source import BusyError
from bot.privacy.rules import Change, Rules, Subject
from tests.socket.test_bot_gateway import connect
from tests.support.discord_server import payloads

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.history.source import Place
    from cogs.history.source import DiscordHistory

__all__ = ["connect"]


async def test_who_has_an_excluded_role_stays_out_and_a_lost_gateway_is_said_plainly(
    connect: Callable[..., Any],
) -> None:
    async with connect() as on:
        role = on.guild.role("Quiet")
        told = {"guild_id": str(on.guild.id), "role": payloads.role(role)}
        await on.server.dispatch(on.guild, "GUILD_ROLE_CREATE", told)
        quiet = on.guild.member("quinn", role)
        await on.server.send_message(on.general, on.ada)
        await on.server.send_message(on.general, quiet)
        gate = on.app.services.gate
        gate.set_rules(on.guild.id, Rules().after(Change(Subject.ROLE, str(role.id), applies=True), 1))
        source = on.app.services.history._source
        (place,) = [each for each in source.places(on.guild.id) if each.id == on.general.id]
        async with asyncio.timeout(10):
            page = await source.page(place, None)
        of = on.app.services.pseudonyms.of
        assert {each.member for each in page.sent} == {of(on.guild.id, on.ada.id)}

        shard = on.app.client.get_shard(0)
        assert shard is not None
        await shard.disconnect()
        await refused(source, place)  # it cannot be written to
        shard._parent.ws.send = already_closed
        await refused(source, place)  # discord.py has seen so itself
        on.app.client._connection._get_websocket = no_socket
        await refused(source, place)


async def refused(source: DiscordHistory, place: Place) -> None:
    """The page is not to be had now, and said to be so."""
    with pytest.raises(BusyError):
        async with asyncio.timeout(10):
            await source.page(place, None)


async def already_closed(data: str) -> None:
    raise RuntimeError(f"not sent: {len(data)} characters")


def no_socket(*_: object, **__: object) -> None:
    """As before the shard's first connection."""
