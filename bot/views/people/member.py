"""What one member did: for the member (``me``), and for moderators (``member``).

``reading`` says which documents are read. Where the member stands among the others is said as a share of
them, and names nobody.
"""

import asyncio
from dataclasses import dataclass, replace
from functools import partial

from analytics.charts.spec import AreaSpec, BarsSpec, Theme
from analytics.local_time import HOURS_PER_DAY
from analytics.member_activity import messages_by_day, standing
from bot.db.reader import Reader
from bot.views.counting import Axis, calendar_of, curve_chart, finding, series
from bot.views.heads import head_of
from bot.views.people.metrics import ACTIVE_DAYS, METRICS, Metric
from bot.views.people.reading import People, known_from, read_people, unknown_before
from bot.views.scope import Scope
from bot.views.view import View
from bot.views.whole_days import said
from schemas.results.board import Board, Figure, Subject, SubjectKind
from schemas.results.curve import Total
from schemas.results.people import MemberFigure, MemberFigures
from texts import LazyText, percent, tr, tr_n, tr_p


@dataclass(frozen=True, slots=True)
class Told:
    """Whom the figures are told: how the view is called, and what is said besides."""

    kind: str
    code: int
    title: LazyText
    help: LazyText
    notes: tuple[LazyText, ...]


ME = Told(
    "me",
    114,
    LazyText("You on this server"),
    LazyText("What is counted of you"),
    (
        LazyText(
            "Only you see this. On the server, `/privacy` shows what is stored of you, stops the counting or "
            "erases it."
        ),
    ),
)
MEMBER = Told(
    "member",
    90,
    LazyText("One member"),
    LazyText("What one member did"),
    (LazyText("That you looked is noted in the audit log of `/admin audit`."),),
)


async def load(reader: Reader, scope: Scope) -> MemberFigures:
    """Read and compute the figures of the member whom the scope is about; raises UnknownGuild."""
    people = await read_people(reader, scope, daily=True)
    return await asyncio.to_thread(figures, people, scope.subject)


def figures(people: People, member: int) -> MemberFigures:
    """A member's figures; a curve is by day at the finest, as days are what is kept of members."""
    placed = people.placed
    known = people.known_from or placed.first_hour
    calendar = replace(calendar_of(placed).by_day(), first_hour=known)
    wrote = messages_by_day(people.spans, member)
    return MemberFigures(
        head=head_of(placed, compared=people.before is not None),
        member=member,
        known_from=known_from(people),
        days=people.days,
        figures=tuple(_figure(metric, people, member) for metric in (*METRICS, ACTIVE_DAYS)),
        messages=calendar.curve({day * HOURS_PER_DAY: number for day, number in wrote.items()}, None),
    )


def _figure(metric: Metric, people: People, member: int) -> MemberFigure:
    done, done_before = (of(metric.kind, metric.by) for of in (people.of_now, people.of_before))
    now = None if done is None else standing(done, member, metric.by)
    before = None if done_before is None else standing(done_before, member, metric.by)
    return MemberFigure(
        title=str(metric.title),
        measure=metric.measure,
        value=None if now is None else now.value / metric.divisor,
        previous=None if before is None else before.value / metric.divisor,
        ahead_of=None if now is None else now.ahead_of,
    )


def _board(told: Told, result: MemberFigures) -> Board:
    return Board(
        kind=told.kind,
        title=str(told.title),
        head=result.head,
        member=Subject(SubjectKind.MEMBER, result.member) if told is MEMBER else None,
        figures=tuple(
            Figure(
                title=figure.title,
                value=figure.value,
                measure=figure.measure,
                compared=True,
                previous=figure.previous,
                note=_ahead(figure),
            )
            for figure in result.figures
        ),
        series=(series(tr("Messages"), result.messages),),
        notes=(
            *unknown_before(result.known_from),
            *said(result.days, tr("Reactions received")),
            *map(str, told.notes),
        ),
    )


def _ahead(figure: MemberFigure) -> str:
    if figure.ahead_of is None:
        return ""
    return tr("ahead of {share} of the others who did", share=percent(figure.ahead_of))


def _chart(result: MemberFigures, theme: Theme) -> BarsSpec | AreaSpec:
    """Messages over time; the title says how many."""
    shown, written = Axis(tr_p("amount", "messages")), result.figures[0].value
    total = tr_n("{count} message", "{count} messages", round(written or 0))
    title = finding(Total(written), total, tr("No messages in this period"), shown.what)
    return curve_chart(result.head, result.messages, title, shown, theme)


def _view(told: Told) -> View:
    return View(
        kind=told.kind,
        code=told.code,
        title=told.title,
        help=told.help,
        load=load,
        board=partial(_board, told),
        chart=_chart,
        of_subject=True,
    )


ME_VIEW = _view(ME)
MEMBER_VIEW = _view(MEMBER)
