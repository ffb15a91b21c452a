"""``channels/voice``: in how much of the time anybody was in each voice channel.

An hour counts as used if anybody was there in it. Of a period of d days and the one before it reads 2 d
``guildDays``, 2 d ``channelPacks``, of days without a valid pack one ``channelDays`` document a channel, and
the channels' names.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable

import numpy as np

from analytics.charts.spec import Quantity, RankingSpec, Theme
from analytics.charts.spec import Ranked as Bar
from analytics.day_counts import ChannelDayHours
from analytics.sight import counted_only, seen
from bot.db.day_counts import ChannelPart
from bot.db.reader import Reader
from bot.views.channel_reading import read_channels
from bot.views.counting import calendar_of, place_and_period
from bot.views.heads import head_of, place
from bot.views.known_from import Kind, known_of
from bot.views.naming import short
from bot.views.scope import Scope
from bot.views.view import Restriction, View
from bot.wording.not_shown import beside_not_shown, none_shown
from schemas.results.board import Board, Figure, Measure, Ranked, Ranking, Subject, SubjectKind
from schemas.results.channels import VoiceUse
from texts import LazyText, percent, tr, tr_p

SHOWN = 10


async def load(reader: Reader, scope: Scope) -> VoiceUse:
    """Read and compute; raises UnknownGuild."""
    placed = await known_of(reader, await place(reader, scope), Kind.VOICE)
    read = await read_channels(reader, placed, ChannelPart.VOICE)

    def compute() -> VoiceUse:
        calendar = calendar_of(placed)
        hours, hours_before = calendar.hours(), calendar.hours_before()
        used, used_before = read.both(_used, scope.channels)
        return VoiceUse(
            head=head_of(placed),
            hours=hours,
            channels=tuple(
                Ranked(
                    Subject(SubjectKind.CHANNEL, channel, read.names.get(channel)),
                    number / hours,
                    None if used_before is None else used_before[channel] / hours_before,
                )
                for channel, number in sorted(seen(used).items(), key=lambda row: (-row[1], row[0]))
            )
            if placed.known
            else (),
            not_shown=counted_only(used) if placed.known else None,
        )

    return await asyncio.to_thread(compute)


def _used(days: Iterable[ChannelDayHours], only: tuple[int, ...]) -> Counter[int]:
    """In how many hours anybody was in each channel."""
    used: Counter[int] = Counter()
    for day in days:
        rows = day.columns.voice[:, day.hours.start : day.hours.stop]
        for channel, row in zip(day.columns.voice_channels.tolist(), rows, strict=True):
            number = int(np.count_nonzero(row))
            if number and (not only or channel in only):
                used[channel] += number
    return used


def board(result: VoiceUse) -> Board:
    """Channels by the share of hours in which anybody was there."""
    ranking = Ranking(
        title=tr("Hours with anybody there"),
        rows=result.channels[:SHOWN],
        measure=Measure.SHARE,
        others=max(len(result.channels) - SHOWN, 0),
        empty=tr("Nobody was in voice in this period.") if result.hours else tr("Not known of this period."),
        not_shown=result.not_shown,
    )
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=(
            Figure(title=tr("Channels used"), value=ranking.subjects if result.hours else None),
            Figure(title=tr("Hours counted"), value=result.hours or None),
        ),
        rankings=(ranking,),
        notes=(tr("An hour counts if anybody was there in it, however short."),),
    )


def chart(result: VoiceUse, theme: Theme) -> RankingSpec:
    """The channels used most; the title says the first."""
    return RankingSpec(
        title=_finding(result),
        subtitle=beside_not_shown(place_and_period(result.head), result.not_shown),
        theme=theme,
        rows=tuple(
            Bar(
                row.subject.name or tr("a deleted channel"),
                row.value * 100,
                None if row.previous is None else row.previous * 100,
            )
            for row in result.channels[:SHOWN]
        ),
        x_label=tr("share of hours with anybody there"),
        quantity=Quantity.PERCENT,
    )


def _finding(result: VoiceUse) -> str:
    if not result.hours:
        return tr("Not known of this period: {what}", what=tr_p("amount", "time in voice"))
    if not result.channels:
        return none_shown(result.not_shown, tr("Nobody was in voice in this period"))
    first = result.channels[0]
    if first.subject.name is None:
        return tr("A deleted channel was used in {share} of the hours", share=percent(first.value))
    return tr(
        "{channel} was used in {share} of the hours",
        channel=short(first.subject.name),
        share=percent(first.value),
    )


VIEW = View(
    kind="channels/voice",
    code=52,
    title=LazyText("Voice use"),
    help=LazyText("In how much of the time anybody was in each voice channel"),
    load=load,
    board=board,
    chart=chart,
    restricted_by=frozenset({Restriction.CHANNELS}),
)
