"""``activity/voice``: time in voice over time, by channel and of which kind, and the most people at once.

Of a period of d days and the one before it reads 4 d ``guildDays``, 2 d ``channelPacks``, of days without a
valid pack one ``channelDays`` document a channel; the database adds up d ``channelDays`` for each of the v
channels in which anybody was in voice.
"""

import asyncio
from collections.abc import Mapping

from analytics import day_counts
from analytics.charts.spec import AreaSpec, BarsSpec, Theme
from analytics.day_counts import ChannelDayHours, GuildDayHours
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
    ranking_of,
    series,
    time_in_voice,
    total,
)
from bot.views.heads import head_of, place
from bot.views.known_from import Kind, known_of
from bot.views.scope import Scope
from bot.views.tops import top_channels
from bot.views.view import Restriction, View
from bot.views.whole_days import days_of, said
from schemas.results.activity import VoiceActivity
from schemas.results.board import Board, Figure, Measure, Ranked, Ranking, Subject, SubjectKind
from schemas.results.curve import Total
from texts import LazyText, tr, tr_p

MS_PER_MINUTE = 60_000
_NAMES = {
    VoicePart.ALONE: LazyText("alone in the channel"),
    VoicePart.DEAFENED: LazyText("deafened"),
    VoicePart.STREAMING: LazyText("streaming or with a camera"),
    VoicePart.STAGE: LazyText("on a stage"),
}


async def load(reader: Reader, scope: Scope) -> VoiceActivity:
    """Read and compute; raises UnknownGuild."""
    placed = await known_of(reader, await place(reader, scope), Kind.VOICE)
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
        calendar = calendar_of(placed)
        curve = calendar.curve(hours, hours_before)
        ranking = top_channels(
            tr("Top channels"),
            channels,
            channels_before,
            read.names,
            measure=Measure.MINUTES,
            empty=tr("Nobody was in voice in this period."),
        )
        told_apart = _told_apart(parts, spoken)
        return VoiceActivity(
            head=head_of(placed),
            total=total(placed, channels, channels_before),
            curve=calendar.curve_of(_series(curve.values), _maybe(curve.previous)),
            peak=None if scope.channels else Total(_peak(days), _peak(days_before) if earlier else None),
            channels=ranking_of(placed, ranking),
            parts=ranking_of(placed, _parts(parts)) if told_apart else None,
            afk=parts[VoicePart.AFK] / MS_PER_MINUTE if told_apart and placed.known else None,
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


def _told_apart(parts: Mapping[VoicePart, int], spoken: Mapping[int, int]) -> bool:
    """Whether the kinds of all of the time are known; a channel without time outside AFK had some in it."""
    in_afk_alone = not all(spoken.values())
    return parts[VoicePart.ALL] == sum(spoken.values()) and (parts[VoicePart.AFK] > 0 or not in_afk_alone)


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
        empty=tr("Nobody was alone, deafened, streaming or on a stage."),
    )


def _minutes(days: list[ChannelDayHours], only: tuple[int, ...]) -> dict[int, float]:
    ms = day_counts.totals(days, day_counts.voice, only)
    return {channel: amount / MS_PER_MINUTE for channel, amount in ms.items()}


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
    figures.append(
        Figure(
            title=tr("In the AFK channel"),
            value=result.afk,
            measure=Measure.MINUTES,
            note=tr("whole days, in no other figure"),
        )
    )
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
    shown = Axis(tr_p("amount", "time in voice"), Measure.MINUTES)
    written = time_in_voice(result.total.now or 0)
    title = finding(
        result.total, written, tr("Nobody was in voice in this period"), shown.what, shown.measure
    )
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
