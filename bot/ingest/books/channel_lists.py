"""Channels: what was made, deleted, renamed or moved between two lists of a server's channels.

To drag one channel past others changes the position of all of them. So channels count as moved that are in
another category, and besides the fewest whose moving explains the new order.
"""

from bisect import bisect_left
from collections.abc import Iterator

import msgspec

from bot.ingest.activities.channels import ChannelsListed
from schemas.guild_day_names import GuildCount

MAX_GONE = 500
"""Deleted channels that are remembered, in case that they were only out of sight."""

Label = tuple[int, int, int]
"""zone epoch, day, hour"""


class KnownChannel(msgspec.Struct, frozen=True):
    """A channel as it was listed; ``name`` is a keyed hash."""

    kind: int
    name: int
    category: int


class ChannelList(msgspec.Struct):
    """A server's channels in their order when they were last listed, and where deleted ones count."""

    at: int = 0
    channels: dict[int, KnownChannel] = msgspec.field(default_factory=dict)
    gone: dict[int, Label] = msgspec.field(default_factory=dict)


class ChannelEvent(msgspec.Struct, frozen=True):
    """Something has happened to channels, or (a negative ``by``) turned out not to have."""

    guild: int
    count: GuildCount
    label: Label
    by: int = 1


def list_of(listed: ChannelsListed) -> tuple[int, int]:
    """Which list an activity concerns: a server has one."""
    return listed.guild, 0


def compare(known: ChannelList, listed: ChannelsListed) -> Iterator[ChannelEvent]:
    """Take a newer list; yields what has happened since the one before.

    What the first list holds was made before anybody looked: of those days nobody knows what else was made.
    """
    before, now = known.channels, {each.id: each for each in listed.channels}
    label = (listed.zone, listed.day, listed.hour)
    for each in listed.channels:
        if each.id in known.gone:
            yield ChannelEvent(listed.guild, GuildCount.CHANNELS_DELETED, known.gone.pop(each.id), -1)
        elif known.at and each.id not in before:
            made = (each.zone, each.day, each.hour)
            yield ChannelEvent(listed.guild, GuildCount.CHANNELS_CREATED, made)
    for channel in before.keys() - now.keys():
        known.gone[channel] = label
        yield ChannelEvent(listed.guild, GuildCount.CHANNELS_DELETED, label)
    for channel in list(known.gone)[:-MAX_GONE]:
        del known.gone[channel]
    renamed = sum(now[channel].name != before[channel].name for channel in now.keys() & before.keys())
    if renamed:
        yield ChannelEvent(listed.guild, GuildCount.CHANNELS_RENAMED, label, renamed)
    known.channels = {each.id: KnownChannel(each.kind, each.name, each.category) for each in listed.channels}
    known.at = listed.at
    moved = moves(before, known.channels)
    if moved:
        yield ChannelEvent(listed.guild, GuildCount.CHANNELS_MOVED, label, moved)


def moves(before: dict[int, KnownChannel], now: dict[int, KnownChannel]) -> int:
    """The fewest channels that were moved from one order to another."""
    places = {channel: place for place, channel in enumerate(before)}
    stayed: dict[int, list[int]] = {}
    moved = 0
    for channel, known in now.items():
        if channel not in before:
            continue
        if before[channel].category == known.category:
            stayed.setdefault(known.category, []).append(places[channel])
        else:
            moved += 1
    return moved + sum(len(order) - _longest_rise(order) for order in stayed.values())


def _longest_rise(numbers: list[int]) -> int:
    """Length of the longest rising subsequence."""
    ends: list[int] = []
    for number in numbers:
        at = bisect_left(ends, number)
        ends[at : at + 1] = [number]
    return len(ends)
