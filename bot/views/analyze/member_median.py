"""``compare/member/…``: one member beside the one in the middle, in all metrics or closely in one.

The median is that of the members who did any of it in the period, the member among them.
``bot.views.people.reading`` says which documents are read.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from analytics.comparing import median_a_day, median_of
from analytics.member_activity import RANKED_BY, MemberActivity, standing
from bot.db.reader import Reader
from bot.views.analyze.comparing import Showing, Words
from bot.views.analyze.member_metrics import DAYS, GIVEN, MESSAGES, RECEIVED, VOICE, MemberMetric
from bot.views.heads import head_of
from bot.views.people.member import MEMBER
from bot.views.people.reading import People, known_from, read_people, unknown_before
from bot.views.scope import Scope
from bot.views.view import View
from bot.views.whole_days import said
from schemas.results.board import Measure, Subject, SubjectKind
from schemas.results.comparison import Compared, Comparison
from texts import LazyText, tr

GROUP = "compare/member"
ALL = "all"
HELP = LazyText("One member beside the one in the middle")
METRICS = (MESSAGES, VOICE, GIVEN, RECEIVED, DAYS)
CODES = {ALL: 130, **{metric.of.name: code for code, metric in enumerate(METRICS, 131)}}
SUBJECTS = (LazyText("this member"), LazyText("the median"))
OF_WHOM = LazyText("The median is that of the members who did any of it in this period.")

Row = Callable[["Pair"], Compared]


@dataclass(frozen=True, slots=True)
class Pair:
    """A member among all, in the period and in the one before (None: unknown)."""

    member: int
    people: People

    def amount(self, metric: MemberMetric) -> Compared:
        """How much the member did, and the one in the middle."""
        now, before = (self._sums(activity, metric) for activity in self._periods(metric))
        return Compared(str(metric.of.title), metric.of.measure, now, before)

    def a_day(self, metric: MemberMetric) -> Compared:
        """The same for a day on which they were active."""
        measure = Measure.RATE if metric.of.measure is Measure.COUNT else metric.of.measure
        now, before = (self._means(activity, metric) for activity in self._periods(metric))
        return Compared(tr("{metric} on an active day", metric=metric.of.title), measure, now, before)

    def _periods(self, metric: MemberMetric) -> tuple[MemberActivity | None, MemberActivity | None]:
        return self.people.of_now(metric.of.kind), self.people.of_before(metric.of.kind)

    def _sums(self, activity: MemberActivity | None, metric: MemberMetric) -> tuple[float | None, ...]:
        if activity is None:
            return None, None
        own = standing(activity, self.member, metric.of.by).value
        return _scaled(metric, own, median_of(activity, metric.of.by))

    def _means(self, activity: MemberActivity | None, metric: MemberMetric) -> tuple[float | None, ...]:
        if activity is None:
            return None, None
        days = standing(activity, self.member, DAYS.of.by).value
        own = standing(activity, self.member, metric.of.by).value
        return _scaled(metric, own / days if days else None, median_a_day(activity, metric.of.by))


def _scaled(metric: MemberMetric, *values: float | None) -> tuple[float | None, ...]:
    return tuple(None if value is None else value / metric.of.divisor for value in values)


def _view(
    name: str, title: LazyText, rows: Callable[[Pair], tuple[Compared, ...]], *metrics: MemberMetric
) -> View:
    words = Words(metrics[0].of.unit, metrics[0].of.none)
    showing = Showing(f"{GROUP}/{name}", title, lambda: words, in_order=True)
    return View(
        kind=showing.kind,
        code=CODES[name],
        title=title,
        help=HELP,
        load=_loading(name, metrics, rows),
        board=showing.board,
        chart=showing.chart,
        of_subject=True,
    )


def _loading(
    name: str, metrics: tuple[MemberMetric, ...], rows: Callable[[Pair], tuple[Compared, ...]]
) -> Callable[[Reader, Scope], Coroutine[Any, Any, Comparison]]:
    async def load(reader: Reader, scope: Scope) -> Comparison:
        by_day = metrics == (RECEIVED,)
        only = tuple(by for by in RANKED_BY if by in {DAYS.of.by, *(metric.of.by for metric in metrics)})
        people = await read_people(reader, scope, only, by_day=by_day)
        notes = tuple(str(metric.of.note) for metric in metrics if metric.of.note)
        return Comparison(
            head=head_of(people.placed, compared=people.before is not None),
            metric=name,
            subjects=tuple(Subject(SubjectKind.TEXT, 0, str(subject)) for subject in SUBJECTS),
            rows=rows(Pair(scope.subject, people)),
            member=scope.subject,
            notes=(str(OF_WHOM), *notes, *_known(people), *map(str, MEMBER.notes)),
        )

    return load


def _known(people: People) -> tuple[str, ...]:
    return (*unknown_before(known_from(people)), *said(people.days, RECEIVED.of.title))


def _overall(pair: Pair) -> tuple[Compared, ...]:
    return tuple(pair.amount(metric) for metric in METRICS)


def _closely(metric: MemberMetric, pair: Pair) -> tuple[Compared, ...]:
    return (pair.amount(metric), *(() if metric is DAYS else (pair.a_day(metric),)))


def _of(title: LazyText, metric: MemberMetric) -> View:
    return _view(metric.of.name, title, partial(_closely, metric), metric)


VIEWS = (
    _view(ALL, LazyText("Member and median: all metrics"), _overall, *METRICS),
    _of(LazyText("Member and median: messages"), MESSAGES),
    _of(LazyText("Member and median: time in voice"), VOICE),
    _of(LazyText("Member and median: reactions given"), GIVEN),
    _of(LazyText("Member and median: reactions received"), RECEIVED),
    _of(LazyText("Member and median: active days"), DAYS),
)
