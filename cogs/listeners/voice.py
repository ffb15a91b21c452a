"""Voice: who is in which channel, and how. What is said is never heard; bots are left out."""

from collections.abc import Iterator

import discord
from discord.ext import commands

from bot.client import ServerstatsClient
from bot.ingest.activities.messages import ChannelKind
from bot.ingest.activities.voice import VoiceFlag
from bot.ingest.voice import Connection, Presence
from bot.privacy.rules import Writer
from cogs.listeners.bots import is_bot
from cogs.listeners.channel_kinds import kind_of
from cogs.listeners.raw_events import Payload, hear_behind, hear_first

_DEPARTURES = frozenset({discord.AuditLogAction.kick.value, discord.AuditLogAction.ban.value})


class VoiceListener(commands.Cog):
    """Tells the tracker what voice states say, and when Discord is not heard of."""

    def __init__(self, client: ServerstatsClient) -> None:
        self._client = client
        self._tracker = client.services.voice
        self._pseudonyms = client.services.pseudonyms
        self._gate = client.services.gate

    def install(self) -> None:
        """Begin to listen, in Discord's order, also to what discord.py drops of members not in its memory."""
        hear_behind(self._client, "VOICE_STATE_UPDATE", self._told)
        hear_first(self._client, "GUILD_MEMBER_ADD", self._joined)
        hear_first(self._client, "GUILD_MEMBER_REMOVE", self._left)
        hear_first(self._client, "GUILD_BAN_ADD", self._left)
        hear_first(self._client, "GUILD_AUDIT_LOG_ENTRY_CREATE", self._sent_away)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was deleted, perhaps with members in it."""
        self._tracker.close_channel(channel.guild.id, channel.id)

    @commands.Cog.listener()
    async def on_counting_changed(self, guild: discord.Guild) -> None:
        """A member or an admin has decided that something counts from now on, or no longer does."""
        self._sync(guild)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Discord told who is in voice, at a start or after an outage."""
        self._sync(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was added to a server."""
        self._sync(guild)

    @commands.Cog.listener()
    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """Discord has lost a server for a while."""
        self._tracker.lose(guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed from a server."""
        self._tracker.leave_guild(guild.id)

    @commands.Cog.listener()
    async def on_shard_disconnect(self, shard_id: int) -> None:
        """The connection broke."""
        for guild in self._of_shard(shard_id):
            self._tracker.lose(guild.id)

    @commands.Cog.listener()
    async def on_shard_resumed(self, shard_id: int) -> None:
        """The connection goes on; Discord has sent what was missed."""
        for guild in self._of_shard(shard_id):
            if not guild.unavailable:
                self._tracker.regain(guild.id)

    def _told(self, data: Payload) -> None:
        """A member came, moved, changed, or left; discord.py's memory of who is where is of now."""
        guild, user = self._client.get_guild(int(data["guild_id"])), int(data["user_id"])
        if guild is None:
            return
        state = guild._voice_state_for(user)  # noqa: SLF001 - has no public name for who is in no memory
        connection = None if state is None else connection_of(guild, state)
        if connection is not None and not self._counts(guild, user, connection):
            connection = None
        if not self._tracker.seen(guild.id, self._pseudonyms.of(guild.id, user), connection):
            guild._voice_states.pop(user, None)  # noqa: SLF001 - as below

    def _joined(self, data: Payload) -> None:
        guild = int(data["guild_id"])
        self._tracker.arrive(guild, self._pseudonyms.of(guild, int(data["user"]["id"])))

    def _left(self, data: Payload) -> None:
        """A member left, or was banned, of which Discord tells without the members intent, too."""
        self._depart(int(data["guild_id"]), int(data["user"]["id"]))

    def _sent_away(self, data: Payload) -> None:
        """A moderator sent a member away: all that is heard of that without the members intent."""
        if data["action_type"] in _DEPARTURES:
            self._depart(int(data["guild_id"]), int(data["target_id"]))

    def _depart(self, guild_id: int, user: int) -> None:
        guild = self._client.get_guild(guild_id)
        if guild is not None:
            guild._voice_states.pop(user, None)  # noqa: SLF001 - discord.py keeps it, and would show it again
            self._tracker.depart(guild_id, self._pseudonyms.of(guild_id, user))

    def _of_shard(self, shard_id: int) -> Iterator[discord.Guild]:
        return (guild for guild in self._client.guilds if guild.shard_id == shard_id)

    def _sync(self, guild: discord.Guild) -> None:
        present: dict[int, Connection] = {}
        for channel in (*guild.voice_channels, *guild.stage_channels):
            for user_id, state in channel.voice_states.items():
                connection = connection_of(guild, state)
                if connection is not None and self._counts(guild, user_id, connection):
                    present[self._pseudonyms.of(guild.id, user_id)] = connection
        self._tracker.sync(guild.id, present)

    def _counts(self, guild: discord.Guild, user_id: int, connection: Connection) -> bool:
        """Whether somebody's time in a channel may be counted."""
        if is_bot(guild, user_id) and not self._gate.counts_writer(guild.id, Writer.BOT):
            return False
        member = guild.get_member(user_id)
        roles = () if member is None else [role.id for role in member.roles]
        pseudonym = self._pseudonyms.of(guild.id, user_id)
        return self._gate.counts(guild.id, connection.presence.channel, 0, pseudonym, roles=roles)


def connection_of(guild: discord.Guild, state: discord.VoiceState) -> Connection | None:
    """How a voice state counts; None if it is in no channel."""
    channel = state.channel
    if channel is None:
        return None
    kind = kind_of(channel)
    said = (
        (VoiceFlag.AFK, channel == guild.afk_channel),
        (VoiceFlag.DEAFENED, state.deaf or state.self_deaf),
        (VoiceFlag.STREAMING, state.self_stream or state.self_video),
        (VoiceFlag.STAGE, kind is ChannelKind.STAGE),
    )
    flags = sum(flag.value for flag, holds in said if holds)
    return Connection(Presence(channel.id, kind, flags), state.session_id or "")
