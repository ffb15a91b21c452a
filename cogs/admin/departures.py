"""Ends the agreements of servers that the bot was removed from, also while it was not there to hear of it."""

import discord
from discord.ext import commands

from bot.agreements import AgreementDesk
from bot.claims import shard_of
from bot.client import ServerstatsClient


class DepartureListener(commands.Cog):
    """A server without the bot can neither agree nor take anything back."""

    def __init__(self, client: ServerstatsClient) -> None:
        self._client = client

    @property
    def _agreements(self) -> AgreementDesk:
        return self._client.services.agreements

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot left a server."""
        await self._agreements.depart(guild.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Discord has named every server of our shards, those that it cannot reach just now among them."""
        for guild in sorted(await self._agreements.offering()):
            if self._is_ours(guild) and self._client.get_guild(guild) is None:
                await self._agreements.depart(guild)

    def _is_ours(self, guild: int) -> bool:
        return shard_of(guild, self._client.shard_count or 1) in self._client.shards
