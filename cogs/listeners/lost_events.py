"""What an event that could not be read may have cost, and how that is found out again.

A lost message lies in a range that its channel's next message opens, so that history reads it back. The same
holds where an event that tells what the bot may see was lost: perhaps a channel went out of sight with it,
and its return will be no news. Who was in voice is taken to have left.
"""

import asyncio

from bot.client import ServerstatsClient
from bot.ingest.sessions import GatewaySessions
from cogs.listeners.raw_events import id_in

MESSAGES = ("MESSAGE_CREATE",)
CHANNELS = (
    "CHANNEL_CREATE",
    "CHANNEL_UPDATE",
    "CHANNEL_DELETE",
    "THREAD_CREATE",
    "THREAD_UPDATE",
    "THREAD_DELETE",
)
SERVERS = ("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE")
IN_SERVERS = ("GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE", "THREAD_LIST_SYNC")
VOICE = ("VOICE_STATE_UPDATE",)


class LostEvents:
    """Breaks sessions off where messages may be missing, and ends time in voice."""

    def __init__(self, client: ServerstatsClient) -> None:
        self._client = client
        self._sessions: GatewaySessions = client.services.recording.sessions
        self._voice = client.services.voice
        self._pseudonyms = client.services.pseudonyms

    def install(self) -> None:
        """Have it done from now on."""
        guard = self._client.guard
        guard.on_loss(MESSAGES, lambda data: break_off(self._sessions, id_in(data, "channel_id")))
        guard.on_loss(CHANNELS, lambda data: break_off(self._sessions, id_in(data, "id")))
        guard.on_loss(SERVERS, lambda data: self._server(id_in(data, "id")))
        guard.on_loss(IN_SERVERS, lambda data: self._server(id_in(data, "guild_id")))
        guard.on_loss(VOICE, self._left_voice)

    def _server(self, guild: int | None) -> None:
        count = self._client.shard_count
        if guild is None or not count:
            self._sessions.interrupt()
        else:
            self._sessions.renew((guild >> 22) % count)

    def _left_voice(self, data: object) -> None:
        guild, user = id_in(data, "guild_id"), id_in(data, "user_id")
        if guild is not None and user is not None and self._client.get_guild(guild) is not None:
            self._voice.seen(guild, self._pseudonyms.of(guild, user), None)


def break_off(sessions: GatewaySessions, channel: int | None) -> None:
    """Messages of a channel may be missing (None: of which one is not known): its next one opens a range.

    Done once more behind the tasks of messages before, which else would open it too early.
    """
    renew = sessions.interrupt if channel is None else lambda: sessions.break_off(channel)
    renew()
    asyncio.get_running_loop().call_soon(renew)
