"""What one member did: for the member (``me``), and for moderators (``member``).

``reading`` says which documents are read. Where the member stands among the others is said as a share of
them, and names nobody.
"""

import asyncio
from dataclasses import dataclass
from functools import partial

from analytics.charts.spec import BarsSpec, Theme, TimeAxis, Unit
from analytics.local_time import clock_reading
from analytics.member_activity import messages_by_day, standing
from analytics.timeframes import Bucket, bucket_starts
from bot.db.reader import Reader
from bot.views.buckets import per
from bot.views.curve import by_bucket
from bot.views.heads import head_of
from bot.views.people.metrics import ACTIVE_DAYS, METRICS, Metric
from bot.views.people.reading import People, known_from, read_people, unknown_before
from bot.views.scope import Scope
from bot.views.view import View
from bot.views.whole_days import said
from schemas.results.board import Board, Figure, Series, Subject, SubjectKind
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
    placed, period = people.placed, people.placed.period
    bucket = Bucket.DAY if period.bucket is Bucket.HOUR else period.bucket
    starts = bucket_starts(period.start, period.stop, bucket)
    zone = placed.zones.current.zone
    return MemberFigures(
        head=head_of(placed, compared=people.before is not None),
        member=member,
        known_from=known_from(people),
        days=people.days,
        figures=tuple(_figure(metric, people, member) for metric in (*METRICS, ACTIVE_DAYS)),
        bucket=bucket.value,
        bucket_starts=tuple(clock_reading(start, zone) for start in starts),
        messages=by_bucket(
            starts, messages_by_day(people.spans, member), people.known_from or placed.first_hour
        ),
    )


def _figure(metric: Metric, people: People, member: int) -> MemberFigure:
    now = standing(people.now, member, metric.by)
    before = None if people.before is None else standing(people.before, member, metric.by)
    return MemberFigure(
        title=str(metric.title),
        measure=metric.measure,
        value=now.value / metric.divisor,
        previous=None if before is None else before.value / metric.divisor,
        ahead_of=now.ahead_of,
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
        series=(
            Series(
                title=tr("Messages"),
                bucket=result.bucket,
                starts=result.bucket_starts,
                values=result.messages,
            ),
        ),
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


def _chart(result: MemberFigures, theme: Theme) -> BarsSpec:
    """Messages over time; the title says how many."""
    unit = Unit(result.bucket)
    written = round(result.figures[0].value)
    total = tr_n("{count} message", "{count} messages", written)
    return BarsSpec(
        title=total if written else tr("No messages in this period"),
        subtitle=f"{result.head.guild_name} · {result.head.timeframe_name}",
        theme=theme,
        axis=TimeAxis.starting(result.bucket_starts[0], unit),
        values=result.messages,
        y_label=per(unit.value, tr_p("amount", "messages")),
        partial_last=result.head.running,
    )


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
