"""Readings of levels."""

import msgspec


class MembersCounted(msgspec.Struct, array_like=True, tag=2, frozen=True, gc=False):
    """The server had ``members`` members at an instant."""

    guild: int
    at: int
    zone: int
    day: int
    hour: int
    members: int


class ThreadsCounted(msgspec.Struct, array_like=True, tag=22, frozen=True, gc=False):
    """The server had ``active`` threads that the bot sees at an instant."""

    guild: int
    at: int
    zone: int
    day: int
    hour: int
    active: int
