"""What the comparison needs of Discord, and how that can fail."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

PAGE_SIZE = 1_000


class Listed(msgspec.Struct, frozen=True, gc=False):
    """A member as Discord lists it: pseudonym, times in ms (``boosting`` 0: not), role ids ascending."""

    member: int
    joined: int
    roles: tuple[int, ...] = ()
    boosting: int = 0
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Members of a page, bots left out; ``last`` is where the next begins, None: there is none.

    ``size`` and ``latest``, the last join (ms, 0: none is known), are of the bots too.
    """

    members: Sequence[Listed]
    size: int
    last: int | None
    latest: int


class ListUnavailableError(Exception):
    """The list cannot be had now; try again after a while."""


class ListForbiddenError(Exception):
    """The list cannot be had: the members intent is off, or the bot has left the server."""


class MemberSource(Protocol):
    """Discord's member lists."""

    def session(self, guild: int) -> int | None:
        """Name of the gateway session that tells of the server; None while there is none."""

    def expected(self, guild: int) -> int | None:
        """How many members the server has, bots too; None: unknown."""

    async def page(self, guild: int, after: int) -> Page:
        """A page of members whose ids are greater; raises ListUnavailableError or ListForbiddenError."""
