"""``activity/voice``: time in voice over time, by channel and of which kind, and the most people at once.

Of a period of d days and the one before it reads 4 d ``guildDays``, 2 d ``channelPacks``, of days without a
valid pack one ``channelDays`` document a channel; the database adds up d ``channelDays`` for each of the v
channels in which anybody was in voice.
"""

import asyncio
from collections.abc import Mapping

from analytics import day_counts
from analytics.charts.spec import AreaSpec, BarsSpec, Theme
from analytics.day_counts import ChannelDayHours, GuildDayHours, Hourly
from bot.db.day_counts import ChannelPart, VoicePart
from bot.db.reader import Reader
from bot.views.activity.by_role import VOICE, restrictable
from bot.views.channel_reading import read_by_hour_and_day
from bot.views.counting import (
    Axis,
    calendar_of,
    curve_chart,
    figure,
    finding,
    ranges_before,
    series,
    time_in_voice,
)
from bot.views.heads import head_of, place
from bot.views.scope import Scope
from bot.views.tops import top_channels
from bot.views.view import Restriction, View
from bot.views.whole_days import days_of, said
from schemas.results.activity import VoiceActivity
from schemas.results.board import Board, Measure, Ranked, Ranking, Subject, SubjectKind
from schemas.results.curve import Curve, Total
from texts import LazyText, tr, tr_p

MS_PER_MINUTE = 60_000
_NAMES = {
    VoicePart.ALONE: LazyText("alone in the channel"),
    VoicePart.AFK: LazyText("in the AFK channel"),
    VoicePart.DEAFENED: LazyText("deafened"),
    VoicePart.STREAMING: LazyText("streaming or with a camera"),
    VoicePart.STAGE: LazyText("on a stage"),
}


async def load(reader: Reader, scope: Scope) -> VoiceActivity:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, scope)
    guild, earlier = scope.guild_id, ranges_before(placed)
    (read, whole), days, days_before = await asyncio.gather(
        read_by_hour_and_day(reader, placed, ChannelPart.VOICE),
        reader.guild_days(guild, placed.ranges),
        reader.guild_days(guild, earlier),
    )
    spoken = await asyncio.to_thread(_whole_days, whole.now, scope.channels)
    parts = await reader.voice_parts(guild, placed.in_days().ranges, spoken)

    def compute() -> VoiceActivity:
        hours, hours_before = read.both(day_counts.hourly, day_counts.voice, scope.channels)
        channels, channels_before = read.both(_minutes, scope.channels)
        curve = calendar_of(placed).curve(hours, hours_before)
        return VoiceActivity(
            head=head_of(placed),
            total=Total(_sum(hours), None if hours_before is None else _sum(hours_before)),
            curve=Curve(curve.bucket, curve.starts, _series(curve.values), _maybe(curve.previous)),
            peak=None if scope.channels else Total(_peak(days), _peak(days_before) if earlier else None),
            channels=top_channels(
                tr("Top channels"),
                channels,
                channels_before,
                read.names,
                measure=Measure.MINUTES,
                empty=tr("Nobody was in voice in this period."),
            ),
            parts=_parts(parts) if parts[VoicePart.ALL] == sum(spoken.values()) else None,
            parts_days=days_of(placed),
        )

    return await asyncio.to_thread(compute)


def _whole_days(days: list[ChannelDayHours], only: tuple[int, ...]) -> dict[int, int]:
    """Time in ms by channel over all hours of the days, also those that the period cuts off."""
    sums: dict[int, int] = {}
    for day in days:
        for channel, row in zip(day.columns.voice_channels.tolist(), day.columns.voice, strict=True):
            if not only or channel in only:
                sums[channel] = sums.get(channel, 0) + int(row.sum())
    return sums


def _parts(parts: Mapping[VoicePart, int]) -> Ranking:
    rows = [
        Ranked(Subject(SubjectKind.TEXT, 0, str(name)), parts[part] / MS_PER_MINUTE)
        for part, name in _NAMES.items()
        if parts[part]
    ]
    return Ranking(
        title=tr("Of which"),
        rows=tuple(sorted(rows, key=lambda row: -row.value)),
        measure=Measure.MINUTES,
        whole=parts[VoicePart.ALL] / MS_PER_MINUTE,
        empty=tr("Nobody was alone, deafened, streaming, on a stage or in the AFK channel."),
    )


def _minutes(days: list[ChannelDayHours], only: tuple[int, ...]) -> dict[int, float]:
    ms = day_counts.totals(days, day_counts.voice, only)
    return {channel: amount / MS_PER_MINUTE for channel, amount in ms.items()}


def _sum(hours: Hourly) -> float:
    return sum(hours.values()) / MS_PER_MINUTE


def _series(values: tuple[float | None, ...]) -> tuple[float | None, ...]:
    return tuple(None if value is None else value / MS_PER_MINUTE for value in values)


def _maybe(values: tuple[float | None, ...] | None) -> tuple[float | None, ...] | None:
    return None if values is None else _series(values)


def _peak(days: list[GuildDayHours]) -> int | None:
    return max((day.voice_peak for day in days if day.voice_peak is not None), default=None)


def board(result: VoiceActivity) -> Board:
    """Time, peak, channels and kinds of time."""
    figures = [figure(tr("Time in voice"), result.total, Measure.MINUTES)]
    if result.peak is not None:
        figures.append(figure(tr("Most people at once"), result.peak))
    notes = (
        (tr("Times alone, deafened, streaming or AFK are unknown: days of this period are in the archive."),)
        if result.parts is None
        else (tr("Kinds of time overlap."), *said(result.parts_days, tr("Kinds of time")))
    )
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=tuple(figures),
        rankings=(result.channels, *(() if result.parts is None else (result.parts,))),
        series=(series(tr("Time in voice"), result.curve, Measure.MINUTES),),
        notes=notes,
    )


def chart(result: VoiceActivity, theme: Theme) -> BarsSpec | AreaSpec:
    """Time in voice over time."""
    title = finding(
        result.total, time_in_voice(result.total.now or 0), tr("Nobody was in voice in this period")
    )
    shown = Axis(tr_p("amount", "time in voice"), Measure.MINUTES)
    return curve_chart(result.head, result.curve, title, shown, theme)


VIEW = restrictable(
    View(
        kind="activity/voice",
        code=31,
        title=LazyText("Voice"),
        help=LazyText("Time in voice, the most people at once, and time alone, AFK or streaming"),
        load=load,
        board=board,
        chart=chart,
        restricted_by=frozenset({Restriction.CHANNELS}),
    ),
    VOICE,
)
