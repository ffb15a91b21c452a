"""Channels: lists of them whenever there is something new, and how many threads are active."""

import asyncio

import discord
from discord.ext import commands

from bot.client import ServerstatsClient
from bot.ingest.activities.channels import ChannelsListed, ListedChannel
from bot.ingest.activities.levels import ThreadsCounted
from cogs.listeners.channel_kinds import listed_kind
from cogs.listeners.messages import DISCORD_EPOCH_MS

QUIET_SECONDS = 2.0
"""Who drags a channel, or deletes a category, changes many, told one by one: listed once that has ended."""
MAX_QUIET_SECONDS = 30.0
"""Where there is no end of changes, they are listed so often."""


class ChannelListener(commands.Cog):
    """Records the list of channels at a start, once an hour, and when it has changed and all is quiet."""

    def __init__(self, client: ServerstatsClient, *, quiet_seconds: float = QUIET_SECONDS) -> None:
        services = client.services
        self._client = client
        self._record = services.recording.record
        self._clock = services.clock
        self._calendars = services.calendars
        self._pseudonyms = services.pseudonyms
        self._quiet_seconds = quiet_seconds
        self._waiting: dict[int, tuple[float, asyncio.TimerHandle]] = {}

    async def cog_unload(self) -> None:
        """Wait no longer: the list at the next start shows what is new."""
        for _, timer in self._waiting.values():
            timer.cancel()

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Discord sent a server after READY."""
        self._read(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was added to a server."""
        self._read(guild)

    @commands.Cog.listener()
    async def on_reading_due(self) -> None:
        """An hour has begun; each server is read by itself, so that a strange one keeps no other from it."""
        for guild in self._client.guilds:
            if not guild.unavailable:
                self._client.dispatch("guild_reading_due", guild)

    @commands.Cog.listener()
    async def on_guild_reading_due(self, guild: discord.Guild) -> None:
        """Read one server."""
        self._read(guild)

    @commands.Cog.listener()
    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was made."""
        self._list_when_quiet(channel.guild.id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was deleted."""
        self._list_when_quiet(channel.guild.id)

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """A channel changed, perhaps its name, type or place."""
        if _shown(before) != _shown(after):
            self._list_when_quiet(after.guild.id)

    def _list_when_quiet(self, guild_id: int) -> None:
        loop = asyncio.get_running_loop()
        latest = loop.time() + MAX_QUIET_SECONDS
        waiting = self._waiting.get(guild_id)
        if waiting is not None:
            latest, timer = waiting
            timer.cancel()
        at = min(loop.time() + self._quiet_seconds, latest)
        self._waiting[guild_id] = (latest, loop.call_at(at, self._is_quiet, guild_id))

    def _is_quiet(self, guild_id: int) -> None:
        del self._waiting[guild_id]
        guild = self._client.get_guild(guild_id)
        if guild is not None and not guild.unavailable:
            self._list(guild)

    def _read(self, guild: discord.Guild) -> None:
        at = self._clock.now_ms()
        label = self._calendars.label(guild.id, at)
        self._record(ThreadsCounted(guild.id, at, *label, len(guild.threads)))
        self._list(guild)

    def _list(self, guild: discord.Guild) -> None:
        at = self._clock.now_ms()
        listed: list[ListedChannel] = []
        for category, channels in guild.by_category():
            listed.extend(self._listed(each) for each in ([] if category is None else [category]))
            listed.extend(self._listed(each) for each in channels)
        self._record(ChannelsListed(guild.id, at, *self._calendars.label(guild.id, at), tuple(listed)))

    def _listed(self, channel: discord.abc.GuildChannel) -> ListedChannel:
        guild = channel.guild.id
        return ListedChannel(
            channel.id,
            listed_kind(channel),
            self._pseudonyms.of_channel_name(guild, channel.name),
            channel.category_id or 0,
            *self._calendars.label(guild, (channel.id >> 22) + DISCORD_EPOCH_MS),
        )


def _shown(channel: discord.abc.GuildChannel) -> tuple[object, ...]:
    return channel.name, channel.type, channel.category_id, channel.position
