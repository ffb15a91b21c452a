"""One channel: its messages, their share of the server's, and their curve.

Reads what ``Reader.period`` reads, for the period and the one before: of d days 2·d ``guildDays``,
2·d ``channelPacks`` and 2·d ``memberPacks``, days without a valid pack document by document, and the names.
"""

import asyncio

from analytics.charts.spec import BarsSpec, Theme, TimeAxis, Unit
from analytics.local_time import clock_reading
from analytics.one_channel import messages_by_day, place_of
from analytics.timeframes import Bucket, bucket_starts
from bot.db.reader import Reader
from bot.views.buckets import per
from bot.views.curve import by_bucket
from bot.views.heads import head_of, place
from bot.views.scope import Scope
from bot.views.view import View
from schemas.results.board import Board, Figure, Series
from schemas.results.one_channel import OneChannel
from texts import LazyText, percent, tr, tr_n, tr_p


async def load(reader: Reader, scope: Scope) -> OneChannel:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, scope)
    ranges_before = () if placed.before is None else placed.zones.ranges(*placed.before)
    now, before, names = await asyncio.gather(
        reader.period(scope.guild_id, placed.ranges),
        reader.period(scope.guild_id, ranges_before),
        reader.channel_names(scope.guild_id),
    )
    by_day, channel = messages_by_day(now.channels, scope.subject), scope.subject
    by_day_before = None if placed.before is None else messages_by_day(before.channels, channel)
    rank, channels, whole = place_of(now.channels, channel)
    period = placed.period
    bucket = Bucket.DAY if period.bucket is Bucket.HOUR else period.bucket
    starts = bucket_starts(period.start, period.stop, bucket)
    return OneChannel(
        head=head_of(placed),
        channel=channel,
        name=names.get(channel),
        messages=sum(by_day.values()),
        previous=None if by_day_before is None else sum(by_day_before.values()),
        whole=whole,
        active_days=len(by_day),
        previous_active_days=None if by_day_before is None else len(by_day_before),
        place=rank,
        channels=channels,
        bucket=bucket.value,
        bucket_starts=tuple(clock_reading(start, placed.zones.current.zone) for start in starts),
        messages_by=by_bucket(starts, by_day, placed.first_hour),
    )


def _board(result: OneChannel) -> Board:
    place = ""
    if result.place is not None:
        place = tr("number {place} of {channels} channels", place=result.place, channels=result.channels)
    return Board(
        kind="channel",
        title=_title(result),
        head=result.head,
        figures=(
            Figure(
                title=tr("Messages"),
                value=result.messages,
                compared=True,
                previous=result.previous,
                of=result.whole or None,
                of_what=tr_p("share of", "all messages"),
                note=place,
            ),
            Figure(
                title=tr("Days with messages"),
                value=result.active_days,
                compared=True,
                previous=result.previous_active_days,
            ),
        ),
        series=(
            Series(
                title=tr("Messages"),
                bucket=result.bucket,
                starts=result.bucket_starts,
                values=result.messages_by,
            ),
        ),
    )


def _chart(result: OneChannel, theme: Theme) -> BarsSpec:
    unit = Unit(result.bucket)
    total = tr_n("{count} message", "{count} messages", result.messages)
    if result.messages:
        total = tr("{amount}, {share} of all", amount=total, share=percent(result.messages / result.whole))
    return BarsSpec(
        title=f"{_title(result)}: {total}",
        subtitle=f"{result.head.guild_name} · {result.head.timeframe_name}",
        theme=theme,
        axis=TimeAxis.starting(result.bucket_starts[0], unit),
        values=result.messages_by,
        y_label=per(unit.value, tr_p("amount", "messages")),
        partial_last=result.head.running,
    )


def _title(result: OneChannel) -> str:
    return f"#{result.name}" if result.name else str(VIEW.title)


VIEW = View(
    kind="channel",
    code=91,
    title=LazyText("One channel"),
    help=LazyText("Messages of one channel, their share and their curve"),
    load=load,
    board=_board,
    chart=_chart,
    of_subject=True,
)
