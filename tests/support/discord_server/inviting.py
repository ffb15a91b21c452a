"""Invites of a fake server: made, used until they are used up, deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.support.discord_server import payloads
from tests.support.discord_server.snowflakes import timestamp_of

if TYPE_CHECKING:
    from tests.support.discord_server.model import FakeChannel, FakeGuild, FakeMember
    from tests.support.discord_server.payloads import Json
    from tests.support.discord_server.server import DiscordServer


@dataclass(slots=True, eq=False)
class FakeInvite:
    """An invite into a channel; `most` 0: as often as one likes."""

    code: str
    channel: FakeChannel
    inviter: FakeMember
    created_at: str
    most: int = 0
    uses: int = 0

    def payload(self) -> Json:
        """Return it as a list has it."""
        return {
            "code": self.code,
            "type": 0,
            "channel": {"id": str(self.channel.id), "type": self.channel.kind, "name": self.channel.name},
            "inviter": payloads.user(self.inviter.user),
            "uses": self.uses,
            "max_uses": self.most,
            "max_age": 0,
            "temporary": False,
            "created_at": self.created_at,
            "expires_at": None,
        }


@dataclass(slots=True, eq=False)
class Inviting:
    """Makes invites, and lets people come by them."""

    server: DiscordServer
    guild: FakeGuild

    async def make(
        self, code: str, channel: FakeChannel, inviter: FakeMember, *, most: int = 0
    ) -> FakeInvite:
        """Make an invite, and tell of it."""
        made = FakeInvite(code, channel, inviter, timestamp_of(self.guild.world.ids.next()), most)
        self.guild.invites[code] = made
        there = {"guild_id": str(self.guild.id), "channel_id": str(channel.id)}
        body = {name: each for name, each in made.payload().items() if name not in {"channel", "expires_at"}}
        await self.server.dispatch(self.guild, "INVITE_CREATE", {**body, **there})
        return made

    async def use(self, invite: FakeInvite, name: str) -> FakeMember:
        """Let somebody join by it; with its last use it goes."""
        invite.uses += 1
        if invite.uses == invite.most:
            await self.delete(invite)
        return await self.server.join(self.guild, name)

    async def delete(self, invite: FakeInvite) -> None:
        """Let it go, and tell of that."""
        del self.guild.invites[invite.code]
        body = {"guild_id": str(self.guild.id), "channel_id": str(invite.channel.id), "code": invite.code}
        await self.server.dispatch(self.guild, "INVITE_DELETE", body)
