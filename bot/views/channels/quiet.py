"""``channels/quiet``: channels in which nobody wrote in the period although they were there.

Of a period of d days it reads d ``guildDays``, d ``channelPacks``, of days without a valid pack one
``channelDays`` document a channel, the last list of channels, and one document for each quiet channel.
"""

import asyncio
from dataclasses import replace
from datetime import datetime

from analytics import day_counts
from analytics.charts.spec import Ranked as Bar
from analytics.charts.spec import RankingSpec, Theme
from analytics.local_time import instant_of_hour
from analytics.sight import counted_only, seen
from bot.db.day_counts import ChannelPart
from bot.db.reader import Reader
from bot.views.counting import place_and_period
from bot.views.heads import counted_in, head_of, place
from bot.views.scope import Scope
from bot.views.view import View
from bot.wording.not_shown import beside_not_shown
from schemas.results.board import Board, Figure, Head, Ranked, Ranking, Subject, SubjectKind
from schemas.results.channels import QuietChannels
from texts import LazyText, decimal, tr, tr_n, tr_p

DAY_MS, HOUR_MS = 86_400_000, 3_600_000
SHOWN = 20


async def load(reader: Reader, scope: Scope) -> QuietChannels:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, replace(scope, compare=False))
    listed, days, names = await asyncio.gather(
        reader.text_channels(scope.guild_id),
        reader.channel_days(scope.guild_id, placed.ranges, ChannelPart.MESSAGES),
        reader.channel_names(scope.guild_id),
    )
    stop = min(instant_of_hour(placed.period.stop, placed.zones.current.zone), scope.now_ms)
    if not placed.known:
        listed = None
    there = {channel: made for channel, made in (listed or {}).items() if made < stop}
    used = await asyncio.to_thread(day_counts.totals, days, day_counts.messages)
    unused = [channel for channel in there if channel not in used]
    last = await reader.last_messages(scope.guild_id, unused)
    quiet = [channel for channel in unused if not _in_running_hour(last.get(channel), stop, scope.now_ms)]
    since = {
        channel: there[channel] if channel not in last else int(last[channel].timestamp() * 1000)
        for channel in quiet
    }
    return QuietChannels(
        head=head_of(placed),
        all_of=None if listed is None else len(there),
        quiet=tuple(
            Ranked(
                Subject(SubjectKind.CHANNEL, channel, names.get(channel)),
                max(scope.now_ms - since[channel], 0) // DAY_MS,
            )
            for channel in sorted(seen(since), key=lambda channel: (since[channel], channel))
        ),
        not_shown=counted_only(quiet),
        never=sum(channel not in last for channel in quiet),
    )


def _in_running_hour(last: datetime | None, stop: int, now_ms: int) -> bool:
    """Whether the last message came after a period that ends with the last hour that is over."""
    return last is not None and now_ms - stop < HOUR_MS and last.timestamp() * 1000 >= stop


def board(result: QuietChannels) -> Board:
    """How many channels are quiet, and for how long."""
    known = result.all_of is not None
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=(
            Figure(
                title=tr("Quiet channels"),
                value=_number(result) if known else None,
                of=result.all_of or None,
                of_what=tr_p("share of", "channels for writing"),
            ),
            Figure(
                title=tr("Never written in"),
                value=result.never if known else None,
                note=tr("as far as was counted"),
            ),
        ),
        rankings=(
            Ranking(
                title=tr("Days since the last message"),
                rows=result.quiet[:SHOWN],
                others=max(len(result.quiet) - SHOWN, 0),
                empty=tr("Somebody wrote in every channel.") if known else _unknown(result.head),
                not_shown=result.not_shown,
            ),
        ),
        notes=(
            tr("Where nobody ever wrote it is days since the channel was made."),
            tr("Channels that are not counted are quiet here, too."),
        ),
    )


def _number(result: QuietChannels) -> int:
    """How many channels are quiet, also of those that are not shown."""
    return len(result.quiet) + (0 if result.not_shown is None else result.not_shown.channels)


def _unknown(head: Head) -> str:
    """Why it is not known which channels are quiet."""
    return tr("The channels were never listed.") if counted_in(head) else tr("Not known of this period.")


def chart(result: QuietChannels, theme: Theme) -> RankingSpec:
    """The channels that are quiet for longest."""
    if quiet := _number(result):
        title = tr_n(
            "Nobody wrote in {quiet} of {count} channel",
            "Nobody wrote in {quiet} of {count} channels",
            result.all_of or 0,
            quiet=decimal(quiet),
        )
    elif result.all_of:
        title = tr("Somebody wrote in every channel")
    else:
        title = tr("No quiet channels are known")
    return RankingSpec(
        title=title,
        subtitle=beside_not_shown(place_and_period(result.head), result.not_shown),
        theme=theme,
        rows=tuple(Bar(row.subject.name or tr("without a name"), row.value) for row in result.quiet[:SHOWN]),
        x_label=tr("days since the last message"),
    )


VIEW = View(
    kind="channels/quiet",
    code=53,
    title=LazyText("Quiet channels"),
    help=LazyText("Channels in which nobody wrote in the period, and for how long"),
    load=load,
    board=board,
    chart=chart,
)
