"""``activity/reactions``: reactions given over time, the emoji and channels with most of them.

Reactions are kept by day, so all of it is of whole days. Of a period of d days and the one before it reads
4 d ``guildDays``, 2 d ``channelPacks`` and, of days without a valid pack, one ``channelDays``
document a channel.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable

from analytics import day_counts
from analytics.charts.spec import AreaSpec, BarsSpec, Theme
from analytics.day_counts import ChannelDayHours, GuildDayHours
from analytics.local_time import HOURS_PER_DAY
from bot.db.day_counts import ChannelPart
from bot.db.reader import Reader
from bot.views.activity.by_role import REACTIONS as BY_ROLE
from bot.views.activity.by_role import restrictable
from bot.views.channel_reading import read_channels
from bot.views.counting import (
    Axis,
    calendar_of,
    curve_chart,
    figure,
    finding,
    ranges_before,
    ranking_of,
    series,
    total,
)
from bot.views.heads import head_of, place
from bot.views.known_from import Kind, known_of
from bot.views.scope import Scope
from bot.views.tops import top, top_channels
from bot.views.view import Restriction, View
from bot.views.whole_days import REACTIONS, days_of, head_of_days, said
from schemas.guild_day_names import GuildCount
from schemas.results.activity import ReactionActivity
from schemas.results.board import Board, Ranking, Subject, SubjectKind
from texts import LazyText, tr, tr_n, tr_p


async def load(reader: Reader, scope: Scope) -> ReactionActivity:
    """Read and compute; raises UnknownGuild."""
    placed = await known_of(reader, await place(reader, scope), Kind.REACTIONS)
    whole = placed.in_days()
    guild, earlier = scope.guild_id, ranges_before(whole)
    read, days, days_before = await asyncio.gather(
        read_channels(reader, whole, ChannelPart.REACTIONS),
        reader.guild_days(guild, whole.ranges),
        reader.guild_days(guild, earlier),
    )

    def compute() -> ReactionActivity:
        known, only = bool(earlier), scope.channels
        given, given_before = read.both(_by_day, only)
        channels, channels_before = read.both(_by_channel, only)
        reacted, reacted_before = (
            day_counts.counted(each, GuildCount.WITH_REACTIONS) for each in (days, days_before)
        )
        return ReactionActivity(
            head=head_of(placed),
            total=total(whole, given, given_before),
            curve=calendar_of(whole).by_day().curve(given, given_before),
            with_reactions=None if only else total(whole, reacted, reacted_before if known else None),
            channels=ranking_of(
                whole, top_channels(tr("Top channels"), channels, channels_before, read.names)
            ),
            emoji=None if only else ranking_of(whole, _emoji(days, days_before if known else None)),
            days=days_of(placed),
        )

    return await asyncio.to_thread(compute)


def _rows(days: Iterable[ChannelDayHours], only: tuple[int, ...]) -> Iterable[tuple[int, int, int]]:
    for day in days:
        columns = day.columns
        for channel, number in zip(
            columns.reacted_channels.tolist(), columns.reactions.tolist(), strict=True
        ):
            if not only or channel in only:
                yield day.day, channel, number


def _by_day(days: Iterable[ChannelDayHours], only: tuple[int, ...]) -> dict[int, int]:
    """Reactions by the number of the day's first hour."""
    sums: Counter[int] = Counter()
    for day, _, number in _rows(days, only):
        sums[day * HOURS_PER_DAY] += number
    return dict(sums)


def _by_channel(days: Iterable[ChannelDayHours], only: tuple[int, ...]) -> dict[int, float]:
    sums: Counter[int] = Counter()
    for _, channel, number in _rows(days, only):
        sums[channel] += number
    return {channel: number for channel, number in sums.items() if number > 0}


def _emoji(days: Iterable[GuildDayHours], before: Iterable[GuildDayHours] | None) -> Ranking:
    return top(
        tr("Top emoji"),
        _used(days),
        None if before is None else _used(before),
        _subject,
        empty=tr("No emoji in this period."),
    )


def _subject(emoji: str) -> Subject:
    """An emoji: a custom one by its id, another by its characters."""
    if emoji.isdecimal():
        return Subject(SubjectKind.EMOJI, int(emoji))
    return Subject(SubjectKind.EMOJI, 0, emoji)


def _used(days: Iterable[GuildDayHours]) -> dict[str, float]:
    used: Counter[str] = Counter()
    for day in days:
        used.update(day.emoji)
    return {emoji: count for emoji, count in used.items() if count > 0}


def board(result: ReactionActivity) -> Board:
    """Reactions, messages with any, emoji and channels."""
    figures = [figure(tr("Reactions"), result.total)]
    if result.with_reactions is not None:
        figures.append(
            figure(
                tr("Messages with reactions"),
                result.with_reactions,
                note=tr("of those sent in the period"),
            )
        )
    rankings = (result.channels,) if result.emoji is None else (result.emoji, result.channels)
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=tuple(figures),
        rankings=rankings,
        series=(series(tr("Reactions"), result.curve),),
        notes=said(result.days, REACTIONS),
    )


def chart(result: ReactionActivity, theme: Theme) -> BarsSpec | AreaSpec:
    """Reactions over time."""
    written = tr_n("{count} reaction", "{count} reactions", round(result.total.now or 0))
    shown = Axis(tr_p("amount", "reactions"))
    title = finding(result.total, written, tr("No reactions in this period"), shown.what)
    return curve_chart(head_of_days(result.head, result.days), result.curve, title, shown, theme)


VIEW = restrictable(
    View(
        kind="activity/reactions",
        code=32,
        title=LazyText("Reactions"),
        help=LazyText("Reactions given, the emoji and channels with most of them"),
        load=load,
        board=board,
        chart=chart,
        restricted_by=frozenset({Restriction.CHANNELS}),
    ),
    BY_ROLE,
)
