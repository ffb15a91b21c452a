"""``channels/usage``: which channels are used, against the period before.

Of a period of d days and the one before it reads 2 d ``guildDays``, 2 d ``channelPacks``, of days without a
valid pack one ``channelDays`` document a channel, and the channels' names.
"""

import asyncio

from analytics import day_counts
from analytics.charts.spec import Ranked as Bar
from analytics.charts.spec import RankingSpec, Theme
from bot.db.day_counts import ChannelPart
from bot.db.reader import Reader
from bot.views.channel_reading import read_channels
from bot.views.counting import figure, place_and_period, ranking_of, total
from bot.views.heads import head_of, place
from bot.views.naming import short
from bot.views.scope import Scope
from bot.views.tops import top_channels
from bot.views.view import Restriction, View
from bot.wording.not_shown import beside_not_shown, none_shown
from schemas.results.board import Board, Ranking
from schemas.results.channels import ChannelUsage
from schemas.results.curve import Total
from texts import LazyText, percent, tr, tr_p


async def load(reader: Reader, scope: Scope) -> ChannelUsage:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, scope)
    read = await read_channels(reader, placed, ChannelPart.MESSAGES)

    def compute() -> ChannelUsage:
        now, before = read.both(day_counts.totals, day_counts.messages, scope.channels)
        return ChannelUsage(
            head=head_of(placed),
            total=total(placed, now, before),
            active=Total(len(now) if placed.known else None, None if before is None else len(before)),
            channels=ranking_of(
                placed,
                top_channels(
                    tr("Messages by channel"),
                    now,
                    before,
                    read.names,
                    empty=tr("No messages in this period."),
                ),
            ),
        )

    return await asyncio.to_thread(compute)


def board(result: ChannelUsage) -> Board:
    """Messages by channel."""
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=(figure(tr("Messages"), result.total), figure(tr("Channels with messages"), result.active)),
        rankings=(result.channels,),
    )


def chart(result: ChannelUsage, theme: Theme) -> RankingSpec:
    """The channels with most messages; the title says how much the first has."""
    return RankingSpec(
        title=_finding(result.channels),
        subtitle=beside_not_shown(
            place_and_period(result.head), result.channels.not_shown, result.channels.whole
        ),
        theme=theme,
        rows=tuple(
            Bar(row.subject.name or tr("a deleted channel"), row.value, row.previous)
            for row in result.channels.rows
        ),
        x_label=tr_p("amount", "messages"),
    )


def _finding(ranking: Ranking) -> str:
    if not ranking.rows or not ranking.whole:
        return none_shown(ranking.not_shown, tr("No messages in this period"))
    first = ranking.rows[0]
    share = percent(first.value / ranking.whole)
    if first.subject.name is None:
        return tr("{share} of messages are in a deleted channel", share=share)
    return tr("{share} of messages are in {channel}", share=share, channel=short(first.subject.name))


VIEW = View(
    kind="channels/usage",
    code=50,
    title=LazyText("Channel usage"),
    help=LazyText("Messages by channel, and how that changed"),
    load=load,
    board=board,
    chart=chart,
    restricted_by=frozenset({Restriction.CHANNELS}),
)
