"""Who leaves the server, is kicked or banned while in voice is in voice no longer, however that is told."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.socket.test_bot_gateway import SECONDS, Scene, connect  # noqa: F401 - a fixture
from tests.support.discord_server import payloads

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

KICK, BAN = 20, 22


def is_in_voice(on: Scene) -> bool:
    """Whether the tracker takes anybody to be there."""
    return any(guild.stays for guild in on.app.services.voice._guilds.values())


async def until(on: Scene, *, there: bool) -> None:
    async with asyncio.timeout(SECONDS):
        while is_in_voice(on) is not there:
            await asyncio.sleep(0.005)


async def enter(on: Scene) -> dict[str, Any]:
    """Ada comes into voice; her voice state."""
    room = on.guild.voice_channel("room")
    await on.server.dispatch(on.guild, "CHANNEL_CREATE", payloads.channel(room))
    await on.server.move_voice(on.ada, room)
    await until(on, there=True)
    return payloads.voice_state(on.guild.voice[on.ada.id], channel_id=room.id)


def told(on: Scene) -> dict[str, tuple[str, Mapping[str, Any]]]:
    """What Discord sends of a departure, by a short name."""
    there = {"guild_id": str(on.guild.id)}
    user = payloads.user(on.ada.user)
    entry = {**there, "id": str(on.server.world.ids.next()), "user_id": "1", "target_id": str(on.ada.id)}
    room = on.guild.voice[on.ada.id].channel
    silent = payloads.voice_state(on.guild.voice[on.ada.id], channel_id=None)
    del silent["member"]
    return {
        "left": ("GUILD_MEMBER_REMOVE", {**there, "user": user}),
        "banned": ("GUILD_BAN_ADD", {**there, "user": user}),
        "kick in the log": ("GUILD_AUDIT_LOG_ENTRY_CREATE", {**entry, "action_type": KICK, "reason": None}),
        "ban in the log": ("GUILD_AUDIT_LOG_ENTRY_CREATE", {**entry, "action_type": BAN, "reason": None}),
        "out of voice": ("VOICE_STATE_UPDATE", silent),
        "channel gone": ("CHANNEL_DELETE", payloads.channel(room)),
    }


@pytest.mark.parametrize(
    ("members", "events"),
    [
        (True, ["left"]),
        (True, ["left", "out of voice"]),
        (True, ["out of voice", "left"]),
        (True, ["banned", "left"]),
        (True, ["left", "ban in the log", "banned"]),
        (False, ["banned"]),
        (False, ["kick in the log"]),
        (False, ["ban in the log"]),
        (False, ["out of voice"]),
        (False, ["channel gone"]),
    ],
)
async def test_a_departure_ends_voice(
    connect: Callable[..., Any],  # noqa: F811 - the fixture
    events: list[str],
    *,
    members: bool,
) -> None:
    async with connect(members=members) as on:
        await enter(on)
        for event in events:
            kind, data = told(on)[event]
            await on.server.dispatch(on.guild, kind, dict(data))
        await until(on, there=False)
        on.app.client.dispatch("counting_changed", on.app.client.get_guild(on.guild.id))
        await on.server.send_message(on.general, on.guild.member("bob"))
        await on.until_counted(1)
        assert not is_in_voice(on), "discord.py's memory brings nobody back"


async def test_a_voice_state_that_comes_late_brings_nobody_back(connect: Callable[..., Any]) -> None:  # noqa: F811
    async with connect() as on:
        state = await enter(on)
        await on.server.leave(on.ada)
        await on.server.dispatch(on.guild, "VOICE_STATE_UPDATE", {**state, "self_mute": True})
        await on.server.send_message(on.general, on.guild.member("bob"))
        await on.until_counted(1)
        assert not is_in_voice(on)
        guild = on.app.client.get_guild(on.guild.id)
        assert guild is not None
        assert on.ada.id not in guild._voice_states
        await on.server.join(on.guild, "ada")
        await on.server.dispatch(on.guild, "VOICE_STATE_UPDATE", state)
        await until(on, there=True)


async def test_somebody_elses_kick_ends_nobodys_voice(connect: Callable[..., Any]) -> None:  # noqa: F811
    async with connect(members=False) as on:
        await enter(on)
        _, data = told(on)["kick in the log"]
        for other in ({"target_id": "12345"}, {"action_type": 26}):  # a member moved to another channel
            await on.server.dispatch(on.guild, "GUILD_AUDIT_LOG_ENTRY_CREATE", {**data, **other})
        await on.server.send_message(on.general, on.guild.member("bob"))
        await on.until_counted(1)
        assert is_in_voice(on)
