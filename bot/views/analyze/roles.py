"""``compare/roles/…``: members with one role beside those with others, in all metrics or closely in one.

Roles are those that members have today. Reads what members did in a period and in the one before it
(``Reader.member_spans``), and an index entry a role and member who has it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from analytics.comparing import GroupFigures, group_figures
from analytics.member_activity import MemberActivity, member_activity
from analytics.packs import Ids
from bot.db.reader import Reader
from bot.views.analyze.comparing import FEWEST, MOST, Showing, Words
from bot.views.analyze.member_metrics import DAYS, GIVEN, MESSAGES, RECEIVED, VOICE, MemberMetric
from bot.views.heads import head_of, place
from bot.views.known_from import Kind, known_of
from bot.views.members.known import MembersKnown, members_known, not_kept
from bot.views.people.reading import PARTS
from bot.views.refusal import CannotShow
from bot.views.role_holders import holders_by_role
from bot.views.scope import Scope
from bot.views.view import Restriction, View
from bot.views.whole_days import days_of, said
from schemas.results.board import Measure, Subject, SubjectKind
from schemas.results.comparison import Compared, Comparison
from texts import LazyText, tr

GROUP = "compare/roles"
ALL = "all"
HELP = LazyText("Members with two to four roles side by side")
METRICS = (MESSAGES, VOICE, GIVEN, RECEIVED)
CODES = {ALL: 105, **{metric.of.name: code for code, metric in enumerate(METRICS, 106)}}
TODAY = LazyText("Roles are those that members have today. Who has several of them counts for each.")

Value = Callable[[GroupFigures], float | None]


@dataclass(frozen=True, slots=True)
class Groups:
    """Those who have each role, and what everybody did in the period and the one before; None is unknown.

    ``kinds`` says from when on each kind of count is known of members.
    """

    holders: dict[int, Ids]
    now: MemberActivity | None
    before: MemberActivity | None
    kinds: Mapping[Kind, MembersKnown]

    def row(self, title: str, measure: Measure, metric: MemberMetric, value: Value) -> Compared:
        """A figure of each role's members."""

        def values(activity: MemberActivity | None) -> tuple[float | None, ...]:
            return tuple(
                None if activity is None else value(group_figures(activity, who, metric.of.by))
                for who in self.holders.values()
            )

        known = self.kinds[metric.of.kind]
        return Compared(
            title,
            measure,
            values(self.now if known.period else None),
            values(self.before if known.before else None),
        )

    def members(self) -> Compared:
        """How many have each role; how many had it before is not known."""
        counts = tuple(len(who) for who in self.holders.values())
        return Compared(tr("Members with the role"), Measure.COUNT, counts, (None,) * len(counts))

    def amount(self, title: str, metric: MemberMetric, value: Value) -> Compared:
        """An amount of the metric in its own measure; counts with a decimal, as they are means."""
        measure = Measure.RATE if metric.of.measure is Measure.COUNT else metric.of.measure

        def scaled(figures: GroupFigures) -> float | None:
            found = value(figures)
            return None if found is None else found / metric.of.divisor

        return self.row(title, measure, metric, scaled)


def _overall(groups: Groups) -> tuple[Compared, ...]:
    """All metrics: means a member, as groups are of different size."""
    return (
        *(
            groups.amount(_a_member(metric.of.title), metric, lambda figures: figures.mean)
            for metric in (MESSAGES, VOICE, GIVEN)
        ),
        groups.row(tr("Share of them who were active"), Measure.SHARE, DAYS, lambda figures: figures.share),
        groups.members(),
    )


def _closely(metric: MemberMetric, groups: Groups) -> tuple[Compared, ...]:
    title, divisor = metric.of.title, metric.of.divisor
    return (
        groups.amount(_a_member(title), metric, lambda figures: figures.mean),
        groups.row(str(title), metric.of.measure, metric, lambda figures: figures.total / divisor),
        groups.row(str(metric.who), Measure.COUNT, metric, lambda figures: figures.doing),
        groups.row(tr("Share of those with the role"), Measure.SHARE, metric, lambda figures: figures.share),
        groups.amount(tr("Median of those who did any"), metric, lambda figures: figures.median),
    )


def _a_member(title: object) -> str:
    return tr("{metric} a member", metric=title)


def _view(
    name: str, title: LazyText, rows: Callable[[Groups], tuple[Compared, ...]], *metrics: MemberMetric
) -> View:
    def words() -> Words:
        unit = metrics[0].of.unit
        return Words(_a_member(unit), tr("No {unit} of members with these roles", unit=unit))

    showing = Showing(f"{GROUP}/{name}", title, words)
    return View(
        kind=showing.kind,
        code=CODES[name],
        title=title,
        help=HELP,
        load=_loading(name, metrics, rows),
        board=showing.board,
        chart=showing.chart,
        board_chart=showing.board_chart,
        compares=Restriction.ROLES,
    )


def _loading(
    name: str, metrics: tuple[MemberMetric, ...], rows: Callable[[Groups], tuple[Compared, ...]]
) -> Callable[[Reader, Scope], Coroutine[Any, Any, Comparison]]:
    async def load(reader: Reader, scope: Scope) -> Comparison:
        if not FEWEST <= len(scope.roles) <= MOST:
            raise CannotShow(tr("Choose {fewest} to {most} roles to compare.", fewest=FEWEST, most=MOST))
        asked = await place(reader, replace(scope, roles=()))
        by_day = RECEIVED in metrics
        placed, days = (asked.in_days(), days_of(asked)) if by_day else (asked, None)
        holders = await holders_by_role(reader, scope)
        known = await members_known(reader, scope, placed)
        kinds = {
            metric.of.kind: replace(known, placed=await known_of(reader, placed, metric.of.kind))
            for metric in (*METRICS, DAYS)
        }
        now, before = await asyncio.gather(
            reader.member_spans(scope.guild_id, placed.ranges if known.period else (), *PARTS.values()),
            reader.member_spans(scope.guild_id, known.before, *PARTS.values()),
        )
        notes = tuple(str(metric.of.note) for metric in metrics if metric.of.note)

        def compute() -> Comparison:
            head = head_of(asked, compared=bool(known.before))
            groups = Groups(
                holders,
                member_activity(now) if known.period else None,
                member_activity(before) if known.before else None,
                kinds,
            )
            return Comparison(
                head=head,
                metric=name,
                subjects=tuple(Subject(SubjectKind.ROLE, role) for role in holders),
                rows=rows(groups),
                notes=(
                    str(TODAY),
                    *notes,
                    *said(days, RECEIVED.of.title),
                    *not_kept(head, known=known.period),
                ),
            )

        return await asyncio.to_thread(compute)

    return load


def _of(title: LazyText, metric: MemberMetric) -> View:
    return _view(metric.of.name, title, partial(_closely, metric), metric)


VIEWS = (
    _view(ALL, LazyText("Roles compared: all metrics"), _overall, MESSAGES, VOICE, GIVEN),
    _of(LazyText("Roles compared: messages"), MESSAGES),
    _of(LazyText("Roles compared: time in voice"), VOICE),
    _of(LazyText("Roles compared: reactions given"), GIVEN),
    _of(LazyText("Roles compared: reactions received"), RECEIVED),
)
