"""Gateway sessions as the recorder names them.

Every record carries the session that delivered it. A new name tells the fold that messages may be missing
before it, so that they become an uncounted range.
"""

import secrets


class GatewaySessions:
    """The present session of each shard."""

    def __init__(self) -> None:
        self._by_shard: dict[int, int] = {}
        self._broken: dict[int, int] = {}

    def of(self, shard: int, channel: int = 0, thread: int = 0) -> int:
        """Name of the shard's session, as it is for a channel and (0: none) a thread in it."""
        session = self._by_shard.get(shard)
        if session is None:
            session = self.renew(shard)
        if self._broken:
            session ^= self._broken.get(channel, 0) ^ self._broken.get(thread, 0)
        return session

    def break_off(self, channel: int) -> None:
        """A channel or thread went out of sight or came back: messages in it may have been missed.

        A break is noticed a moment late, which does no harm: ranges start a minute early.
        """
        self._broken[channel] = secrets.randbits(61) << 1

    def renew(self, shard: int) -> int:
        """Begin a session: the shard identified itself anew. A resumed session goes on."""
        session = self._by_shard[shard] = secrets.randbits(62) | 1
        return session

    def interrupt(self) -> None:
        """Events were lost on every shard: what comes next belongs to new sessions."""
        self._by_shard.clear()
