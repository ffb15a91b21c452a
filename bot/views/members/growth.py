"""How membership grows: members, joins, leaves, churn, and by which way members came.

Of a period of d days this reads d + 1 ``guildDays``, d + 1 more for the period before, and a document for
each member who has left since that began.
"""

import asyncio
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from analytics.charts.spec import BarsSpec, LineSpec, PanelsSpec, Quantity, Theme, TimeAxis, Unit
from analytics.day_counts import Calendar, GuildDayHours
from analytics.growth import MemberLevels, churn_of, curves_of, flow_of
from analytics.local_time import HOURS_PER_DAY, instant_of_hour
from analytics.stays import lost
from bot.db.reader import Reader
from bot.views.buckets import per
from bot.views.counting import Fields, calendar_of, series
from bot.views.heads import head_of, place
from bot.views.known_from import Kind, known_of
from bot.views.members.known import leavers_known_since
from bot.views.scope import Scope
from bot.views.view import View
from schemas.results.board import (
    Board,
    Figure,
    Measure,
    Ranked,
    Ranking,
    Subject,
    SubjectKind,
)
from schemas.results.curve import Curve
from schemas.results.growth import Churn, Flow, MemberGrowth
from texts import LazyText, decimal, percent, tr, tr_p

PERCENT = 100.0


async def load(reader: Reader, scope: Scope) -> MemberGrowth:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, scope)
    told = await known_of(reader, placed, Kind.MEMBERSHIP)
    ways = await known_of(reader, placed, Kind.WAYS)
    leavers = await leavers_known_since(reader, scope, placed)
    hours, before = (placed.period.start, placed.period.stop), told.before
    now_days, before_days = await asyncio.gather(
        *(
            reader.guild_days(
                scope.guild_id, placed.zones.ranges(span[0] - HOURS_PER_DAY, span[1]) if span else ()
            )
            for span in (hours, before)
        )
    )

    zone = placed.zones.current.zone
    followed_from = None if leavers is None else max(leavers, before[0] if before else hours[0])
    past = (
        []
        if followed_from is None or followed_from >= hours[1]
        else await reader.past_stays(scope.guild_id, instant_of_hour(followed_from, zone))
    )

    def churn(days: Sequence[GuildDayHours], span: tuple[int, int]) -> Churn | None:
        """Of those who were there when the period, or what is known of it, began."""
        start = None if leavers is None else max(leavers, span[0])
        if start is None or start >= span[1]:
            return None
        (gone,) = lost(past, [instant_of_hour(hour, zone) for hour in (start, span[1])])
        return churn_of(gone, MemberLevels(days).at(start), span[1] - start)

    def lost_by_bucket(calendar: Calendar) -> list[int | None]:
        edges = [*(max(edge, hours[0]) for edge in calendar.edges), hours[1]]
        numbers = lost(past, [instant_of_hour(edge, zone) for edge in edges])
        return [
            number if leavers is not None and leavers <= edge else None
            for edge, number in zip(edges, numbers, strict=False)
        ]

    def compute() -> MemberGrowth:
        levels = MemberLevels(now_days)
        calendar = calendar_of(told)
        return MemberGrowth(
            head=head_of(told),
            members=levels.at(hours[1]),
            members_before=levels.at(hours[0]),
            flow=flow_of(now_days, hours, churn(now_days, hours)) if told.known else None,
            previous=flow_of(before_days, before, churn(before_days, before)) if before else None,
            curves=curves_of(now_days, calendar, lost_by_bucket(calendar), ways.first_hour),
        )

    return await asyncio.to_thread(compute)


def board(result: MemberGrowth) -> Board:
    """Figures, ways and curves."""
    curves, flow = result.curves, Fields(result.flow, result.previous)
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=(
            Figure(
                title=tr("Members"),
                value=result.members,
                compared=True,
                previous=result.members_before if result.head.comparable else None,
                note=tr("since the beginning") if result.members_before is not None else "",
            ),
            flow.figure(tr("Joins"), "joins"),
            flow.figure(tr("Leaves"), "leaves"),
            flow.figure(tr("Net"), "net"),
            flow.figure(tr("Churn in 30 days"), "churn", Measure.SHARE, note=_lost(result.flow)),
            flow.figure(tr("Rejoins"), "rejoins", note=tr("among the joins")),
        ),
        rankings=() if result.flow is None else (_ways(result.flow),),
        series=(
            series(tr("Members"), curves.members),
            series(tr("Joins"), curves.joins),
            series(tr("Leaves"), curves.leaves),
            series(tr("Net growth"), curves.net),
            series(str(_CHURN[curves.churn.bucket]), curves.churn, Measure.SHARE),
            series(tr("Joins by an invite"), curves.by_invite),
            series(tr("Joins by the server's address"), curves.by_address),
            series(tr("Joins by an unknown way"), curves.unknown),
        ),
        notes=() if result.flow is not None else (str(_NOT_TOLD),),
    )


_NOT_TOLD = LazyText(
    "Joins and leaves are known from when I came to this server; before that they are unknown."
)


_CHURN: Mapping[str, LazyText] = MappingProxyType(
    {
        "hour": LazyText("Churn in an hour"),
        "day": LazyText("Churn in a day"),
        "week": LazyText("Churn in a week"),
        "month": LazyText("Churn in a month"),
    }
)


def _lost(flow: Flow | None) -> str:
    if flow is None or flow.churned is None:
        return ""
    return tr(
        "{lost} left, of {members} members at the start",
        lost=decimal(flow.churned.lost),
        members=decimal(flow.churned.there),
    )


def _ways(flow: Flow) -> Ranking:
    ways = MappingProxyType(
        {
            tr("an invite"): flow.by_invite,
            tr("the server's address"): flow.by_address,
            tr("an unknown way"): flow.unknown,
        }
    )
    rows = [
        Ranked(Subject(SubjectKind.TEXT, 0, name), number)
        for name, number in sorted(ways.items(), key=lambda way: -way[1])
        if number
    ]
    return Ranking(
        title=tr("They came by"),
        rows=tuple(rows),
        whole=flow.joins,
        empty=tr("Nobody joined in this period."),
    )


def chart(result: MemberGrowth, theme: Theme) -> PanelsSpec:
    """Members, net growth, joins and leaves, each over time."""
    curves, flow = result.curves, result.flow
    axis = TimeAxis.starting(curves.joins.starts[0], Unit(curves.joins.bucket))
    members, joins = tr_p("amount", "members"), tr_p("amount", "joins")

    def bars(title: str, curve: Curve, what: str) -> BarsSpec:
        return BarsSpec(
            title=title,
            theme=theme,
            axis=axis,
            values=curve.values,
            y_label=per(curve.bucket, what),
            adds_up=True,
            partial_first=curve.partial_first,
            partial_last=curve.partial_last,
            running=result.head.running,
        )

    return PanelsSpec(
        title=_finding(flow),
        subtitle=f"{result.head.guild_name} · {result.head.timeframe_name}",
        theme=theme,
        panels=(
            LineSpec(
                title=tr("Members: {number}", number=_number(result.members)),
                theme=theme,
                axis=axis,
                values=curves.members.values,
                y_label=members,
                partial_last=curves.members.partial_last,
                running=result.head.running,
            ),
            bars(tr("Net growth: {number}", number=_net(flow)), curves.net, members),
            bars(
                tr("Joins: {number}", number=_number(None if flow is None else flow.joins)),
                curves.joins,
                joins,
            ),
            bars(
                tr("Leaves: {number}", number=_number(None if flow is None else flow.leaves)),
                curves.leaves,
                tr_p("amount", "leaves"),
            ),
            bars(tr("Joins by an invite: {share}", share=_invited(flow)), curves.by_invite, joins),
            LineSpec(
                title=tr("Churn: {share}", share=_churn(flow)),
                theme=theme,
                axis=axis,
                values=tuple(None if rate is None else rate * PERCENT for rate in curves.churn.values),
                y_label=str(_CHURN[curves.churn.bucket]),
                quantity=Quantity.PERCENT,
                from_zero=True,
                partial_first=curves.churn.partial_first,
                partial_last=curves.churn.partial_last,
                running=result.head.running,
            ),
        ),
    )


def _number(value: int | None) -> str:
    return tr("unknown") if value is None else decimal(value)


def _net(flow: Flow | None) -> str:
    if flow is None:
        return tr("unknown")
    return f"+{decimal(flow.net)}" if flow.net > 0 else decimal(flow.net)


def _invited(flow: Flow | None) -> str:
    if flow is None:
        return tr("unknown")
    if not flow.joins:
        return tr("none")
    if flow.unknown == flow.joins:
        return tr("unknown")
    return tr("{share} of all", share=percent(flow.by_invite / flow.joins))


def _churn(flow: Flow | None) -> str:
    if flow is None or flow.churn is None:
        return tr("unknown")
    return tr("{share} in 30 days", share=percent(flow.churn, 1))


def _finding(flow: Flow | None) -> str:
    if flow is None:
        return tr("Joins and leaves of this period are unknown")
    if not flow.joins and not flow.leaves:
        return tr("Nobody came or left")
    net, joined, left = decimal(abs(flow.net)), decimal(flow.joins), decimal(flow.leaves)
    if not flow.net:
        return tr(
            "The server neither grew nor shrank: {joined} joined, {left} left", joined=joined, left=left
        )
    if flow.net > 0:
        return tr("The server grew by {net}: {joined} joined, {left} left", net=net, joined=joined, left=left)
    return tr("The server shrank by {net}: {joined} joined, {left} left", net=net, joined=joined, left=left)


VIEW = View(
    kind="members/growth",
    code=11,
    title=LazyText("Growth"),
    help=LazyText("Members over time, joins, leaves, churn and the ways members came"),
    load=load,
    board=board,
    chart=chart,
)
