"""Who did most in a period: a view a metric. ``reading`` says which documents are read."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from analytics.charts.spec import Ranked as Bar
from analytics.charts.spec import RankingSpec, Theme
from analytics.member_activity import values_of
from bot.db.reader import Reader
from bot.members.people import FORMER, NAMELESS
from bot.views.counting import place_and_period, quantity_of
from bot.views.heads import head_of
from bot.views.naming import short
from bot.views.people.metrics import METRICS, Metric
from bot.views.people.reading import RECEIVED, People, known_from, read_people, unknown_before
from bot.views.scope import Scope
from bot.views.view import Restriction, View
from bot.views.whole_days import said
from schemas.results.board import Board, Figure, Ranked, Ranking, Subject, SubjectKind
from schemas.results.people import Leaderboard, Place
from texts import inside, percent, tr

PLACES = 100
BARS = 10
GROUP = "leaderboard"


def of_metric(metric: Metric) -> View:
    """The leaderboard of a metric."""
    return View(
        kind=f"{GROUP}/{metric.name}",
        code=metric.code,
        title=metric.title,
        help=metric.who,
        load=_loading(metric),
        board=partial(_board, metric),
        chart=lambda result, theme: _chart(metric, _board(metric, result), theme),
        board_chart=partial(_chart, metric),
        restricted_by=frozenset({Restriction.ROLES}),
    )


def leaderboard(metric: Metric, people: People) -> Leaderboard:
    """The first members by a metric; of those with as much, the lower pseudonym comes first."""
    done, done_before = people.of_now(metric.kind), people.of_before(metric.kind)
    now = {} if done is None else _measured(metric, values_of(done, metric.by))
    before = None if done_before is None else _measured(metric, values_of(done_before, metric.by))
    first = sorted(now.items(), key=lambda row: (-row[1], row[0]))[:PLACES]
    return Leaderboard(
        head=head_of(people.kinds[metric.kind], compared=before is not None),
        known_from=known_from(people),
        days=people.days,
        metric=metric.name,
        measure=metric.measure,
        total=None if done is None else sum(now.values()),
        previous_total=None if before is None else sum(before.values()),
        members=None if done is None else len(now),
        previous_members=None if before is None else len(before),
        rows=tuple(
            Place(member, value, None if before is None else before.get(member, 0.0))
            for member, value in first
        ),
    )


def _loading(metric: Metric) -> Callable[[Reader, Scope], Coroutine[Any, Any, Leaderboard]]:
    async def load(reader: Reader, scope: Scope) -> Leaderboard:
        people = await read_people(reader, scope, (metric.by,), by_day=metric.by == RECEIVED)
        return await asyncio.to_thread(leaderboard, metric, people)

    return load


def _measured(metric: Metric, values: dict[int, float]) -> dict[int, float]:
    return {member: value / metric.divisor for member, value in values.items()}


def _board(metric: Metric, result: Leaderboard) -> Board:
    listed = sum(place.value for place in result.rows)
    ranking = Ranking(
        title=str(metric.who),
        rows=tuple(
            Ranked(Subject(SubjectKind.MEMBER, place.member), place.value, place.previous)
            for place in result.rows
        ),
        measure=metric.measure,
        whole=result.total,
        others=(result.members or 0) - len(result.rows),
        others_value=max((result.total or 0) - listed, 0),
        empty=tr("Not known of this period.") if result.total is None else f"{metric.none}.",
    )
    return Board(
        kind=f"{GROUP}/{metric.name}",
        title=tr("Leaderboard: {what}", what=inside(str(metric.title))),
        head=result.head,
        figures=(
            Figure(
                title=str(metric.title),
                value=result.total,
                measure=metric.measure,
                compared=True,
                previous=result.previous_total,
            ),
            Figure(
                title=tr("Members"), value=result.members, compared=True, previous=result.previous_members
            ),
        ),
        rankings=(ranking,),
        notes=(
            *unknown_before(result.known_from),
            *((str(metric.note),) if metric.note else ()),
            *said(result.days, metric.title),
        ),
    )


def _chart(metric: Metric, board: Board, theme: Theme) -> RankingSpec:
    """The first ten as bars; the title says who leads."""
    (ranking,) = board.rankings
    rows = ranking.rows[:BARS]
    return RankingSpec(
        title=_finding(metric, ranking),
        subtitle=place_and_period(board.head),
        theme=theme,
        rows=tuple(_bar(row, place) for place, row in enumerate(rows, 1)),
        x_label=inside(str(metric.title)),
        quantity=quantity_of(metric.measure),
    )


def _bar(row: Ranked, place: int) -> Bar:
    previous = None if row.previous is None else round(row.previous, 1)
    return Bar(_name(row, place), round(row.value, 1), previous)


def _finding(metric: Metric, ranking: Ranking) -> str:
    if ranking.whole is None:
        return tr("Not known of this period: {what}", what=metric.unit)
    if not ranking.rows or not ranking.whole:
        return str(metric.none)
    first = ranking.rows[0]
    name = _name(first, 1)
    who = name.capitalize() if name in (str(FORMER), str(NAMELESS)) else short(name)
    return metric.leads.say(who=who, share=percent(first.value / ranking.whole))


def _name(row: Ranked, place: int) -> str:
    """What a member is called; without Discord, as on the command line, the place in the ranking."""
    return row.subject.name or tr("Member {place}", place=place)


VIEWS = tuple(of_metric(metric) for metric in METRICS)
