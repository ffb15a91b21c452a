"""Servers and channels: what they are called, and how many members there are."""

import discord
from discord.ext import commands

from bot.db.directory import ChannelRecord
from bot.ingest.gauges import MemberGauge
from bot.names import NameKeeper
from cogs.listeners.channel_kinds import kind_of


class GuildListener(commands.Cog):
    """Notes names and takes a first reading of the number of members."""

    def __init__(self, names: NameKeeper, members: MemberGauge) -> None:
        self._names = names
        self._members = members

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Discord sent a server after READY."""
        self._note(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was added to a server."""
        self._note(guild)

    @commands.Cog.listener()
    async def on_guild_update(self, _before: discord.Guild, after: discord.Guild) -> None:
        """A server changed, perhaps its name."""
        self._names.seen(after.id, after.name, ())

    @commands.Cog.listener()
    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was made."""
        self._note_channel(channel)

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """A channel changed, perhaps its name."""
        self._note_channel(after)

    def _note(self, guild: discord.Guild) -> None:
        self._names.seen(guild.id, guild.name, [_record(channel) for channel in guild.channels])
        if guild.member_count is not None:
            self._members.read(guild.id, guild.member_count)

    def _note_channel(self, channel: discord.abc.GuildChannel) -> None:
        self._names.seen(channel.guild.id, channel.guild.name, [_record(channel)])


def _record(channel: discord.abc.GuildChannel) -> ChannelRecord:
    return ChannelRecord(channel.id, channel.name, kind_of(channel).stored)
