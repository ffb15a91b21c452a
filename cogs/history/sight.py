"""What the bot may see, and when that changes: history opens and closes, live counting breaks off."""

from collections.abc import Callable, Mapping

import discord

from bot.client import ServerstatsClient
from bot.history.worker import HistoryWorker
from bot.ingest.sessions import GatewaySessions


class SightListener:
    """Follows what comes into sight and goes out of it: servers, channels and threads.

    At both moments a new session begins for what it is, so that what was sent between becomes a range. A
    message that is still under way at the first of them would otherwise close the gap before it has opened.
    """

    def __init__(self, history: HistoryWorker, sessions: GatewaySessions) -> None:
        self._history = history
        self._sessions = sessions
        self._seen: dict[int, dict[int, discord.Permissions]] = {}
        self._lost: set[int] = set()
        self._arrived: dict[int, int] = {}

    def install(self, client: ServerstatsClient) -> None:
        """Begin to listen, at once: what follows such an event must not be taken for what precedes it."""
        heard: Mapping[str, Callable[..., None]] = {
            "guild_available": self._arrive,
            "guild_join": self._arrive,
            "guild_unavailable": self._lose,
            "guild_remove": self._leave,
            "guild_channel_create": self._look_at,
            "guild_channel_update": self._changed,
            "guild_channel_delete": self._deleted,
            "guild_role_update": self._role_changed,
            "guild_role_delete": self._role_deleted,
            "member_update": self._member_changed,
            "thread_join": self._thread_came,
            "thread_remove": self._thread_went,
            "raw_thread_delete": self._thread_deleted,
        }
        for event, hear in heard.items():
            client.hear_at_once(event, self._safely(hear))

    def _safely(self, hear: Callable[..., None]) -> Callable[..., None]:
        def heard(*args: object) -> None:
            try:
                hear(*args)
            except Exception:
                self._sessions.interrupt()  # what has changed is not known: history is to look everywhere
                raise

        return heard

    def _arrive(self, guild: discord.Guild) -> None:
        """Discord sent a server: after READY, after an outage, or because the bot was added to it.

        One that is sent again in the same session was out of sight, also where nobody said so.
        """
        if guild.id in self._lost or self._arrived.get(guild.id) == self._name(guild):
            self._sessions.break_off_guild(guild.id)
        self._lost.discard(guild.id)
        self._arrived[guild.id] = self._name(guild)
        self._review(guild)
        self._history.look(guild.id)

    def _lose(self, guild: discord.Guild) -> None:
        """Discord has lost a server for a while, or the bot is no longer in it."""
        self._lost.add(guild.id)
        self._sessions.break_off_guild(guild.id)

    def _leave(self, guild: discord.Guild) -> None:
        self._lose(guild)
        self._seen.pop(guild.id, None)

    def _name(self, guild: discord.Guild) -> int:
        return self._sessions.of(guild.shard_id, guild.id)

    def _changed(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """A channel changed, perhaps its type or who may see it."""
        me = after.guild.me
        if _sight(before, before.permissions_for(me)) != _sight(after, after.permissions_for(me)):
            self._sessions.break_off(after.id)
        self._look_at(after)

    def _deleted(self, channel: discord.abc.GuildChannel) -> None:
        """A channel was deleted, and its threads with it."""
        self._seen.get(channel.guild.id, {}).pop(channel.id, None)
        self._sessions.break_off(channel.id)
        self._history.forget((channel.guild.id, channel.id))
        self._history.look(channel.guild.id)

    def _role_changed(self, before: discord.Role, after: discord.Role) -> None:
        """A role changed, perhaps one of the bot's."""
        if before.permissions != after.permissions:
            self._review(after.guild)

    def _role_deleted(self, role: discord.Role) -> None:
        self._review(role.guild)

    def _member_changed(self, before: discord.Member, after: discord.Member) -> None:
        """A member changed, perhaps the bot itself got or lost a role."""
        if after == after.guild.me and before.roles != after.roles:
            self._review(after.guild)

    def _thread_came(self, thread: discord.Thread) -> None:
        self._sessions.break_off(thread.id)
        self._history.look(thread.guild.id)

    def _thread_went(self, thread: discord.Thread) -> None:
        self._sessions.break_off(thread.id)

    def _thread_deleted(self, payload: discord.RawThreadDeleteEvent) -> None:
        self._history.forget((payload.guild_id, payload.thread_id))

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
        if _sight(channel, before) != _sight(channel, now):
            self._sessions.break_off(channel.id)
        self._history.look(guild.id)


def _sight(channel: discord.abc.GuildChannel, permissions: discord.Permissions) -> tuple[bool, ...]:
    """What decides which messages of a channel, and of the threads below it, Discord sends.

    Manage Threads shows private threads that the bot is not in. Who may not connect to a voice channel
    does not read what is written there.
    """
    if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
        return permissions.view_channel, permissions.connect
    return permissions.view_channel, permissions.manage_threads
