"""The audit log of a server: who changed which setting, read a member's figures, or took figures away."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

READ = "read member figures"
EXPORTED = "export figures"
EXPORTED_MEMBER = "export member figures"
CHANGED = "change setting"


@dataclass(frozen=True, slots=True)
class Entry:
    """``actor`` and ``member``, whom it was about, are pseudonyms; None: erased, or nobody. ``at`` in ms.

    ``before`` and ``after`` are what a setting was, and became.
    """

    actor: int | None
    what: str
    subject: str
    member: int | None
    at: int
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting, by its key, becomes ``after``; both values as the setting itself writes them."""

    setting: str
    before: str
    after: str


class Audit(Protocol):
    """Where the entries are."""

    async def note_reading(self, guild: int, actor: int, member: int, what: str, now_ms: int) -> None:
        """Note that somebody read a member's figures; raises StoreUnavailable."""

    async def note_export(self, guild: int, actor: int, member: int | None, what: str, now_ms: int) -> None:
        """Note that somebody took figures away, of a ``member`` or of all; raises StoreUnavailable."""

    async def note_change(self, guild: int, actor: int, change: SettingChange, now_ms: int) -> None:
        """Note who changed a setting; raises StoreUnavailable."""

    async def latest(self, guild: int, skip: int, limit: int) -> Sequence[Entry]:
        """Entries, the newest first; raises StoreUnavailable."""
