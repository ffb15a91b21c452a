"""A comparison of a few subjects: as a board a list a figure, as a picture a block of bars a figure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from analytics.charts.spec import (
    MAX_MEASURES,
    MAX_SUBJECTS,
    ComparisonSpec,
    Measurement,
    RankingSpec,
    Theme,
)
from analytics.charts.spec import Ranked as Bar
from bot.views.counting import as_before, place_and_period, quantity_of
from bot.wording.numbers import number
from schemas.results.board import Board, Measure, Ranked, Ranking, Subject, SubjectKind
from schemas.results.comparison import Compared, Comparison
from texts import LazyText, decimal, inside, percent, tr

MOST = MAX_SUBJECTS
"""Subjects that a picture can hold."""
FEWEST = 2
TWICE = 2
_NAMELESS: Mapping[SubjectKind, LazyText] = MappingProxyType(
    {
        SubjectKind.CHANNEL: LazyText("a deleted channel"),
        SubjectKind.ROLE: LazyText("a role"),
        SubjectKind.SERVER: LazyText("a server without a name"),
    }
)


@dataclass(frozen=True, slots=True)
class Words:
    """``unit`` is what the first figure counts, ``none`` says that nobody has any: texts, said by ``str``."""

    unit: object
    none: object


@dataclass(frozen=True, slots=True)
class Showing:
    """How a view shows its comparison; ``in_order``: subjects stand in the picture as they do in the result.

    ``words`` are made when they are said, in the language of who asks.
    """

    kind: str
    title: LazyText
    words: Callable[[], Words]
    in_order: bool = False

    def board(self, result: Comparison) -> Board:
        """A list a figure, the greatest first; who is unknown in it is not listed."""
        return Board(
            kind=self.kind,
            title=str(self.title),
            head=result.head,
            member=None if result.member is None else Subject(SubjectKind.MEMBER, result.member),
            rankings=tuple(_ranking(row, result.subjects) for row in result.rows),
            notes=result.notes,
        )

    def chart(self, result: Comparison, theme: Theme) -> ComparisonSpec | RankingSpec:
        """The result as a picture."""
        order = result.subjects if self.in_order else ()
        return comparison_chart(self.words(), self.board(result), theme, order)

    def board_chart(self, board: Board, theme: Theme) -> ComparisonSpec | RankingSpec:
        """The board as a picture."""
        return comparison_chart(self.words(), board, theme)


def comparison_chart(
    words: Words, board: Board, theme: Theme, order: tuple[Subject, ...] = ()
) -> ComparisonSpec | RankingSpec:
    """The subjects side by side; the title says what the first figure finds.

    They stand in the ``order`` given, so that each keeps its colour, or in that of the first figure.
    """
    subjects = list(order) or _subjects(board)
    title, subtitle = _finding(words, board), place_and_period(board.head)
    if len(subjects) < FEWEST:
        return _alone(board.rankings[0], title, subtitle, theme)
    return ComparisonSpec(
        title=title,
        subtitle=subtitle,
        theme=theme,
        subjects=tuple(name_of(subject) for subject in subjects),
        measurements=tuple(_measurement(each, subjects) for each in board.rankings[:MAX_MEASURES]),
    )


def _alone(ranking: Ranking, title: str, subtitle: str, theme: Theme) -> RankingSpec:
    """The one of which anything is known, or nobody."""
    shown = measurement(ranking.title, ranking.measure, tuple(row.value for row in ranking.rows))
    return RankingSpec(
        title=title,
        subtitle=subtitle,
        theme=theme,
        rows=tuple(
            Bar(name_of(row.subject), value) for row, value in zip(ranking.rows, shown.values, strict=True)
        ),
        x_label=inside(ranking.title),
        quantity=shown.quantity,
    )


def name_of(subject: Subject) -> str:
    """What a subject is called in a picture."""
    return subject.name or str(_NAMELESS.get(subject.kind, ""))


def measurement(title: str, measure: Measure, values: tuple[float | None, ...]) -> Measurement:
    """A block of bars; shares in per cent."""
    if measure is Measure.SHARE:
        values = tuple(None if value is None else 100 * value for value in values)
    return Measurement(title, values, quantity_of(measure))


def _ranking(row: Compared, subjects: tuple[Subject, ...]) -> Ranking:
    rows = [
        Ranked(subject, value, previous)
        for subject, value, previous in zip(subjects, row.values, row.previous, strict=True)
        if value is not None
    ]
    return Ranking(
        title=row.title,
        rows=tuple(sorted(rows, key=lambda each: -each.value)),
        measure=row.measure,
        empty=tr("Not known of this period."),
    )


def _subjects(board: Board) -> list[Subject]:
    """In the order of the first figure."""
    found = (row.subject for ranking in board.rankings for row in ranking.rows)
    return list(dict.fromkeys(found))[:MOST]


def _measurement(ranking: Ranking, subjects: list[Subject]) -> Measurement:
    values = {row.subject: row.value for row in ranking.rows}
    return measurement(ranking.title, ranking.measure, tuple(values.get(subject) for subject in subjects))


def _finding(words: Words, board: Board) -> str:
    """What the first figure says of the two that have most of it."""
    ranking = board.rankings[0]
    rows = ranking.rows
    if not rows:
        return tr("Not known of this period: {what}", what=words.unit)
    if rows[0].value <= 0:
        return str(words.none)
    if len(rows) < FEWEST:  # nothing is known of any other
        value = number(rows[0].value, ranking.measure)
        return tr(
            "{metric} of {name}: {value}", metric=ranking.title, name=name_of(rows[0].subject), value=value
        )
    return _ahead(words, rows[0], rows[1])


def _ahead(words: Words, first: Ranked, second: Ranked) -> str:
    """How far the first is ahead of the second; without a verb, for a role's name may be a plural."""
    name, other, unit = _beginning(first.subject), name_of(second.subject), words.unit
    if second.value <= 0:
        return tr("{name} alone, no {unit} of the others", name=name, unit=unit)
    times = first.value / second.value
    if times >= TWICE:
        return tr(
            "{name}: {times} times as many {unit} as {other}",
            name=name,
            times=decimal(times, 0 if round(times, 1).is_integer() else 1),
            unit=unit,
            other=other,
        )
    if as_before(times - 1):
        return tr("{name} and {other} have the same number of {unit}", name=name, other=other, unit=unit)
    more = percent(times - 1)
    return tr("{name}: {more} more {unit} than {other}", name=name, more=more, unit=unit, other=other)


def _beginning(subject: Subject) -> str:
    """The name where a sentence begins: words of our own with a capital."""
    name = name_of(subject)
    ours = subject.kind is SubjectKind.TEXT or subject.name is None
    return name[:1].upper() + name[1:] if ours else name
