"""How much of something each channel had, by day."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy.typing as npt

from analytics.day_counts import ChannelDayHours
from analytics.packs import Ids

Amounts = Callable[[ChannelDayHours], tuple[Ids, npt.NDArray[Any]]]
"""Channels of a day and how much each had, within the hours of the period."""
ByDay = Mapping[int, int]
"""Amounts by local day; a day without any is missing."""


def messages(day: ChannelDayHours) -> tuple[Ids, npt.NDArray[Any]]:
    """Messages."""
    return day.columns.channels, _within(day, day.columns.messages)


def voice(day: ChannelDayHours) -> tuple[Ids, npt.NDArray[Any]]:
    """Time in voice in ms."""
    return day.columns.voice_channels, _within(day, day.columns.voice)


def reactions(day: ChannelDayHours) -> tuple[Ids, npt.NDArray[Any]]:
    """Reactions given, of the whole day: they are not kept by hour."""
    return day.columns.reacted_channels, day.columns.reactions


def by_channel(days: Iterable[ChannelDayHours], amounts: Amounts) -> Mapping[int, ByDay]:
    """Amounts by channel and day, of channels with any."""
    found: dict[int, dict[int, int]] = {}
    for day in days:
        ids, values = amounts(day)
        for channel, amount in zip(ids.tolist(), values.tolist(), strict=True):
            if amount:
                by_day = found.setdefault(channel, {})
                by_day[day.day] = by_day.get(day.day, 0) + amount
    return found


def totals(channels: Mapping[int, ByDay]) -> dict[int, int]:
    """Sum of each channel that has more than nothing."""
    sums = {channel: sum(by_day.values()) for channel, by_day in channels.items()}
    return {channel: amount for channel, amount in sums.items() if amount > 0}


def days_with(by_day: ByDay) -> int:
    """On how many days there was any."""
    return sum(amount > 0 for amount in by_day.values())


def most_in_a_day(by_day: ByDay, whole: range) -> int | None:
    """The most on one of the ``whole`` days; None: there is none of these."""
    return max((by_day.get(day, 0) for day in whole), default=None)


def place_of(sums: Mapping[int, int], channel: int) -> int | None:
    """Place of a channel among those with any; None: it has none."""
    own = sums.get(channel)
    return None if own is None else 1 + sum(amount > own for amount in sums.values())


def _within(day: ChannelDayHours, by_hour: npt.NDArray[Any]) -> npt.NDArray[Any]:
    within: npt.NDArray[Any] = by_hour[:, day.hours.start : day.hours.stop].sum(axis=1)
    return within
