"""``channels/peaks``: the hour of the week in which each channel has most messages.

Of a period of d days it reads d ``guildDays``, d ``channelPacks``, of days without a valid pack one
``channelDays`` document a channel, and the channels' names.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from analytics import day_counts
from analytics.charts.spec import Ranked as Bar
from analytics.charts.spec import RankingSpec, Theme
from analytics.sight import counted_only, seen
from bot.db.day_counts import ChannelPart
from bot.db.reader import Reader
from bot.views.activity.hours import clock
from bot.views.counting import calendar_of, place_and_period
from bot.views.heads import counted_in, head_of, place
from bot.views.scope import Scope
from bot.views.view import Restriction, View
from bot.views.weekdays import short
from bot.wording.not_shown import beside_not_shown, none_shown
from schemas.results.board import Board, Figure, Measure, Ranked, Ranking, Subject, SubjectKind
from schemas.results.channels import ChannelPeak, ChannelPeaks
from texts import LazyText, tr

SHOWN = 10


async def load(reader: Reader, scope: Scope) -> ChannelPeaks:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, replace(scope, compare=False))
    days, names = await asyncio.gather(
        reader.channel_days(scope.guild_id, placed.ranges, ChannelPart.MESSAGES),
        reader.channel_names(scope.guild_id),
    )

    def compute() -> ChannelPeaks:
        totals = day_counts.totals(days, day_counts.messages, scope.channels)
        used = sorted(seen(totals), key=lambda channel: (-totals[channel], channel))[:SHOWN]
        calendar, hours = calendar_of(placed), day_counts.hourly_of(days, day_counts.messages, used)
        return ChannelPeaks(
            head=head_of(placed),
            channels=tuple(
                peak
                for channel in used
                if (peak := _peak(calendar.average_week(hours[channel]), channel, names.get(channel)))
            ),
            not_shown=counted_only(totals),
        )

    return await asyncio.to_thread(compute)


def _peak(week: Sequence[Sequence[float | None]], channel: int, name: str | None) -> ChannelPeak | None:
    """The hour of the week with most messages on average, of several the first; None: all are of now."""
    cells = [
        (value, weekday, hour) for weekday, row in enumerate(week) for hour, value in enumerate(row) if value
    ]
    if not cells:
        return None
    value, weekday, hour = max(cells, key=lambda cell: cell[0])
    return ChannelPeak(channel, name, weekday, hour, value)


def board(result: ChannelPeaks) -> Board:
    """Each channel's busiest hour of the week."""
    peaks = sorted(result.channels, key=lambda peak: -peak.messages)
    counted = counted_in(result.head)
    nothing = 0 if counted else None
    rows = tuple(Ranked(Subject(SubjectKind.TEXT, 0, _named(peak)), peak.messages) for peak in peaks)
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=(
            Figure(
                title=tr("Busiest hour"),
                value=peaks[0].messages if peaks else nothing,
                measure=Measure.RATE,
                note=tr("messages, {when}", when=_when(peaks[0])) if peaks else "",
            ),
        ),
        rankings=(
            Ranking(
                title=tr("Messages in the busiest hour of the week"),
                rows=rows,
                measure=Measure.RATE,
                empty=tr("No messages in this period.") if counted else tr("Not known of this period."),
                not_shown=result.not_shown,
            ),
        ),
        notes=(tr("Of the {shown} channels with most messages.", shown=SHOWN),),
    )


def _named(peak: ChannelPeak) -> str:
    return f"{_when(peak)} {peak.name or tr('a deleted channel')}"


def _when(peak: ChannelPeak) -> str:
    return f"{short(peak.weekday)} {clock(peak.hour)}"


def chart(result: ChannelPeaks, theme: Theme) -> RankingSpec:
    """Each channel's busiest hour; the title says the busiest of all."""
    peaks = sorted(result.channels, key=lambda peak: -peak.messages)
    return RankingSpec(
        title=tr("Busiest: {channel}", channel=_named(peaks[0]))
        if peaks
        else none_shown(result.not_shown, tr("No messages in this period")),
        subtitle=beside_not_shown(place_and_period(result.head), result.not_shown),
        theme=theme,
        rows=tuple(Bar(_named(peak), peak.messages) for peak in peaks),
        x_label=tr("messages in the busiest hour of the week"),
    )


VIEW = View(
    kind="channels/peaks",
    code=51,
    title=LazyText("Peak times"),
    help=LazyText("The busiest hour of the week of each channel"),
    load=load,
    board=board,
    chart=chart,
    restricted_by=frozenset({Restriction.CHANNELS}),
)
