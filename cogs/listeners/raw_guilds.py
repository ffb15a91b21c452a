"""Servers and threads that come back, read before discord.py, which keeps what was there before they went."""

from bot.client import ServerstatsClient
from cogs.listeners.raw_events import Payload, hear_first

_CREATE, _DELETE, _READY, _THREAD = "GUILD_CREATE", "GUILD_DELETE", "READY", "THREAD_CREATE"


class RawGuilds:
    """Has discord.py forget servers that are not there, and see those anew that come back."""

    def __init__(self, client: ServerstatsClient) -> None:
        self._client = client

    def install(self) -> None:
        """Begin to listen."""
        hear_first(self._client, _CREATE, self._comes)
        hear_first(self._client, _READY, self._begins)
        hear_first(self._client, _THREAD, self._thread_comes)

    def _comes(self, data: Payload) -> None:
        """Forget a server that was unavailable: discord.py would keep who was in voice, channels and threads.

        Who left voice meanwhile would be there for ever; what was archived or deleted would be open.
        """
        guild = self._client.get_guild(int(data["id"]))
        if guild is not None and guild.unavailable and not data.get("unavailable"):
            self._client._connection._remove_guild(guild)  # noqa: SLF001 - a seam, like that of raw_gateway

    def _begins(self, data: Payload) -> None:
        """Part from servers that a session does not begin with: the bot was removed while it was away."""
        shard = data.get("shard")
        there = {int(each["id"]) for each in data["guilds"]}
        delete = self._client._connection.parsers[_DELETE]  # noqa: SLF001 - same
        for guild in list(self._client.guilds):
            if guild.id not in there and (not shard or guild.shard_id == shard[0]):
                delete({"id": str(guild.id)})

    def _thread_comes(self, data: Payload) -> None:
        """Forget a thread that the bot was removed from: discord.py would not say that it is there again."""
        guild = self._client.get_guild(int(data["guild_id"]))
        thread = None if guild is None else guild.get_thread(int(data["id"]))
        if guild is not None and thread is not None and not data.get("newly_created"):
            guild._remove_thread(thread)  # noqa: SLF001 - same
