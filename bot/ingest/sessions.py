"""Gateway sessions as the recorder names them.

Every record carries the session that delivered it. A new name tells the fold that messages may be missing
before it, so that they become an uncounted range.
"""

import secrets


class GatewaySessions:
    """The present session of each shard."""

    def __init__(self) -> None:
        self._by_shard: dict[int, int] = {}

    def of(self, shard: int) -> int:
        """Name of the shard's session."""
        session = self._by_shard.get(shard)
        return session if session is not None else self.renew(shard)

    def renew(self, shard: int) -> int:
        """Begin a session: the shard identified itself anew. A resumed session goes on."""
        session = self._by_shard[shard] = secrets.randbits(62) | 1
        return session

    def interrupt(self) -> None:
        """Events were lost on every shard: what comes next belongs to new sessions."""
        self._by_shard.clear()
