"""Members who come, go and change."""

from enum import IntEnum

import msgspec


class JoinSeen(IntEnum):
    """How a join became known: Discord told of it, or the member list showed it afterwards.

    ``SURVIVOR``: found by the first comparison of all, so that nobody knows who came at that time and left.
    """

    LIVE = 0
    FOUND = 1
    SURVIVOR = 2


class MemberJoined(msgspec.Struct, array_like=True, tag=8, frozen=True, gc=False):
    """A member is there since ``joined`` (ms, Discord's clock; ``zone``, ``day`` and ``hour`` label it).

    ``roles`` ascend; ``boosting`` is since when (ms; 0: not). ``not_before``: when the member was known to be
    there for the last time (0: unknown), in case a leave was missed.
    """

    guild: int
    member: int
    joined: int
    zone: int
    day: int
    hour: int
    seen: int
    roles: tuple[int, ...] = ()
    boosting: int = 0
    pending: bool = False
    not_before: int = 0


class MemberLeft(msgspec.Struct, array_like=True, tag=9, frozen=True, gc=False):
    """A member is gone at ``at`` (ms), by whatever way.

    ``found``: nobody saw it happen; it was between ``not_before`` and ``at``.
    """

    guild: int
    member: int
    at: int
    zone: int
    day: int
    hour: int
    found: bool = False
    not_before: int = 0


class MemberChanged(msgspec.Struct, array_like=True, tag=10, frozen=True, gc=False):
    """What a member has at ``at``: roles (ascending), boosting since (ms; 0: not), screening to pass."""

    guild: int
    member: int
    at: int
    zone: int
    day: int
    hour: int
    roles: tuple[int, ...]
    boosting: int
    pending: bool


class MembersCompared(msgspec.Struct, array_like=True, tag=11, frozen=True, gc=False):
    """The whole member list was compared: every join up to ``known_until`` (ms, Discord's clock) is known."""

    guild: int
    at: int
    known_until: int


Membership = MemberJoined | MemberLeft | MemberChanged
"""What is held against what is known of the member: see ``bot.ingest.books.members``."""
