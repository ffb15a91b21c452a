"""Gateway sessions as the recorder names them.

Every record carries the session that delivered it. A new name tells the fold that messages may be missing
before it, so that they become an uncounted range.
"""

import secrets


class GatewaySessions:
    """The present session of each shard; ``breaks`` counts how often any name has changed."""

    def __init__(self) -> None:
        self.breaks = 0
        self._by_shard: dict[int, int] = {}
        self._broken: dict[int, int] = {}
        # Apart: an old server's first channel has the server's own id, and the two would cancel out.
        self._broken_guilds: dict[int, int] = {}

    def of(self, shard: int, guild: int = 0, channel: int = 0, thread: int = 0) -> int:
        """Name of the shard's session, as it is for a server, a channel and a thread in it (0: none)."""
        session = self._by_shard.get(shard)
        if session is None:
            session = self.renew(shard)
        if self._broken_guilds:
            session ^= self._broken_guilds.get(guild, 0)
        if self._broken:
            session ^= self._broken.get(channel, 0) ^ self._broken.get(thread, 0)
        return session

    def break_off(self, channel: int) -> None:
        """A channel or thread went out of sight or came back: messages in it may have been missed."""
        self.breaks += 1
        self._broken[channel] = secrets.randbits(61) << 1

    def break_off_guild(self, guild: int) -> None:
        """A server went out of sight or came back, with all that is in it."""
        self.breaks += 1
        self._broken_guilds[guild] = secrets.randbits(61) << 1

    def renew(self, shard: int) -> int:
        """Begin a session: the shard identified itself anew. A resumed session goes on."""
        self.breaks += 1
        session = self._by_shard[shard] = secrets.randbits(62) | 1
        return session

    def interrupt(self) -> None:
        """Events were lost on every shard: what comes next belongs to new sessions."""
        self.breaks += 1
        self._by_shard.clear()
