"""The member list over REST, a thousand members a page.

The gateway would send 100,000 members at once, and discord.py would make objects of them all. Here a page is
parsed, reduced a few members at a time, and forgotten.
"""

from collections.abc import Sequence
from typing import Any

import aiohttp
import discord

from bot.client import ServerstatsClient
from bot.members.listed import PAGE_SIZE, ListForbiddenError, ListUnavailableError, Page
from bot.turns import Turns, portions
from cogs.listeners.members import listed, milliseconds


class DiscordMembers:
    """See ``bot.members.listed.MemberSource``."""

    def __init__(self, client: ServerstatsClient) -> None:
        self._client = client
        self._pseudonyms = client.services.pseudonyms
        self._sessions = client.services.recording.sessions
        self._present = client.services.present

    def session(self, guild: int) -> int | None:
        """Name of the session of the server's shard; None while the connection is down."""
        found = self._client.get_guild(guild)
        if found is None or found.unavailable:
            return None
        shard = self._client.get_shard(found.shard_id)
        if shard is not None and shard.is_closed():
            return None
        return self._sessions.of(found.shard_id, guild)

    def expected(self, guild: int) -> int | None:
        """How many members there are, as the gateway keeps count."""
        found = self._client.get_guild(guild)
        return None if found is None else found.member_count

    async def page(self, guild: int, after: int) -> Page:
        """A page, as the next 1,000 members."""
        if self._client.get_guild(guild) is None:
            raise ListForbiddenError("the bot is not in the server")
        try:
            rows = await self._client.http.get_members(guild, PAGE_SIZE, after)
        except discord.Forbidden as error:
            raise ListForbiddenError(str(error)) from error
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
            raise ListUnavailableError(type(error).__name__) from error
        if not after:
            self._present.begin(guild)
        page = await self._read(guild, rows)
        if page.last is None:
            self._present.finish(guild)
        return page

    async def _read(self, guild: int, rows: Sequence[Any]) -> Page:
        """Read a page in turns: a thread would hold up the gateway for longer, see ``bot.turns``."""
        turns, members = Turns(), []
        for some in portions(rows):
            read = ((listed(self._pseudonyms, guild, row, remember=False), row) for row in some)
            found = [(each, int(row["user"]["id"])) for each, row in read if each is not None]
            members += [each for each, _ in found]
            self._present.add(guild, ((each.member, user) for each, user in found))
            await turns.give_way()
        return Page(
            members=members,
            size=len(rows),
            last=int(rows[-1]["user"]["id"]) if len(rows) == PAGE_SIZE else None,
            latest=max((milliseconds(row["joined_at"]) for row in rows if row["joined_at"]), default=0),
        )
