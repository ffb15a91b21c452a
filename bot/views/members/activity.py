"""Active and inactive members, and how often they come back.

Reads what members did (``Reader.member_spans``) in the period, in the one before, and in the 30 days before
its end, and a document for each member who has left since the period began. Restricted to roles, also an
index entry a role and member who has it.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from msgspec import structs

from analytics.charts.spec import AreaSpec, Theme, TimeAxis, Unit
from analytics.day_columns import DatedMembers, MemberPart
from analytics.local_time import HOURS_PER_DAY, HourRange, instant_of_hour
from analytics.member_days import days_with
from analytics.member_spans import MemberSpan, SpanPart, only_members, span_of_day
from analytics.participation import MONTH_DAYS, participation, reach, trend, trend_by_hour
from analytics.stays import gone
from analytics.timeframes import Bucket
from bot.db.reader import Reader
from bot.views.counting import Fields, calendar_of, place_and_period, series
from bot.views.heads import head_of, place
from bot.views.known_from import Kind, known_of
from bot.views.members.known import leavers_known_since, members_known, not_kept
from bot.views.role_holders import restricted_to
from bot.views.scope import Scope
from bot.views.view import Restriction, View
from schemas.results.board import Board, Figure, Measure
from schemas.results.members import MembersActive, Reached, Took
from texts import LazyText, decimal, inside, percent, tr, tr_n, tr_p


async def load(reader: Reader, scope: Scope) -> MembersActive:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, scope)
    period = placed.period
    known = await members_known(reader, scope, placed)
    calendar = replace(calendar_of(placed), first_hour=known.first_hour)
    parts = {part: await known_of(reader, placed, kind) for part, kind in _PARTS.items()}
    before, month = known.before, known.last_days(MONTH_DAYS)
    hourly = period.bucket is Bucket.HOUR
    (read_now, days), read_before, read_month, members = await asyncio.gather(
        _period(reader, scope, placed.ranges, hourly=hourly),
        reader.member_spans(scope.guild_id, before, SpanPart.PRESENCE),
        reader.member_spans(scope.guild_id, month, SpanPart.PRESENCE),
        reader.members(scope.guild_id, placed.ranges),
    )
    kept = await restricted_to(reader, scope)
    leavers = await leavers_known_since(reader, scope, placed)
    leavers_known = leavers is not None and leavers <= period.start
    times = [instant_of_hour(hour, placed.zones.current.zone) for hour in (period.start, period.stop)]
    past = await reader.past_stays(scope.guild_id, times[0]) if kept is None and leavers_known else []

    def compute() -> MembersActive:
        now, earlier, latest = (only_members(spans, kept) for spans in (read_now, read_before, read_month))
        values = (
            trend_by_hour(days_with(days, kept), calendar.edges, known.since)
            if hourly
            else trend(now, calendar.edges, range(period.start, period.stop), known.since)
        )
        return MembersActive(
            head=head_of(placed, compared=bool(before)),
            members=members if kept is None else len(kept),
            took=_known(participation(now), [part for part, of in parts.items() if of.known])
            if known.period
            else None,
            left=_left(now, gone(past, times[0], times[1])) if kept is not None or leavers_known else None,
            previous=_known(participation(earlier), [part for part, of in parts.items() if of.before])
            if before
            else None,
            reached=reach(latest, period.over // HOURS_PER_DAY) if month else None,
            bucket=period.bucket.value,
            starts=calendar.starts(),
            values=tuple(
                None if not value and hourly and calendar.never_was(hour) else value
                for hour, value in zip(calendar.edges, values, strict=True)
            ),
            partial_first=calendar.partial_first,
            partial_last=calendar.partial_last,
        )

    return await asyncio.to_thread(compute)


def _known(took: Took, parts: Sequence[str]) -> Took:
    """Who took part, with those ``parts`` of them that are known."""
    return structs.replace(took, **{part: None for part in _PARTS if part not in parts})


def _left(spans: Sequence[MemberSpan], gone: Collection[int]) -> int:
    """How many were active and are there no longer."""
    return participation(only_members(spans, np.array(sorted(gone), "<u8"))).active if gone else 0


async def _period(
    reader: Reader, scope: Scope, ranges: tuple[HourRange, ...], *, hourly: bool
) -> tuple[list[MemberSpan], list[DatedMembers]]:
    """What members did in the period, and where its curve is by hour what they did on each day."""
    if not hourly:
        return await reader.member_spans(scope.guild_id, ranges, SpanPart.PRESENCE), []
    days = await reader.dated_member_days(scope.guild_id, ranges, MemberPart.PRESENCE, MemberPart.HOURS)
    return [span_of_day(dated, (SpanPart.PRESENCE,)) for dated in days], days


def board(result: MembersActive) -> Board:
    """Figures and the curve."""
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=(*_took(result), *_reached(result.reached)),
        series=(series(str(_TITLES[result.curve.bucket]), result.curve),),
        notes=(
            *not_kept(result.head, known=result.took is not None),
            *((str(_WROTE_ALONE),) if result.took is not None and result.took.spoke is None else ()),
        ),
    )


_PARTS = MappingProxyType({"spoke": Kind.VOICE, "reacted": Kind.REACTIONS})
"""Parts of the active members that are known for a shorter time than who wrote."""
_WROTE_ALONE = LazyText("Only messages are known of this period, so active are those who wrote.")
_TITLES = MappingProxyType(
    {
        "hour": LazyText("Active members an hour"),
        "day": LazyText("Active members a day"),
        "week": LazyText("Active members a day, mean of the week"),
        "month": LazyText("Active members a day, mean of the month"),
    }
)
"""What a value of the curve stands for, by bucket."""


def _took(result: MembersActive) -> tuple[Figure, ...]:
    now, members = result.took, result.members
    share_of = None if now is None or members is None or not now.active <= members else members
    inactive = _inactive(result)
    rows = (
        (tr("Active members"), "active"),
        (tr("Wrote"), "wrote"),
        (tr("In voice"), "spoke"),
        (tr("Reacted"), "reacted"),
    )
    took, whom = Fields(now, result.previous), tr_p("share of", "members")
    figures = [took.figure(title, name, of=share_of, of_what=whom) for title, name in rows]
    return (
        figures[0],
        Figure(
            title=tr("Inactive members"),
            value=inactive,
            of=None if inactive is None else members,
            of_what=whom,
            note=_have_left(result.left) if result.took is not None else "",
        ),
        *figures[1:],
    )


def _inactive(result: MembersActive) -> int | None:
    """Members who are there and were not active. Those who were, and have left, are not taken off."""
    if result.took is None or result.members is None or result.left is None:
        return None
    inactive = result.members - (result.took.active - result.left)
    return inactive if inactive >= 0 else None


def _have_left(left: int | None) -> str:
    if left is None:
        return tr("it is not known who left in all of this period")
    return tr_n("{count} active member has left", "{count} active members have left", left) if left else ""


def _reached(reached: Reached | None) -> tuple[Figure, ...]:
    daily, weekly, monthly, stickiness = (
        (None,) * 4
        if reached is None
        else (reached.daily, reached.weekly, reached.monthly, reached.stickiness)
    )
    return (
        Figure(
            title=tr("Daily active (DAU)"),
            value=daily,
            measure=Measure.RATE,
            note=tr("mean of 30 whole days"),
        ),
        Figure(title=tr("Weekly active (WAU)"), value=weekly, note=tr("the last 7 of them")),
        Figure(title=tr("Monthly active (MAU)"), value=monthly, note=tr("all 30")),
        Figure(title=tr("Stickiness"), value=stickiness, measure=Measure.SHARE, note=tr("DAU of MAU")),
    )


def chart(result: MembersActive, theme: Theme) -> AreaSpec:
    """Active members over time."""
    return AreaSpec(
        title=_finding(result),
        subtitle=place_and_period(result.head),
        theme=theme,
        axis=TimeAxis.starting(result.curve.starts[0], Unit(result.curve.bucket)),
        values=result.curve.values,
        y_label=inside(str(_TITLES[result.curve.bucket])),
        partial_first=result.curve.partial_first,
        partial_last=result.curve.partial_last,
        running=result.head.running,
    )


def _finding(result: MembersActive) -> str:
    if result.took is None:
        return tr("Who was active is not known of all of this period")
    active = result.took.active
    said = tr_n("{count} active member", "{count} active members", active)
    if result.members and active <= result.members:
        return tr(
            "{amount}: {share} of all {members}",
            amount=said,
            share=percent(active / result.members),
            members=decimal(result.members),
        )
    return said if active else tr("Nobody was active in this period")


VIEW = View(
    kind="members/activity",
    code=10,
    title=LazyText("Active members"),
    help=LazyText("Who is active and who is not, DAU, WAU, MAU and stickiness"),
    load=load,
    board=board,
    chart=chart,
    restricted_by=frozenset({Restriction.ROLES}),
)
