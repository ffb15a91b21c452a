"""The audit log of a server: who changed which setting, and who read a member's figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Entry:
    """``actor`` and ``member``, whom it was about, are pseudonyms; None: erased, or nobody. ``at`` in ms."""

    actor: int | None
    what: str
    subject: str
    member: int | None
    at: int


class Audit(Protocol):
    """Where the entries are."""

    async def note_reading(self, guild: int, actor: int, member: int, what: str, now_ms: int) -> None:
        """Note that somebody read a member's figures; raises StoreUnavailable."""

    async def latest(self, guild: int, skip: int, limit: int) -> Sequence[Entry]:
        """Entries, the newest first; raises StoreUnavailable."""
