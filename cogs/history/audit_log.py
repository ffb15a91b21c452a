"""Discord's audit logs as the reader asks for them, and when to look."""

from collections.abc import Iterable

import discord
from discord.ext import commands

from bot.client import ServerstatsClient
from bot.history.source import GoneError
from bot.moderation.reader import AuditLogReader
from bot.moderation.source import PAGE_SIZE, AuditLogPage
from cogs.history.source import said_plainly
from cogs.listeners.moderation import AuditLogTranslator


class DiscordAuditLog:
    """See ``bot.moderation.source.AuditLogSource``."""

    def __init__(self, client: ServerstatsClient, translator: AuditLogTranslator) -> None:
        self._client = client
        self._translator = translator

    def guilds(self) -> Iterable[int]:
        """Servers that are there now."""
        return [guild.id for guild in self._client.guilds if not guild.unavailable]

    def readable(self, guild: int) -> bool:
        """Whether present permissions show a server's log."""
        found = self._client.get_guild(guild)
        return found is not None and may_read(found)

    async def page(self, guild: int, after: int) -> AuditLogPage:
        """The oldest entries after an id."""
        found = self._client.get_guild(guild)
        if found is None:
            raise GoneError("the server is not there now")
        with said_plainly():
            listed = found.audit_logs(limit=PAGE_SIZE, after=discord.Object(after), oldest_first=True)
            entries = [each async for each in listed]
        told = (self._translator.entry(each) for each in entries)
        newest = max((each.id for each in entries), default=0)
        return AuditLogPage([each for each in told if each is not None], len(entries), newest)


class AuditLogSight(commands.Cog):
    """Has the audit log read when a server comes, and when the permission to read it does."""

    def __init__(self, reader: AuditLogReader) -> None:
        self._reader = reader
        self._open: dict[int, bool] = {}

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
        self._open.pop(guild.id, None)

    @commands.Cog.listener()
    async def on_guild_role_update(self, _before: discord.Role, after: discord.Role) -> None:
        """A role changed, perhaps one of the bot's."""
        self._review(after.guild)

    @commands.Cog.listener()
    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        """A member changed, perhaps the bot got a role; without the members intent the hourly look does."""
        if after == after.guild.me:
            self._review(after.guild)

    def _arrive(self, guild: discord.Guild) -> None:
        self._open[guild.id] = may_read(guild)
        self._reader.look(guild.id)

    def _review(self, guild: discord.Guild) -> None:
        before, self._open[guild.id] = self._open.get(guild.id, False), may_read(guild)
        if self._open[guild.id] and not before:
            self._reader.look(guild.id)


def may_read(guild: discord.Guild) -> bool:
    """Whether the bot may read a server's audit log."""
    if guild.unavailable or guild.me is None:
        return False
    return guild.me.guild_permissions.view_audit_log
