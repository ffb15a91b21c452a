"""A view of activity restricted to roles: what members who have one of them now did.

The days of channels do not tell who did something, so it is read from the days of members, and by day. Of a
period of d days and the one before it reads 2 d ``guildDays`` and 2 d ``memberPacks``, document by document
the ``memberDays`` of days without a valid pack, and an index entry a role and member who has it.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analytics.charts.spec import AreaSpec, BarsSpec, ChartSpec, Theme
from analytics.day_columns import DatedMembers
from analytics.packs import Ids
from analytics.role_activity import Amounts, Doing, doing
from bot.db.reader import Reader
from bot.views.counting import Axis, calendar_of, curve_chart, figure, finding, series, time_in_voice
from bot.views.heads import head_of, place
from bot.views.known_from import Kind, known_of
from bot.views.members.known import MembersKnown, members_known, not_kept
from bot.views.role_holders import holders_by_role
from bot.views.scope import Scope
from bot.views.view import Restriction, View
from schemas.results.activity import RoleActivity
from schemas.results.board import Board, Measure, Ranked, Ranking, Subject, SubjectKind
from schemas.results.curve import Curve, Total
from texts import LazyText, inside, tr, tr_n

_MINUTE_MS = 60_000
SEVERAL = LazyText("Who has several of the roles counts for each, and once in the sum.")


@dataclass(frozen=True, slots=True)
class ByRole:
    """What of a view is known by member: ``of`` names it, ``who`` those who did any, ``amounts`` how much.

    ``written`` says an amount. ``divisor`` brings what is counted to the measure; ``note`` says what is other
    than in the view of all; ``kind`` from when on it is known.
    """

    title: LazyText
    of: LazyText
    who: LazyText
    amounts: Amounts
    written: Callable[[float], str]
    measure: Measure = Measure.COUNT
    divisor: int = 1
    note: LazyText | None = None
    kind: Kind = Kind.MESSAGES


MESSAGES = ByRole(
    LazyText("Messages"),
    LazyText("messages"),
    LazyText("Members who wrote"),
    lambda columns: columns.messages,
    lambda amount: tr_n("{count} message", "{count} messages", round(amount)),
)
VOICE = ByRole(
    LazyText("Time in voice"),
    LazyText("minutes in voice"),
    LazyText("Members in voice"),
    lambda columns: columns.voice,
    time_in_voice,
    Measure.MINUTES,
    _MINUTE_MS,
    LazyText("Time in the AFK channel is left out."),
    Kind.VOICE,
)
REACTIONS = ByRole(
    LazyText("Reactions given"),
    LazyText("reactions"),
    LazyText("Members who reacted"),
    lambda columns: columns.given,
    lambda amount: tr_n("{count} reaction", "{count} reactions", round(amount)),
    kind=Kind.REACTIONS,
)


def restrictable(view: View, what: ByRole) -> View:
    """The view, which can also be restricted to roles; then it shows what is known by member."""

    async def load(reader: Reader, scope: Scope) -> object:
        return await (_load(what, reader, scope) if scope.roles else view.load(reader, scope))

    def board(result: Any) -> Board:  # noqa: ANN401 - one of two types of results
        return _board(view, what, result) if isinstance(result, RoleActivity) else view.board(result)

    def chart(result: Any, theme: Theme) -> ChartSpec | None:  # noqa: ANN401 - same
        return _chart(what, result, theme) if isinstance(result, RoleActivity) else view.chart(result, theme)

    restricted_by = view.restricted_by | {Restriction.ROLES}
    return replace(view, load=load, board=board, chart=chart, restricted_by=restricted_by)


async def _load(what: ByRole, reader: Reader, scope: Scope) -> RoleActivity:
    placed = await known_of(reader, await place(reader, scope), what.kind)
    known = await members_known(reader, scope, placed)
    holders = await holders_by_role(reader, scope)
    now, before = await asyncio.gather(
        reader.dated_member_days(scope.guild_id, placed.ranges),
        reader.dated_member_days(scope.guild_id, known.before),
    )
    return await asyncio.to_thread(_computed, what, known, holders, now, before)


def _computed(
    what: ByRole,
    known: MembersKnown,
    holders: dict[int, Ids],
    now: Sequence[DatedMembers],
    before: Sequence[DatedMembers],
) -> RoleActivity:
    placed, compared = known.placed, bool(known.before)
    everybody = np.unique(np.concatenate(list(holders.values())))
    done = doing(now, what.amounts, everybody)
    done_before = doing(before, what.amounts, everybody) if compared else None
    return RoleActivity(
        head=head_of(placed, compared=compared),
        total=Total(
            done.total / what.divisor if known.period else None,
            None if done_before is None else done_before.total / what.divisor,
        ),
        members=Total(
            done.members if known.period else None, None if done_before is None else done_before.members
        ),
        curve=_curve(what, known, done, done_before),
        roles=_roles(what, holders, now, before if compared else None)
        if known.period and len(holders) > 1
        else None,
    )


def _curve(what: ByRole, known: MembersKnown, done: Doing, done_before: Doing | None) -> Curve:
    calendar = replace(calendar_of(known.placed).by_day(), first_hour=known.first_hour)
    curve = calendar.curve(done.by_day, None if done_before is None else done_before.by_day)

    def scaled(values: tuple[float | None, ...]) -> tuple[float | None, ...]:
        return tuple(None if value is None else value / what.divisor for value in values)

    previous = None if curve.previous is None else scaled(curve.previous)
    return calendar.curve_of(scaled(curve.values), previous)


def _roles(
    what: ByRole,
    holders: dict[int, Ids],
    now: Sequence[DatedMembers],
    before: Sequence[DatedMembers] | None,
) -> Ranking:
    rows = [
        Ranked(
            Subject(SubjectKind.ROLE, role),
            doing(now, what.amounts, who).total / what.divisor,
            None if before is None else doing(before, what.amounts, who).total / what.divisor,
        )
        for role, who in holders.items()
    ]
    rows.sort(key=lambda row: (-row.value, row.subject.id))
    return Ranking(title=tr("{metric} by role", metric=what.title), rows=tuple(rows), measure=what.measure)


def _board(view: View, what: ByRole, result: RoleActivity) -> Board:
    several = (str(SEVERAL),) if result.roles else ()
    return Board(
        kind=view.kind,
        title=str(view.title),
        head=result.head,
        figures=(figure(str(what.title), result.total, what.measure), figure(str(what.who), result.members)),
        rankings=() if result.roles is None else (result.roles,),
        series=(series(str(what.title), result.curve, what.measure),),
        notes=(
            *not_kept(result.head, known=result.total.now is not None),
            *((str(what.note),) if what.note else ()),
            *several,
        ),
    )


def _chart(what: ByRole, result: RoleActivity, theme: Theme) -> BarsSpec | AreaSpec:
    none = tr("No {unit} in this period", unit=what.of)
    amount = result.total.now or 0
    title = finding(result.total, what.written(amount), none, what.of, what.measure)
    return curve_chart(result.head, result.curve, title, Axis(inside(str(what.title)), what.measure), theme)
