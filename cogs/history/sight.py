"""What the bot may see, and when that changes: history opens and closes, live counting breaks off."""

import discord
from discord.ext import commands

from bot.history.worker import HistoryWorker
from bot.ingest.sessions import GatewaySessions


class SightListener(commands.Cog):
    """Compares the bot's permissions in each channel with those before.

    Where View Channels is lost or comes back, a new session begins for the channel: what was sent meanwhile
    was missed, and becomes a range.
    """

    def __init__(self, history: HistoryWorker, sessions: GatewaySessions) -> None:
        self._history = history
        self._sessions = sessions
        self._seen: dict[int, dict[int, discord.Permissions]] = {}

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Discord sent a server after READY."""
        self._arrive(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was added to a server."""
        self._arrive(guild)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot left a server."""
        self._seen.pop(guild.id, None)

    @commands.Cog.listener()
    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was made."""
        self._look_at(channel)

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """A channel changed, perhaps who may see it; several such events may have come at once."""
        me = after.guild.me
        if before.permissions_for(me).view_channel != after.permissions_for(me).view_channel:
            self._sessions.break_off(after.id)
        self._look_at(after)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was deleted, and its threads with it."""
        self._history.forget((channel.guild.id, channel.id))
        self._history.look(channel.guild.id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """A role changed, perhaps one of the bot's."""
        if before.permissions != after.permissions:
            self._review(after.guild)

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """A role was deleted, perhaps one of the bot's."""
        self._review(role.guild)

    @commands.Cog.listener()
    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """A member changed, perhaps the bot itself got or lost a role."""
        if after == after.guild.me and before.roles != after.roles:
            self._review(after.guild)

    @commands.Cog.listener()
    async def on_thread_join(self, thread: discord.Thread) -> None:
        """A thread came into sight."""
        self._sessions.break_off(thread.id)
        self._history.look(thread.guild.id)

    @commands.Cog.listener()
    async def on_thread_remove(self, thread: discord.Thread) -> None:
        """A thread went out of sight."""
        self._sessions.break_off(thread.id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A thread was deleted."""
        self._history.forget((payload.guild_id, payload.thread_id))

    def _arrive(self, guild: discord.Guild) -> None:
        self._review(guild)
        self._history.look(guild.id)

    def _review(self, guild: discord.Guild) -> None:
        """Break off where sight was lost or came back; look through the server if anything changed."""
        before = self._seen.get(guild.id, {})
        here = guild.channels
        self._seen[guild.id] = {channel.id: before[channel.id] for channel in here if channel.id in before}
        for channel in here:
            self._look_at(channel)

    def _look_at(self, channel: discord.abc.GuildChannel) -> None:
        """Do the same in one channel: a category that changes brings an event for each of its channels."""
        guild = channel.guild
        seen = self._seen.setdefault(guild.id, {})
        now = channel.permissions_for(guild.me)
        before = seen.get(channel.id, now)
        seen[channel.id] = now
        if before == now:
            return
        if before.view_channel != now.view_channel:
            self._sessions.break_off(channel.id)
        self._history.look(guild.id)
