"""What the recorder needs of the database, and how it can fail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.ingest.books.book import BookKey, States
from bot.ingest.coverage import Coverage
from bot.ingest.delta import Delta
from bot.ingest.journal import Position
from bot.privacy.consent import Consent

CoverageKey = tuple[int, int]
"""guild, channel or thread"""


class StoreUnavailable(Exception):  # noqa: N818 - a state, not a fault of the caller
    """The database did not answer or refused; whether the commit happened is not known."""


class LeaseLost(Exception):  # noqa: N818 - same
    """Another process writes these servers now; this one has to stop."""


class WatermarkMoved(Exception):  # noqa: N818 - same
    """The watermark or a coverage is not as the commit expected it: read it again."""


@dataclass(frozen=True, slots=True)
class JournalMove:
    """A journal's watermark moves from one place to a later one."""

    journal: str
    before: Position
    after: Position


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A place in a file: behind ``index`` rows and ``offset`` bytes, whose SHA-256 is ``digest``."""

    index: int
    offset: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class ImportMove:
    """A file's import moves on to a later place."""

    import_id: str
    before: FilePlace
    after: FilePlace


@dataclass(frozen=True, slots=True)
class Changes:
    """All that one transaction writes; pages of history have no ``move``: the coverage moves.

    ``consents``: what members allow, by guild and sealed member.
    """

    delta: Delta
    coverage: Mapping[CoverageKey, Coverage]
    move: JournalMove | ImportMove | None
    states: States = field(default_factory=dict)
    consents: Mapping[tuple[int, str], Consent] = field(default_factory=dict)


class Store(Protocol):
    """The database as the recorder sees it."""

    async def watermark(self, journal: str) -> Position:
        """How far a journal is committed; START for one that is new. Raises StoreUnavailable."""

    async def coverage(self, keys: Iterable[CoverageKey]) -> dict[CoverageKey, Coverage]:
        """Coverage of the channels, an empty one where none is stored. Raises StoreUnavailable."""

    async def states(self, book: str, keys: Iterable[BookKey]) -> dict[BookKey, Any]:
        """What a book holds, a new state where nothing is stored. Raises StoreUnavailable."""

    async def unsettled(self, guild: int) -> list[int]:
        """Channels and threads of a server that have uncounted ranges. Raises StoreUnavailable."""

    async def erase(self, guild: int, member: int) -> None:
        """Remove a member from everything that is stored; can be done again. Raises StoreUnavailable."""

    async def sever(self, guild: int, member: int) -> None:
        """Let nothing that is stored count for a member any more. Raises StoreUnavailable."""

    async def commit(self, changes: Changes) -> None:
        """Write everything or nothing, and raise the revision of each coverage.

        Raises StoreUnavailable, WatermarkMoved or LeaseLost. After the first of these the outcome is
        unknown: read the watermark to learn it.
        """
