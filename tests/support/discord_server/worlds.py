"""A world described by numbers, for a server that runs in a process of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import msgspec

from tests.support.discord_server.model import FakeChannel, FakeGuild, FakeMember, FakeVoice, World
from tests.support.discord_server.snowflakes import first_id_at

if TYPE_CHECKING:
    from collections.abc import Iterator

Named = TypeVar("Named")

_FIRST_GUILD = datetime(2020, 1, 1, tzinfo=UTC)
_FIRST_JOIN = datetime(2024, 1, 1, tzinfo=UTC)


class WorldSpec(msgspec.Struct, frozen=True):
    """How much there is of everything; all counts but `guilds` are per server.

    Names are `guild-0`, `channel-0`, `voice-0`, `role-0`, `member-0` and so on. Server ids do not change
    between runs, and neighbours lie on different shards. The first `in_voice` members are in voice.
    """

    guilds: int = 1
    channels: int = 10
    voice_channels: int = 2
    roles: int = 5
    members: int = 100
    in_voice: int = 0
    token: str = "fake-token"  # noqa: S105 - the fake's own, opens nothing
    heartbeat_interval: float = 41.25
    replay_limit: int = 50_000


def build_world(spec: WorldSpec) -> World:
    """Return the world that a description asks for."""
    world = World(token=spec.token)
    for at in range(spec.guilds):
        guild = world.guild(f"guild-{at}", guild_id=first_id_at(_FIRST_GUILD) + (at << 22))
        for number in range(spec.channels):
            guild.text_channel(f"channel-{number}")
        halls = [guild.voice_channel(f"voice-{number}") for number in range(spec.voice_channels)]
        roles = [guild.role(f"role-{number}") for number in range(spec.roles)]
        for number in range(spec.members):
            given = roles[number % spec.roles : number % spec.roles + 1] if roles else []
            member = guild.member(
                f"member-{number}", *given, joined_at=_FIRST_JOIN + timedelta(minutes=number)
            )
            if number < spec.in_voice:
                hall = halls[number % len(halls)]
                guild.voice[member.id] = FakeVoice(member, hall, f"{member.id:032x}")
    return world


def guild_named(world: World, name: str) -> FakeGuild:
    """Return the server of that name. Raises LookupError."""
    return _one((guild for guild in world.guilds.values() if guild.name == name), name)


def channel_named(guild: FakeGuild, name: str) -> FakeChannel:
    """Return the channel of that name. Raises LookupError."""
    return _one((channel for channel in guild.channels.values() if channel.name == name), name)


def member_named(guild: FakeGuild, name: str) -> FakeMember:
    """Return the member of that name. Raises LookupError."""
    return _one((member for member in guild.members.values() if member.user.name == name), name)


def _one(found: Iterator[Named], name: str) -> Named:
    for each in found:
        return each
    raise LookupError(f"Nothing is named {name!r} here.")
