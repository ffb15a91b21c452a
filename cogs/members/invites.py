"""A server's invites, for which the bot needs Manage Server."""

import aiohttp
import discord

from bot.client import ServerstatsClient
from bot.members.invites import Invite
from bot.members.listed import ListUnavailableError
from cogs.listeners.members import milliseconds

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
        listed = [self._invite(guild, row) for row in rows if row["code"] != own]
        if vanity is not None and own:
            name = self._pseudonyms.of_invite(guild, own)
            listed.append(Invite(name, own, 0, vanity.get("uses", 0), vanity=True))
        return listed

    def _invite(self, guild: int, row: "discord.types.invite.Invite") -> Invite:
        inviter = row.get("inviter")
        person = inviter is not None and not inviter.get("bot")
        expires = row.get("expires_at")
        return Invite(
            self._pseudonyms.of_invite(guild, row["code"]),
            row["code"],
            self._pseudonyms.of(guild, int(inviter["id"])) if inviter is not None and person else 0,
            row.get("uses", 0),
            row.get("max_uses", 0),
            milliseconds(row["created_at"]) if row.get("created_at") else 0,
            milliseconds(expires) if expires else 0,
        )
