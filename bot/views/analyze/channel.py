"""``channel/…``: one channel, a view a metric: how much it has, its share of the server's, and the curve.

Of a period of d days and the one before it reads 2 d ``guildDays``, 2 d ``channelPacks``, of days without a
valid pack one ``channelDays`` document a channel, and the channels' names.
"""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from analytics.channel_amounts import by_channel, days_with, place_of, totals
from analytics.charts.spec import AreaSpec, BarsSpec, Theme
from analytics.local_time import HOURS_PER_DAY
from analytics.sight import not_shown, seen
from bot.db.reader import Reader
from bot.views.analyze.channel_metrics import MESSAGES, METRICS, REACTIONS, VOICE, ChannelMetric
from bot.views.channel_reading import ChannelsRead, read_channels
from bot.views.counting import Axis, calendar_of, curve_chart, series
from bot.views.heads import Placed, head_of, place
from bot.views.known_from import known_of
from bot.views.scope import Scope
from bot.views.view import View
from bot.views.whole_days import REACTIONS as WHOLE_DAYS
from bot.views.whole_days import days_of, head_of_days, said
from bot.wording.not_shown import noted
from schemas.results.board import Board, Figure
from schemas.results.one_channel import OneChannel
from texts import LazyText, decimal, inside, percent, tr

GROUP = "channel"
TITLES = {
    MESSAGES.name: LazyText("One channel: messages"),
    VOICE.name: LazyText("One channel: time in voice"),
    REACTIONS.name: LazyText("One channel: reactions"),
}
HELP = LazyText("What one channel has, its share of the server's, and the curve")
CODES = {MESSAGES.name: 91, VOICE.name: 92, REACTIONS.name: 93}


def of_metric(metric: ChannelMetric) -> View:
    """The view of a metric."""
    return View(
        kind=f"{GROUP}/{metric.name}",
        code=CODES[metric.name],
        title=TITLES[metric.name],
        help=HELP,
        load=_loading(metric),
        board=partial(_board, metric),
        chart=partial(_chart, metric),
        of_subject=True,
        of_channel=True,
    )


def _loading(metric: ChannelMetric) -> Callable[[Reader, Scope], Coroutine[Any, Any, OneChannel]]:
    async def load(reader: Reader, scope: Scope) -> OneChannel:
        placed = await known_of(reader, await place(reader, scope), metric.kind)
        read = await read_channels(reader, placed.in_days() if metric.whole_days else placed, metric.part)
        return await asyncio.to_thread(_computed, metric, placed, scope.subject, read)

    return load


def _computed(
    metric: ChannelMetric,
    placed: Placed,
    channel: int,
    read: ChannelsRead,
) -> OneChannel:
    every, every_before = read.both(by_channel, metric.amounts)
    sums, own = totals(every), every.get(channel, {})
    shown = seen(sums)
    own_before = None if every_before is None else every_before.get(channel, {})
    asked = placed.in_days() if metric.whole_days else placed
    calendar = calendar_of(asked).by_day()
    curve = calendar.curve({day * HOURS_PER_DAY: amount for day, amount in own.items()}, None)
    amounts = (None if amount is None else amount / metric.divisor for amount in curve.values)
    return OneChannel(
        head=head_of(placed),
        metric=metric.name,
        channel=channel,
        name=read.names.get(channel),
        amount=sum(own.values()) / metric.divisor if asked.known else None,
        previous=None if own_before is None else sum(own_before.values()) / metric.divisor,
        whole=sum(sums.values()) / metric.divisor,
        active_days=days_with(own) if asked.known else None,
        previous_active_days=None if own_before is None else days_with(own_before),
        place=place_of(shown, channel),
        channels=len(shown),
        curve=calendar.curve_of(tuple(amounts), None),
        days=days_of(placed) if metric.whole_days else None,
        not_shown=not_shown(sums, divisor=metric.divisor),
    )


def _board(metric: ChannelMetric, result: OneChannel) -> Board:
    place = ""
    if result.place is not None:
        place = (
            tr("the only channel with any")
            if result.channels == 1
            else tr("number {place} of {count} channels", place=result.place, count=decimal(result.channels))
        )
    return Board(
        kind=f"{GROUP}/{metric.name}",
        title=f"{_name(result)}: {inside(str(metric.title))}",
        head=result.head,
        figures=(
            Figure(
                title=str(metric.title),
                value=result.amount,
                measure=metric.measure,
                compared=True,
                previous=result.previous,
                of=result.whole or None,
                of_what=tr("all {unit}", unit=inside(str(metric.title))),
                note=place,
            ),
            Figure(
                title=tr("Days with {unit}", unit=inside(str(metric.title))),
                value=result.active_days,
                compared=True,
                previous=result.previous_active_days,
            ),
        ),
        series=(series(str(metric.title), result.curve, metric.measure),),
        notes=(
            *said(result.days, WHOLE_DAYS),
            *noted(result.not_shown, result.whole),
        ),
    )


def _chart(metric: ChannelMetric, result: OneChannel, theme: Theme) -> BarsSpec | AreaSpec:
    """Amounts over time; the title says how much it is and how much of all."""
    shown = Axis(inside(str(metric.title)), metric.measure)
    head = head_of_days(result.head, result.days)
    return curve_chart(head, result.curve, _finding(metric, result), shown, theme)


def _finding(metric: ChannelMetric, result: OneChannel) -> str:
    if result.amount is None:
        return tr("Not known of this period: {what}", what=inside(str(metric.title)))
    amount = metric.written(result.amount)
    if result.amount <= 0 or not result.whole:
        return f"{_name(result)}: {amount}"
    share = percent(result.amount / result.whole)
    return tr("{name}: {amount}, {share} of all", name=_name(result), amount=amount, share=share)


def _name(result: OneChannel) -> str:
    return f"#{result.name}" if result.name else tr("One channel")


VIEWS = tuple(of_metric(metric) for metric in METRICS)
