"""The overview's figures out of a period's days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.day_counts import Calendar
from analytics.local_time import HOURS_PER_DAY, ZoneHistory, clock_reading
from analytics.packs import ChannelColumns, totals_by_id
from analytics.period_days import PeriodDays
from analytics.sight import not_shown, seen
from analytics.timeframes import Period, describe
from schemas.results.overview import ChannelActivity, Overview

TOP_CHANNELS = 10


@dataclass(frozen=True, slots=True)
class GuildFacts:
    """What is known of the server besides its days; None is unknown."""

    guild_id: int
    name: str
    zones: ZoneHistory
    first_day: int | None
    members: int | None
    channel_names: Mapping[int, str]


def compute(facts: GuildFacts, period: Period, now: PeriodDays, before: PeriodDays | None) -> Overview:
    """Figures of a period; ``before`` holds the days of the period it is compared with.

    A period before that reaches behind the first counted day is unknown, and is not compared with.
    """
    zone = facts.zones.current.zone
    first_hour = None if facts.first_day is None else facts.first_day * HOURS_PER_DAY
    previous, bounds = period.previous, period.before(zone)
    comparable = first_hour is not None and previous is not None and previous[0] >= first_hour
    comparable = comparable and period.open_until is None
    channels = _channel_totals(now)
    channels_before = _channel_totals(before) if comparable and before else None
    calendar = Calendar(period, zone, first_hour, facts.zones)
    known = bool(calendar.counted)
    curve = calendar.curve(_hourly(now.channels), _hourly(before.channels) if comparable and before else None)
    return Overview(
        guild_id=facts.guild_id,
        guild_name=facts.name,
        timeframe=str(period.timeframe),
        timeframe_name=describe(period.timeframe),
        zone=zone.key,
        zone_changed=len({span.zone for span in now.ranges}) > 1,
        start=clock_reading(period.start, zone),
        stop=period.end(zone),
        running=period.running,
        comparable=previous is not None,
        previous_start=bounds and bounds[0],
        previous_stop=bounds and bounds[1],
        counted_since=None if first_hour is None else clock_reading(first_hour, zone),
        members=facts.members,
        writers=now.writers() if known else None,
        previous_writers=before.writers() if comparable and before else None,
        messages=sum(channels.values()) if known else None,
        previous_messages=None if channels_before is None else sum(channels_before.values()),
        channels_active=len(channels),
        top_channels=_top_channels(channels, channels_before, facts.channel_names),
        bucket=curve.bucket,
        bucket_starts=curve.starts,
        values=curve.values,
        previous_values=curve.previous,
        partial_first=curve.partial_first,
        partial_last=curve.partial_last,
        not_shown=not_shown(channels, channels_before),
    )


def _channel_totals(days: PeriodDays) -> dict[int, int]:
    return totals_by_id([day.channels for day in days.channels], [day.messages for day in days.channels])


def _top_channels(
    totals: Mapping[int, int], before: Mapping[int, int] | None, names: Mapping[int, str]
) -> tuple[ChannelActivity, ...]:
    ranked = sorted(seen(totals).items(), key=lambda row: (-row[1], row[0]))[:TOP_CHANNELS]
    return tuple(
        ChannelActivity(
            channel, names.get(channel), count, None if before is None else before.get(channel, 0)
        )
        for channel, count in ranked
    )


def _hourly(days: Sequence[ChannelColumns]) -> dict[int, int]:
    """Messages by hour number."""
    sums: dict[int, int] = {}
    for day in days:
        for hour in np.flatnonzero(day.hours).tolist():
            at = day.day * HOURS_PER_DAY + hour
            sums[at] = sums.get(at, 0) + int(day.hours[hour])
    return sums
