"""The overview: members, messages, channels and the curve of a period, against the period before."""

import asyncio

from analytics.change import Change
from analytics.charts.spec import BarsSpec, Theme, TimeAxis, Unit
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
