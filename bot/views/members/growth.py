"""How membership grows: members, joins, leaves, churn, and by which way members came.

Of a period of d days this reads d + 1 ``guildDays``, and d + 1 more for the period before.
"""

import asyncio
from types import MappingProxyType

from analytics.charts.spec import BarsSpec, LineSpec, PanelsSpec, Quantity, Theme, TimeAxis, Unit
from analytics.day_counts import Calendar
from analytics.growth import MemberLevels, curves_of, flow_of
from analytics.local_time import HOURS_PER_DAY
from bot.db.reader import Reader
from bot.views.buckets import per
from bot.views.counting import Fields
from bot.views.heads import head_of, place
from bot.views.members.known import joins_known_since
from bot.views.scope import Scope
from bot.views.view import View
from schemas.results.board import (
    Board,
    Figure,
    Measure,
    Ranked,
    Ranking,
    Series,
    Subject,
    SubjectKind,
)
from schemas.results.curve import Curve
from schemas.results.growth import Flow, MemberGrowth
from texts import LazyText, decimal, percent, tr, tr_p

PERCENT = 100.0


async def load(reader: Reader, scope: Scope) -> MemberGrowth:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, scope)
    since = joins_known_since(placed.guild)
    hours, before = (placed.period.start, placed.period.stop), placed.period.previous
    if placed.period.open_until is not None or since is None or before is None or since > before[0]:
        before = None
    now_days, before_days = await asyncio.gather(
        *(
            reader.guild_days(
                scope.guild_id, placed.zones.ranges(span[0] - HOURS_PER_DAY, span[1]) if span else ()
            )
            for span in (hours, before)
        )
    )

    def compute() -> MemberGrowth:
        levels = MemberLevels(now_days)
        calendar = Calendar(placed.period, placed.zones.current.zone, since)
        return MemberGrowth(
            head=head_of(placed, compared=before is not None),
            members=levels.at(hours[1]),
            members_before=levels.at(hours[0]),
            flow=flow_of(now_days, hours) if since is not None and since < hours[1] else None,
            previous=flow_of(before_days, before) if before else None,
            curves=curves_of(now_days, calendar),
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
            flow.figure(tr("Churn"), "churn", Measure.SHARE, note=tr("leaves per member at the start")),
            flow.figure(tr("Rejoins"), "rejoins", note=tr("among the joins")),
        ),
        rankings=() if result.flow is None else (_ways(result.flow),),
        series=(
            _series(tr("Members"), curves.members),
            _series(tr("Joins"), curves.joins),
            _series(tr("Leaves"), curves.leaves),
            _series(tr("Net growth"), curves.net),
            _series(tr("Churn"), curves.churn, Measure.SHARE),
            _series(tr("Joins by an invite"), curves.by_invite),
            _series(tr("Joins by the server's address"), curves.by_address),
            _series(tr("Joins by an unknown way"), curves.unknown),
        ),
        notes=() if result.flow is not None else (str(_NOT_TOLD),),
    )


_NOT_TOLD = LazyText(
    "Joins and leaves are known from when I came to this server; before that they are unknown."
)


def _series(title: str, curve: Curve, measure: Measure = Measure.COUNT) -> Series:
    return Series(title=title, bucket=curve.bucket, starts=curve.starts, values=curve.values, measure=measure)


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
            partial_last=result.head.running,
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
                partial_last=result.head.running,
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
                y_label=per(curves.churn.bucket, tr_p("amount", "leaves of members")),
                quantity=Quantity.PERCENT,
                from_zero=True,
                partial_last=result.head.running,
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
    return tr("{share} in all", share=percent(flow.churn, 1))


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
