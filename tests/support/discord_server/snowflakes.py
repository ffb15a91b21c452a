"""Ids and timestamps as Discord makes them: 42 bits of milliseconds, 22 to tell apart what shares one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

DISCORD_EPOCH_MS = 1_420_070_400_000
_LOW_BITS = 22
_LOW_MASK = (1 << _LOW_BITS) - 1


class Snowflakes:
    """Hands out ids of one clock, each greater than the one before."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last = 0
        self._past = 0

    def next(self) -> int:
        """Return an id for the clock's present moment."""
        self._last = max(self._last + 1, (int(self._now() * 1000) - DISCORD_EPOCH_MS) << _LOW_BITS)
        return self._last

    def at(self, moment: datetime) -> int:
        """Return an id for a moment of the past; ids of one millisecond rise in the order asked for."""
        self._past = (self._past + 1) & _LOW_MASK
        return (int(moment.timestamp() * 1000) - DISCORD_EPOCH_MS) << _LOW_BITS | self._past


def unix_seconds(snowflake: int) -> float:
    """Return when an id was made, in seconds since 1970."""
    return ((snowflake >> _LOW_BITS) + DISCORD_EPOCH_MS) / 1000


def moment_of(snowflake: int) -> datetime:
    """Return when an id was made."""
    return datetime.fromtimestamp(unix_seconds(snowflake), UTC)


def timestamp_of(snowflake: int) -> str:
    """Return when an id was made, written as Discord writes it."""
    return moment_of(snowflake).isoformat(timespec="microseconds")


def first_id_at(moment: datetime) -> int:
    """Return the smallest id of a moment's millisecond, to compare with."""
    return (int(moment.timestamp() * 1000) - DISCORD_EPOCH_MS) << _LOW_BITS
