"""A server's invites, for which the bot needs Manage Server."""

from collections.abc import Mapping
from typing import Any

import aiohttp
import discord

from bot.client import ServerstatsClient
from bot.members.invites import Invite
from bot.members.listed import ListUnavailableError
from bot.privacy.pseudonym import Pseudonyms
from cogs.listeners.members import milliseconds
from cogs.listeners.raw_events import Payload, hear_first, id_in

_VANITY = "VANITY_URL"


class DiscordInvites:
    """See ``bot.members.invites.InviteSource``."""

    def __init__(self, client: ServerstatsClient) -> None:
        self._client = client
        self._pseudonyms = client.services.pseudonyms

    async def invites(self, guild: int) -> list[Invite] | None:
        """All invites, and the server's own address if it has one."""
        found = self._client.get_guild(guild)
        if found is None or found.me is None:
            return None
        if not found.me.guild_permissions.manage_guild:
            return None
        try:
            rows = await self._client.http.invites_from(guild)
            vanity = await self._client.http.get_vanity_code(guild) if _VANITY in found.features else None
        except discord.Forbidden:
            return None
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise ListUnavailableError(type(error).__name__) from error
        own = None if vanity is None else vanity.get("code")
        listed = [invite_in(self._pseudonyms, guild, row) for row in rows if row["code"] != own]
        if vanity is not None and own:
            name = self._pseudonyms.of_invite(guild, own)
            listed.append(Invite(name, own, 0, vanity.get("uses", 0), vanity=True))
        return listed


class InviteListener:
    """Tells of invites as they are made and deleted, for which the bot needs Manage Channels."""

    def __init__(self, client: ServerstatsClient) -> None:
        self._client = client
        self._pseudonyms = client.services.pseudonyms
        self._watcher = client.services.invites

    def install(self) -> None:
        """Begin to listen; where an event cannot be read, the list tells."""
        hear_first(self._client, "INVITE_CREATE", self._made)
        hear_first(self._client, "INVITE_DELETE", self._deleted)
        self._client.guard.on_loss(("INVITE_CREATE", "INVITE_DELETE"), self._misread)

    def _made(self, data: Payload) -> None:
        if data.get("guild_id") is not None:  # None: into a group of direct messages
            guild = int(data["guild_id"])
            self._watcher.made(guild, invite_in(self._pseudonyms, guild, data))

    def _deleted(self, data: Payload) -> None:
        if data.get("guild_id") is not None:
            guild = int(data["guild_id"])
            self._watcher.deleted(guild, self._pseudonyms.of_invite(guild, data["code"]))

    def _misread(self, data: object) -> None:
        guild = id_in(data, "guild_id")
        if guild is not None and self._client.get_guild(guild) is not None:
            self._watcher.look(guild)


def invite_in(pseudonyms: Pseudonyms, guild: int, row: Mapping[str, Any]) -> Invite:
    """What an invite object says, of a list or of an event; the event may tell its age instead of its end."""
    inviter = row.get("inviter")
    person = inviter is not None and not inviter.get("bot")
    made = milliseconds(row["created_at"]) if row.get("created_at") else 0
    expires, age = row.get("expires_at"), row.get("max_age")
    lasts = made + age * 1000 if made and age else 0
    return Invite(
        pseudonyms.of_invite(guild, row["code"]),
        row["code"],
        pseudonyms.of(guild, int(inviter["id"])) if inviter is not None and person else 0,
        row.get("uses", 0),
        row.get("max_uses", 0),
        made,
        milliseconds(expires) if expires else lasts,
    )
