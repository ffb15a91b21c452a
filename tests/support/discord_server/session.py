"""One gateway session: its sequence, what it may be asked to replay, and the connection it has just now."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from tests.support.discord_server.intents import MESSAGE_CONTENT, wants

if TYPE_CHECKING:
    from collections.abc import Sequence


class Outlet(Protocol):
    """Where a session's messages go."""

    held: bool

    def write(self, messages: Sequence[bytes]) -> None:
        """Send gateway messages at once, in this order."""
        ...


@dataclass(slots=True, eq=False)
class Session:
    """Numbers each event and keeps it until a heartbeat says that it arrived."""

    id: str
    shard: tuple[int, int]
    intents: int
    replay_limit: int
    seq: int = 0
    acknowledged: int = 0
    outlet: Outlet | None = None
    _log: deque[bytes] = field(default_factory=deque, repr=False)
    _unsent: list[bytes] = field(default_factory=list, repr=False)

    @property
    def sees_content(self) -> bool:
        return bool(self.intents & MESSAGE_CONTENT)

    @property
    def oldest(self) -> int:
        """The lowest sequence number that can still be replayed."""
        return self.seq - len(self._log) + 1

    def wants(self, event: str, *, in_guild: bool) -> bool:
        """Return whether the intents cover an event."""
        return wants(self.intents, event, in_guild=in_guild)

    def push(self, event: str, data: bytes) -> None:
        """Number one event and send it."""
        self.append(b'{"t":"%b","s":%d,"op":0,"d":%b}' % (event.encode(), self.seq + 1, data))
        self.flush()

    def append(self, message: bytes) -> None:
        """Take a finished gateway message whose number is `seq + 1`; `flush` sends it."""
        self.seq += 1
        self._log.append(message)
        if len(self._log) > self.replay_limit:
            self._log.popleft()
        if self.outlet is not None:
            self._unsent.append(message)

    def flush(self) -> None:
        """Send what is waiting, unless the connection is held or gone."""
        if self.outlet is not None and not self.outlet.held and self._unsent:
            unsent, self._unsent = self._unsent, []
            self.outlet.write(unsent)

    def acknowledge(self, seq: int) -> None:
        """Forget what the client says it has."""
        self.acknowledged = max(self.acknowledged, min(seq, self.seq))
        while self._log and self.oldest <= self.acknowledged:
            self._log.popleft()

    def attach(self, outlet: Outlet) -> None:
        """Send over this connection from now on."""
        self.outlet, self._unsent = outlet, []

    def detach(self, outlet: Outlet) -> None:
        """Go on without a connection; nothing is lost that a RESUME can ask for."""
        if self.outlet is outlet:
            self.outlet, self._unsent = None, []

    def can_replay(self, seq: int) -> bool:
        """Return whether nothing after `seq` has been forgotten."""
        return self.oldest - 1 <= seq <= self.seq

    def replay(self, seq: int) -> int:
        """Send again everything after `seq`, as far as it is kept; return how much that is."""
        self._unsent = list(islice(self._log, max(0, seq + 1 - self.oldest), None))
        count = len(self._unsent)
        self.flush()
        return count
