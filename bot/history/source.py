"""What the history worker needs of Discord, and how that can fail."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from bot.ingest.activities.messages import MessageSent

PAGE_SIZE = 100
"""Messages a call, as many as Discord gives."""


class NotAllowedError(Exception):
    """Discord refuses although the permissions looked right: not to be asked again until they change."""


class GoneError(Exception):
    """The channel or thread does not exist any more."""


class BusyError(Exception):
    """Discord did not answer as it should. ``everywhere``: nothing may be asked; ``seconds``: for so long."""

    def __init__(self, cause: str, *, seconds: float | None = None, everywhere: bool = False) -> None:
        super().__init__(cause)
        self.seconds = seconds
        self.everywhere = everywhere


@dataclass(frozen=True, slots=True)
class Place:
    """A channel or thread. ``latest`` is the newest message id that Discord names, None if it never had one.

    ``parent`` is a thread's channel, otherwise 0. ``threads`` and ``private_threads`` say whether archived
    ones may be below it. ``joined``: the bot is known to be in the thread. ``handle`` is the source's own.
    """

    guild: int
    id: int
    parent: int = 0
    latest: int | None = None
    threads: bool = False
    private_threads: bool = False
    joined: bool = False
    handle: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """Newest messages before an id. ``sent`` are the members' ones of ``size`` in all, from ``oldest`` on."""

    sent: Sequence[MessageSent]
    size: int
    oldest: int
    newest: int

    @property
    def is_last(self) -> bool:
        """Whether nothing older is left."""
        return self.size < PAGE_SIZE


class Archive(Enum):
    """Which archived threads of a channel a list holds.

    ``PUBLIC`` and ``PRIVATE`` ones are listed by when they were archived, the latest first: a list is read
    until it comes to what is known. ``JOINED`` are the private ones that the bot is in, for where it may not
    see all. They are listed by when they were begun, which does not say when they were archived: such a list
    is read to its end each time.
    """

    PUBLIC = "public"
    PRIVATE = "private"
    JOINED = "joined"

    @property
    def by_time(self) -> bool:
        """Whether who has read the list down to a moment knows all that was archived since."""
        return self is not Archive.JOINED


@dataclass(frozen=True, slots=True)
class ArchivedThreads:
    """A page of archived threads with the ms since 1970 of their archiving.

    ``following`` says where the next page begins; None: this is the last.
    """

    threads: Sequence[tuple[Place, int]]
    following: int | None = None


class HistorySource(Protocol):
    """Discord as the worker sees it. Requests raise NotAllowedError, GoneError or BusyError."""

    def places(self, guild: int) -> list[Place]:
        """Channels and active threads of a server."""

    def session(self, place: Place) -> int:
        """Gateway session to which live messages of the place belong now."""

    def readable(self, place: Place) -> bool:
        """Whether present permissions show the history; without them Discord answers an empty list."""

    def lists_archived(self, place: Place, archive: Archive) -> bool:
        """Whether present permissions show a list of the archived threads of a channel, and it is needed."""

    async def find(self, guild: int, channel: int) -> Place:
        """A channel or thread, be it archived."""

    async def page(self, place: Place, before: int | None) -> Page:
        """The newest messages, or the newest before an id."""

    async def archived(self, place: Place, archive: Archive, beginning: int | None) -> ArchivedThreads:
        """A page of a list of a channel's archived threads, the first one or one that ``following`` names."""
