"""The overview: members, messages, channels and the curve of a period, against the period before."""

import asyncio
from dataclasses import replace

from analytics.change import Change
from analytics.charts.spec import BarsSpec, Theme, TimeAxis, Unit
from analytics.local_time import HOURS_PER_DAY, ZoneHistory, instant_of_hour
from analytics.overview import GuildFacts, compute
from analytics.timeframes import resolve
from bot.db.reader import Reader
from bot.views.scope import Scope
from schemas.results.overview import Overview


async def load(reader: Reader, scope: Scope) -> Overview:
    """Read and compute the overview; raises UnknownGuild."""
    guild = await reader.guild(scope.guild_id)
    counted = await reader.counted_days(scope.guild_id)
    first_day = counted.start if counted else None
    live = guild.discord_since is not None
    now_ms = scope.now_ms if live else _end_of_data(scope.now_ms, guild.zones, counted)
    period = resolve(scope.timeframe, now_ms, guild.zones, first_day)
    if not live:
        period = replace(period, running=False)
    ranges, ranges_before = period.ranges(guild.zones), period.previous_ranges(guild.zones)
    now, before, members, names = await asyncio.gather(
        reader.period(scope.guild_id, ranges),
        reader.period(scope.guild_id, ranges_before),
        reader.members(scope.guild_id, ranges),
        reader.channel_names(scope.guild_id),
    )
    facts = GuildFacts(scope.guild_id, guild.name, guild.zones, first_day, members, names)
    return await asyncio.to_thread(compute, facts, period, now, before if ranges_before else None)


def _end_of_data(now_ms: int, zones: ZoneHistory, counted: range) -> int:
    """Last instant of which anything is known, for a server that files alone have fed."""
    if not counted:
        return now_ms
    return min(now_ms, instant_of_hour(counted.stop * HOURS_PER_DAY, zones.current.zone) - 1)


def chart(result: Overview, theme: Theme) -> BarsSpec:
    """Messages over time as bars; the title says how they changed."""
    unit = Unit(result.bucket)
    return BarsSpec(
        title=_finding(result),
        subtitle=f"{result.guild_name} · {result.timeframe_name}",
        theme=theme,
        axis=TimeAxis.starting(result.bucket_starts[0], unit),
        values=result.values,
        previous=result.previous_values,
        y_label=f"messages per {unit.value}",
        partial_last=result.running,
    )


def _finding(result: Overview) -> str:
    if result.messages == 0:
        return "No messages in this period"
    total = f"{result.messages:,} message{'' if result.messages == 1 else 's'}"
    change = Change.between(result.previous_messages, result.messages)
    if change is None or change.share is None:
        return total
    if change.difference == 0:
        return f"{total}, as many as in the period before"
    direction = "more" if change.difference > 0 else "fewer"
    return f"{total}, {abs(change.share):.0%} {direction} than in the period before"
