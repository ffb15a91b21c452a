"""The overview: members, messages, channels and the curve of a period, against the period before."""

import asyncio

from analytics.charts.spec import BarsSpec, Theme, TimeAxis, Unit
from analytics.overview import GuildFacts, compute
from bot.db.reader import Reader
from bot.views.buckets import per
from bot.views.counting import finding, series
from bot.views.heads import place
from bot.views.scope import Scope
from bot.views.view import View
from schemas.results.board import Board, Figure, Head, Ranked, Ranking, Subject, SubjectKind
from schemas.results.curve import Total
from schemas.results.overview import Overview
from texts import LazyText, tr, tr_n, tr_p


async def load(reader: Reader, scope: Scope) -> Overview:
    """Read and compute the overview; raises UnknownGuild."""
    placed = await place(reader, scope)
    period, zones = placed.period, placed.zones
    ranges, ranges_before = placed.ranges, period.previous_ranges(zones)
    now, before, members, names = await asyncio.gather(
        reader.period(scope.guild_id, ranges),
        reader.period(scope.guild_id, ranges_before),
        reader.members(scope.guild_id, ranges),
        reader.channel_names(scope.guild_id),
    )
    facts = GuildFacts(scope.guild_id, placed.guild.name, zones, placed.first_day, members, names)
    return await asyncio.to_thread(compute, facts, period, now, before if ranges_before else None)


def chart(result: Overview, theme: Theme) -> BarsSpec:
    """Messages over time as bars; the title says how they changed."""
    curve, unit = result.curve, Unit(result.curve.bucket)
    return BarsSpec(
        title=_finding(result),
        subtitle=f"{result.guild_name} · {result.timeframe_name}",
        theme=theme,
        axis=TimeAxis.starting(curve.starts[0], unit),
        values=curve.values,
        previous=curve.previous,
        y_label=per(unit.value, tr_p("amount", "messages")),
        adds_up=True,
        partial_first=curve.partial_first,
        partial_last=curve.partial_last,
        running=result.running,
    )


def board(result: Overview) -> Board:
    """Figures and top channels of the overview."""
    known = result.previous_messages is not None
    head = Head(
        guild_id=result.guild_id,
        guild_name=result.guild_name,
        timeframe=result.timeframe,
        timeframe_name=result.timeframe_name,
        zone=result.zone,
        zone_changed=result.zone_changed,
        start=result.start,
        stop=result.stop,
        running=result.running,
        counted_since=result.counted_since,
        comparable=result.comparable,
        compared=known,
        previous_start=result.previous_start,
        previous_stop=result.previous_stop,
    )
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=head,
        figures=(
            Figure(
                title=tr("Messages"),
                value=result.messages,
                compared=True,
                previous=result.previous_messages,
            ),
            Figure(
                title=tr("Members who wrote"),
                value=result.writers,
                compared=True,
                previous=result.previous_writers,
                of=_members_if_more(result),
                of_what=tr_p("share of", "members"),
            ),
            Figure(title=tr("Members"), value=result.members),
        ),
        rankings=(_top_channels(result),),
        series=(series(tr("Messages"), result.curve),),
    )


def _members_if_more(result: Overview) -> int | None:
    """All members, to take a share of; None where that would mislead, as after many have left."""
    if not result.members or result.writers is None or result.writers > result.members:
        return None
    return result.members


def _top_channels(result: Overview) -> Ranking:
    rows = tuple(
        Ranked(Subject(SubjectKind.CHANNEL, top.channel_id, top.name), top.messages, top.previous_messages)
        for top in result.top_channels
    )
    left_out = result.not_shown
    return Ranking(
        title=tr("Top channels"),
        rows=rows,
        whole=result.messages,
        others=result.channels_active - len(rows) - (0 if left_out is None else left_out.channels),
        others_value=(result.messages or 0)
        - sum(top.messages for top in result.top_channels)
        - (0 if left_out is None else left_out.value or 0),
        empty=tr("Not known of this period.")
        if result.messages is None
        else tr("No messages in this period."),
        not_shown=left_out,
    )


def _finding(result: Overview) -> str:
    amount = Total(result.messages, result.previous_messages)
    written = tr_n("{count} message", "{count} messages", result.messages or 0)
    return finding(amount, written, tr("No messages in this period"), tr_p("amount", "messages"))


VIEW = View(
    kind="overview",
    code=1,
    title=LazyText("Overview"),
    help=LazyText("Members, messages, top channels and the curve of a period"),
    load=load,
    board=board,
    chart=chart,
)
