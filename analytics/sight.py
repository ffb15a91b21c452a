"""Which channels the readers of an answer may see, and figures in which the others have no name and no id.

A channel that they do not see keeps its amounts, so that sums stay right, under a number that is no id. The
number is made anew for each answer and says nothing about the channel.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TypeVar

import numpy as np

from analytics.day_columns import ID, ChannelDayColumns
from analytics.day_counts import ChannelDayHours
from analytics.packs import ChannelColumns, Ids
from schemas.results.board import NotShown

_FIRST_UNSEEN = 1 << 63
"""No id is as high: Discord's have 63 bits until the year 2084."""
_LAST = np.array([2**64 - 1], ID)
"""What is behind every id, so that each has a place in a table."""
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Sight:
    """``channels`` are the channels and categories that are seen; None: all, also those that are gone."""

    channels: frozenset[int] | None = None

    @property
    def unlimited(self) -> bool:
        """Whether nothing is kept from the readers."""
        return self.channels is None

    def sees(self, channel: int) -> bool:
        """Whether a channel or category may be shown."""
        return self.channels is None or channel in self.channels


EVERYTHING = Sight()
NOTHING = Sight(frozenset())


def is_unseen(channel: int) -> bool:
    """Whether a channel's number stands for one that is not shown."""
    return channel >= _FIRST_UNSEEN


def seen(amounts: Mapping[int, _Value]) -> dict[int, _Value]:
    """The channels that may be shown, of amounts by channel."""
    return {channel: amount for channel, amount in amounts.items() if not is_unseen(channel)}


def not_shown(
    now: Mapping[int, float], before: Mapping[int, float] | None = None, *, divisor: float = 1
) -> NotShown | None:
    """What the channels that are not shown have together; None: all are shown."""
    left_out = [channel for channel in now if is_unseen(channel)]
    if not left_out:
        return None
    return NotShown(
        len(left_out),
        sum(now[channel] for channel in left_out) / divisor,
        None
        if before is None
        else sum(amount for channel, amount in before.items() if is_unseen(channel)) / divisor,
    )


def counted_only(channels: Iterable[int]) -> NotShown | None:
    """How many of the channels are not shown, where amounts do not add up; None: all are shown."""
    number = sum(map(is_unseen, channels))
    return NotShown(number) if number else None


class Veil:
    """Gives channels that are not seen numbers in place of their ids, and takes them back."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self._table = (_LAST, _LAST)
        self._free = count(_FIRST_UNSEEN)
        self._numbers: dict[int, int] = {}
        self._ids: dict[int, int] = {}

    def number(self, channel: int) -> int:
        """The channel itself, or what stands for it."""
        if is_unseen(channel) or self._sight.sees(channel):
            return channel
        number = self._numbers.setdefault(channel, next(self._free))  # two threads may ask at once
        self._ids[number] = channel
        return number

    def channel(self, number: int) -> int:
        """The channel that a number stands for."""
        return self._ids.get(number, number)

    def keys(self, by_channel: Mapping[int, _Value]) -> dict[int, _Value]:
        """What is known by channel, under their numbers."""
        return {self.number(channel): value for channel, value in by_channel.items()}

    def names(self, names: Mapping[int, str]) -> dict[int, str]:
        """The names of channels that are seen."""
        return {channel: name for channel, name in names.items() if self._sight.sees(channel)}

    def days(self, days: Sequence[ChannelDayHours]) -> list[ChannelDayHours]:
        """Days of channels, under their numbers."""
        return [replace(day, columns=self._columns(day.columns)) for day in days]

    def written(self, days: Sequence[ChannelColumns]) -> list[ChannelColumns]:
        """Messages of days by channel, under their numbers."""
        return [replace(day, channels=self._ids_of(day.channels)) for day in days]

    def _columns(self, columns: ChannelDayColumns) -> ChannelDayColumns:
        return replace(
            columns,
            channels=self._ids_of(columns.channels),
            voice_channels=self._ids_of(columns.voice_channels),
            reacted_channels=self._ids_of(columns.reacted_channels),
            sentiment_channels=self._ids_of(columns.sentiment_channels),
        )

    def _ids_of(self, ids: Ids) -> Ids:
        """The same column under numbers, looked up in a table: a year of a large server has 10⁶ ids."""
        known, numbers = self._table  # both at once, as two threads may ask
        places = np.searchsorted(known, ids)
        if not np.array_equal(known[places], ids):
            known = np.union1d(known, ids)
            numbers = np.array([self.number(channel) for channel in known.tolist()], ID)
            self._table = (known, numbers)
            places = np.searchsorted(known, ids)
        numbered: Ids = numbers[places]
        return numbered
