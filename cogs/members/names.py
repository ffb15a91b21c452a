"""What members are called on the server, of a hundred in one answer; no intent is needed for that."""

from collections.abc import Iterable

import discord

from bot.client import ServerstatsClient


class DiscordNames:
    """See ``bot.members.people.NameSource``."""

    def __init__(self, client: ServerstatsClient) -> None:
        self._client = client

    async def names(self, guild: int, users: list[int]) -> dict[int, str] | None:
        """Display names of those who are members."""
        found = self._client.get_guild(guild)
        if found is None or found.unavailable:
            return None
        try:
            members = await found.query_members(user_ids=users, limit=len(users), cache=False)
        except (TimeoutError, discord.HTTPException, discord.ClientException):
            return None
        return {member.id: member.display_name for member in members}

    def labels(self, guild: int, ids: Iterable[int]) -> dict[int, str]:
        """Names of channels, categories and roles, which are all in memory."""
        found = self._client.get_guild(guild)
        if found is None:
            return {}
        known = ((each, found.get_channel(each) or found.get_role(each)) for each in ids)
        return {each: thing.name for each, thing in known if thing is not None}
