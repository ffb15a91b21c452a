"""Members: who comes, goes, gets or loses roles, boosts, passes the screening. Names are never looked at.

Read raw, since discord.py tells of changes only for members in its memory, where just those in voice are.
Without the members intent Discord sends none of this, and joins and leaves stay unknown.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
from discord.ext import commands

from bot.client import ServerstatsClient
from bot.ingest.activities.members import JoinSeen, MemberChanged, MemberJoined, MemberLeft
from bot.members.admission import admitting
from bot.members.listed import Listed
from bot.privacy.pseudonym import Pseudonyms
from cogs.listeners.raw_events import Payload, hear_first, id_in

MEMBER_EVENTS = ("GUILD_MEMBER_ADD", "GUILD_MEMBER_REMOVE", "GUILD_MEMBER_UPDATE")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class MemberListener(commands.Cog):
    """Records joins, leaves and changes, and says when a server's list is to be compared."""

    def __init__(self, client: ServerstatsClient) -> None:
        services = client.services
        self._client = client
        self._record = admitting(services.recording.record, services.gate)
        self._clock = services.clock
        self._calendars = services.calendars
        self._pseudonyms = services.pseudonyms
        self._comparer = services.comparer
        self._invites = services.invites
        self._present = services.present

    def install(self) -> None:
        """Begin to listen."""
        hear_first(self._client, "GUILD_MEMBER_ADD", self._joined)
        hear_first(self._client, "GUILD_MEMBER_REMOVE", self._left)
        hear_first(self._client, "GUILD_MEMBER_UPDATE", self._changed)
        self._client.guard.on_loss(MEMBER_EVENTS, self._misread)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Discord sent a server after READY, or after an outage."""
        self._comparer.look(guild.id)
        self._invites.look(guild.id)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was added to a server."""
        self._comparer.look(guild.id)
        self._invites.look(guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot left a server."""
        self._comparer.forget(guild.id)
        self._invites.forget(guild.id)
        self._present.forget(guild.id)

    def _joined(self, data: Payload) -> None:
        guild = int(data["guild_id"])
        member = listed(self._pseudonyms, guild, data)
        if member is None:
            return
        label = self._calendars.label(guild, member.joined)
        self._comparer.came_or_left(guild, member.member)
        self._invites.joined(guild)
        self._present.came(guild, member.member, int(data["user"]["id"]))
        self._record(
            MemberJoined(
                guild,
                member.member,
                member.joined,
                *label,
                JoinSeen.LIVE,
                member.roles,
                member.boosting,
                member.pending,
            )
        )

    def _left(self, data: Payload) -> None:
        guild, user = int(data["guild_id"]), data["user"]
        if user.get("bot"):
            return
        member = self._pseudonyms.of(guild, int(user["id"]))
        at = self._clock.now_ms()
        self._comparer.came_or_left(guild, member)
        self._present.left(guild, member)
        self._record(MemberLeft(guild, member, at, *self._calendars.label(guild, at)))

    def _changed(self, data: Payload) -> None:
        guild = int(data["guild_id"])
        member = listed(self._pseudonyms, guild, data)
        if member is None:
            return
        at = self._clock.now_ms()
        self._comparer.changed(guild, member)
        self._record(
            MemberChanged(
                guild,
                member.member,
                at,
                *self._calendars.label(guild, at),
                member.roles,
                member.boosting,
                member.pending,
            )
        )

    def _misread(self, data: object) -> None:
        """Let the list tell what the event would have told."""
        guild = id_in(data, "guild_id")
        if guild is not None and self._client.get_guild(guild) is not None:
            self._comparer.look(guild)


def listed(
    pseudonyms: Pseudonyms, guild: int, data: Mapping[str, Any], *, remember: bool = True
) -> Listed | None:
    """What a member object says; None for a bot, or a guest, who has not joined."""
    user, joined = data["user"], data["joined_at"]
    if user.get("bot") or joined is None:
        return None
    name = pseudonyms.of if remember else pseudonyms.once
    boosting = data.get("premium_since")
    return Listed(
        name(guild, int(user["id"])),
        milliseconds(joined),
        tuple(sorted(int(role) for role in data["roles"])),
        0 if boosting is None else milliseconds(boosting),
        bool(data.get("pending")),
    )


def milliseconds(timestamp: str) -> int:
    """Milliseconds since 1970 of a time as Discord writes it."""
    return (datetime.fromisoformat(timestamp) - _EPOCH) // _MILLISECOND
