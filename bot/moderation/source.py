"""What reading audit logs needs of Discord; it fails as ``bot.history.source`` says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.ingest.activities.moderation import Moderated

PAGE_SIZE = 100
"""Entries a call, as many as Discord gives."""


@dataclass(frozen=True, slots=True)
class AuditLogPage:
    """Oldest entries after an id: those that count, of ``size`` in all, up to ``newest`` (0: none)."""

    entries: Sequence[Moderated]
    size: int
    newest: int

    @property
    def is_last(self) -> bool:
        """Whether nothing newer is left."""
        return self.size < PAGE_SIZE


class AuditLogSource(Protocol):
    """Discord's audit logs."""

    def guilds(self) -> Iterable[int]:
        """Servers that are there now."""

    def readable(self, guild: int) -> bool:
        """Whether present permissions show a server's log."""

    async def page(self, guild: int, after: int) -> AuditLogPage:
        """The oldest entries after an id; raises NotAllowedError, GoneError or BusyError."""
