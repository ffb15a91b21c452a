"""A snapshot's figures, out of the day's columns and its ``guildDays`` document alone.

Nothing of it is read from a running process, so a snapshot is the same whenever it is made. What was not
recorded is None.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from analytics.day_columns import CHANNEL_SUMS, UNKNOWN_HOUR, ChannelDayColumns, MemberDayColumns
from analytics.local_time import HOURS_PER_DAY, weekday_of
from analytics.packs import Ids, distinct
from schemas.day_slices import Gauge, GuildDay
from schemas.guild_activity_snapshots import (
    ActivityHeatmap,
    ChannelMetrics,
    MemberMetrics,
    MessageMetrics,
    Metrics,
    ThreadMetrics,
    VoiceMetrics,
)
from schemas.guild_day_names import GuildCount, GuildLevel

_Some = TypeVar("_Some", MessageMetrics, VoiceMetrics, ThreadMetrics)
_MS_PER_MINUTE = 60_000
_LEVELS = tuple(f.name for f in msgspec.structs.fields(GuildDay) if f.encode_name in set(GuildLevel))


@dataclass(frozen=True, slots=True, eq=False)
class DayFacts:
    """A day; ``members`` is None where what members did is kept no longer."""

    day: int
    guild: GuildDay
    channels: ChannelDayColumns
    members: MemberDayColumns | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a snapshot says."""

    metrics: Metrics
    heatmap: ActivityHeatmap


def figures_of_days(days: Sequence[DayFacts]) -> Figures:
    """Figures of a day, week or month: of the days in it that have anything."""
    messages = _each_channel((day.channels.channels, day.channels.messages.sum(axis=1)) for day in days)
    voice = _each_channel((day.channels.voice_channels, day.channels.voice.sum(axis=1)) for day in days)
    sums = {name: sum(day.channels.sums.get(name, 0) for day in days) for name in CHANNEL_SUMS}
    shown = sums["contentUnknown"] == 0
    members = [day.members for day in days if day.members is not None]
    known = len(members) == len(days)
    return Figures(
        Metrics(
            members=MemberMetrics(
                total=_latest(day.guild.members for day in days),
                active=_distinct([each.active for each in members]) if known else None,
                voice=_latest(day.guild.voice for day in days),
                message_authors=_distinct([each.wrote for each in members]) if known else None,
            ),
            messages=MessageMetrics(
                total=sum(messages.values()),
                per_channel=messages,
                with_files=sums["files"] if shown else None,
                with_embeds=sums["embeds"] if shown else None,
                with_stickers=sums["stickers"],
                with_reactions=sums["withReactions"],
            ),
            voice=_voice(voice, [day.guild.voice_peak for day in days]),
            threads=ThreadMetrics(
                active=_latest(day.guild.active_threads for day in days),
                created=sum(_counted(day.guild, GuildCount.THREADS_CREATED) for day in days),
                archived=sum(_counted(day.guild, GuildCount.THREADS_ARCHIVED) for day in days),
                message_count=sums["threadMessages"],
            ),
            channels=_channel_types([day.guild for day in days]),
        ),
        _heatmap(days),
    )


def figures_of_hour(day: DayFacts, hour: int) -> Figures:
    """Figures of one hour; None also where an older version has counted the day and not its hours."""
    channels, guild = day.channels, _at_hour(day.guild, hour)
    messages = _each_channel([(channels.channels, channels.messages[:, hour])])
    voice = _each_channel([(channels.voice_channels, channels.voice[:, hour])])
    unknown = _of_hour(day, GuildCount.CONTENT_UNKNOWN, hour)
    shown = unknown == 0
    wrote = None if day.members is None else int(np.count_nonzero(_in_hour(day.members.hours, hour)))
    return Figures(
        Metrics(
            members=MemberMetrics(
                total=_latest([guild.members]),
                active=None if day.members is None else _active_in_hour(day.members, hour),
                voice=_latest([guild.voice]),
                message_authors=wrote,
            ),
            messages=MessageMetrics(
                total=sum(messages.values()),
                per_channel=messages,
                with_files=_of_hour(day, GuildCount.FILES, hour) if shown else None,
                with_embeds=_of_hour(day, GuildCount.EMBEDS, hour) if shown else None,
                with_stickers=_of_hour(day, GuildCount.STICKERS, hour),
                with_reactions=_of_hour(day, GuildCount.WITH_REACTIONS, hour),
            ),
            voice=_voice(voice, [day.guild.voice_peaks.get(str(hour))]),
            threads=ThreadMetrics(
                active=_latest([guild.active_threads]),
                created=_counted(guild, GuildCount.THREADS_CREATED),
                archived=_counted(guild, GuildCount.THREADS_ARCHIVED),
                message_count=_of_hour(day, GuildCount.THREAD_MESSAGES, hour),
            ),
            channels=_channel_types([guild]),
        ),
        _heat({hour: sum(messages.values())}, {weekday_of(day.day): sum(messages.values())}),
    )


def as_of_files(figures: Figures) -> Figures:
    """The figures of an interval in which nobody listened: what files do not hold is unknown if it is 0."""
    metrics = figures.metrics
    return Figures(
        msgspec.structs.replace(
            metrics,
            messages=_without_zeros(metrics.messages, "with_reactions"),
            voice=_without_zeros(metrics.voice, "total_minutes"),
            threads=_without_zeros(metrics.threads, "created", "archived"),
        ),
        figures.heatmap,
    )


def _without_zeros(metrics: _Some, *names: str) -> _Some:
    return msgspec.structs.replace(metrics, **{name: getattr(metrics, name) or None for name in names})


def _at_hour(guild: GuildDay, hour: int) -> GuildDay:
    """The server's day with one hour alone."""
    name = str(hour)

    def only(readings: Mapping[str, Gauge]) -> dict[str, Gauge]:
        return {name: readings[name]} if name in readings else {}

    return msgspec.structs.replace(
        guild,
        **{level: only(getattr(guild, level)) for level in _LEVELS},
        counts={count: {name: hours[name]} for count, hours in guild.counts.items() if name in hours},
    )


def _of_hour(day: DayFacts, name: GuildCount, hour: int) -> int | None:
    """A count of one hour; None where the hours do not add up to the day, since some were not kept."""
    hours = day.guild.counts.get(name, {})
    if sum(hours.values()) != day.channels.sums.get(name, 0):
        return None
    return hours.get(str(hour), 0)


def _counted(guild: GuildDay, name: GuildCount) -> int:
    return sum(guild.counts.get(name, {}).values())


def _active_in_hour(members: MemberDayColumns, hour: int) -> int | None:
    mask = members.active_hours
    if _in_hour(mask, UNKNOWN_HOUR).any():
        return None
    return int(np.count_nonzero(_in_hour(mask, hour)))


def _in_hour(mask: npt.NDArray[np.uint32], hour: int) -> npt.NDArray[np.uint32]:
    return mask & (np.uint32(1) << np.uint32(hour))


def _distinct(columns: Sequence[Ids]) -> int:
    return len(columns[0]) if len(columns) == 1 else distinct(columns)


def _each_channel(columns: Iterable[tuple[Ids, npt.NDArray[Any]]]) -> dict[str, int]:
    """Sums by channel id, of those that are not 0."""
    found: dict[int, int] = {}
    for ids, values in columns:
        for channel, value in zip(ids.tolist(), values.tolist(), strict=True):
            if value:
                found[channel] = found.get(channel, 0) + value
    return {str(channel): value for channel, value in sorted(found.items())}


def _voice(ms: Mapping[str, int], peaks: Sequence[int | None]) -> VoiceMetrics:
    read = [peak for peak in peaks if peak is not None]
    return VoiceMetrics(
        total_minutes=sum(ms.values()) / _MS_PER_MINUTE,
        per_channel={channel: value / _MS_PER_MINUTE for channel, value in ms.items()},
        peak_concurrent=max(read) if read else None,
    )


def _latest(readings: Iterable[Mapping[str, Gauge]]) -> int | None:
    """The latest reading of a level; None if there is none."""
    found = [(gauge.at, gauge.value) for hours in readings for gauge in hours.values()]
    return max(found)[1] if found else None


def _channel_types(days: Sequence[GuildDay]) -> ChannelMetrics:
    return ChannelMetrics(
        categories=_latest(day.categories for day in days),
        text=_latest(day.text_channels for day in days),
        voice=_latest(day.voice_channels for day in days),
        stage=_latest(day.stage_channels for day in days),
        forum=_latest(day.forum_channels for day in days),
    )


def _heatmap(days: Sequence[DayFacts]) -> ActivityHeatmap:
    hourly = dict.fromkeys(range(HOURS_PER_DAY), 0)
    daily = dict.fromkeys(range(7), 0)
    for day in days:
        of_day = day.channels.messages.sum(axis=0)
        for hour in range(HOURS_PER_DAY):
            hourly[hour] += int(of_day[hour])
        daily[weekday_of(day.day)] += int(of_day.sum())
    return _heat(hourly, daily)


def _heat(hourly: Mapping[int, int], daily: Mapping[int, int]) -> ActivityHeatmap:
    """Only what is not 0, as in the lifetime maps."""
    return ActivityHeatmap(
        hourly={str(hour): number for hour, number in hourly.items() if number},
        daily={str(weekday): number for weekday, number in daily.items() if number},
    )
