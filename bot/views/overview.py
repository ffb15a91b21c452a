"""The overview: members, messages, channels and the curve of a period, against the period before."""

import asyncio

from analytics.charts.spec import BarsSpec, Theme
from analytics.overview import GuildFacts, compute
from analytics.timeframes import resolve
from bot.db.reader import Reader
from bot.views.scope import Scope
from schemas.results.overview import Overview


async def load(reader: Reader, scope: Scope) -> Overview:
    """Read and compute the overview; raises UnknownGuild."""
    guild = await reader.guild(scope.guild_id)
    first_day = await reader.first_day(scope.guild_id)
    period = resolve(scope.timeframe, scope.now_ms, guild.zones, first_day)
    ranges, ranges_before = period.ranges(guild.zones), period.previous_ranges(guild.zones)
    now, before, members, names = await asyncio.gather(
        reader.period(scope.guild_id, ranges),
        reader.period(scope.guild_id, ranges_before),
        reader.members(scope.guild_id, ranges),
        reader.channel_names(scope.guild_id),
    )
    facts = GuildFacts(scope.guild_id, guild.name, guild.zones, first_day, members, names)
    return compute(facts, period, now, before if ranges_before else None)
