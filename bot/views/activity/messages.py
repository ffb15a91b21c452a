"""``activity/messages``: messages over time and by channel, of all channels or of some.

Of a period of d days and the one before it reads 2 d ``guildDays``, 2 d ``channelPacks``, of days without a
valid pack one ``channelDays`` document a channel, and the channels' names.
"""

import asyncio

from analytics import day_counts
from analytics.charts.spec import AreaSpec, BarsSpec, Theme
from bot.db.day_counts import ChannelPart
from bot.db.reader import Reader
from bot.views.activity.by_role import MESSAGES, restrictable
from bot.views.channel_reading import read_channels
from bot.views.counting import (
    Axis,
    calendar_of,
    curve_chart,
    figure,
    finding,
    ranking_of,
    series,
    total,
)
from bot.views.heads import head_of, place
from bot.views.scope import Scope
from bot.views.tops import top_channels
from bot.views.view import Restriction, View
from schemas.results.activity import MessageActivity
from schemas.results.board import Board, Figure, Measure
from texts import LazyText, tr, tr_n, tr_p


async def load(reader: Reader, scope: Scope) -> MessageActivity:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, scope)
    read = await read_channels(reader, placed, ChannelPart.MESSAGES)

    def compute() -> MessageActivity:
        hours, hours_before = read.both(day_counts.hourly, day_counts.messages, scope.channels)
        channels, channels_before = read.both(day_counts.totals, day_counts.messages, scope.channels)
        calendar = calendar_of(placed)
        return MessageActivity(
            head=head_of(placed),
            total=total(placed, hours, hours_before),
            curve=calendar.curve(hours, hours_before),
            days=calendar.counted_days(),
            channels=ranking_of(
                placed,
                top_channels(
                    tr("Top channels"),
                    channels,
                    channels_before,
                    read.names,
                    empty=tr("No messages in this period."),
                ),
            ),
        )

    return await asyncio.to_thread(compute)


def board(result: MessageActivity) -> Board:
    """Total, average and top channels."""
    per_day = None if result.days is None or result.total.now is None else result.total.now / result.days
    active = None if result.total.now is None else result.channels.subjects
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=(
            figure(tr("Messages"), result.total),
            Figure(title=tr("Messages a day"), value=per_day, measure=Measure.RATE),
            Figure(title=tr("Channels with messages"), value=active),
        ),
        rankings=(result.channels,),
        series=(series(tr("Messages"), result.curve),),
    )


def chart(result: MessageActivity, theme: Theme) -> BarsSpec | AreaSpec:
    """Messages over time."""
    written = tr_n("{count} message", "{count} messages", round(result.total.now or 0))
    shown = Axis(tr_p("amount", "messages"))
    title = finding(result.total, written, tr("No messages in this period"), shown.what)
    return curve_chart(result.head, result.curve, title, shown, theme)


VIEW = restrictable(
    View(
        kind="activity/messages",
        code=30,
        title=LazyText("Messages"),
        help=LazyText("Messages over time and by channel"),
        load=load,
        board=board,
        chart=chart,
        restricted_by=frozenset({Restriction.CHANNELS}),
    ),
    MESSAGES,
)
