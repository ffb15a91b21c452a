"""What views of channels read alike: days of the period and of the one before, and names of channels."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from analytics.day_counts import ChannelDayHours, within
from bot.db.day_counts import ChannelPart
from bot.db.reader import Reader
from bot.views.counting import ranges_before
from bot.views.heads import Placed

P = ParamSpec("P")
T = TypeVar("T")
Days = list[ChannelDayHours]


@dataclass(frozen=True, slots=True)
class ChannelsRead:
    """Days of channels in a period and in the one before (None: unknown), and names by channel."""

    now: Days
    before: Days | None
    names: Mapping[int, str]

    def both(
        self, compute: Callable[Concatenate[Days, P], T], *args: P.args, **more: P.kwargs
    ) -> tuple[T, T | None]:
        """Compute something of the period, and of the one before if that is known."""
        before = None if self.before is None else compute(self.before, *args, **more)
        return compute(self.now, *args, **more), before


async def read_by_hour_and_day(
    reader: Reader, placed: Placed, *parts: ChannelPart
) -> tuple[ChannelsRead, ChannelsRead]:
    """Read ``parts`` of channels' days once: the hours of the period, and the whole days of it."""
    whole, guild = placed.in_days(), placed.guild.guild_id
    hours, hours_before = placed.with_days()
    now, before, names = await asyncio.gather(
        reader.channel_days(guild, hours, *parts),
        reader.channel_days(guild, hours_before, *parts),
        reader.channel_names(guild),
    )

    def cut(at: Placed) -> ChannelsRead:
        earlier = ranges_before(at)
        return ChannelsRead(within(now, at.ranges), within(before, earlier) if earlier else None, names)

    return cut(placed), cut(whole)


async def read_channels(reader: Reader, placed: Placed, *parts: ChannelPart) -> ChannelsRead:
    """Read ``parts`` of channels' days: 2 d ``guildDays`` and 2 d ``channelPacks`` for periods of d days."""
    guild, earlier = placed.guild.guild_id, ranges_before(placed)
    now, before, names = await asyncio.gather(
        reader.channel_days(guild, placed.ranges, *parts),
        reader.channel_days(guild, earlier, *parts),
        reader.channel_names(guild),
    )
    return ChannelsRead(now, before if earlier else None, names)
