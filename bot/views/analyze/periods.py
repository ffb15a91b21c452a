"""``compare/periods/…``: the period beside the one before it, in all metrics or closely in one.

A metric reads what its trend reads (``bot.views.trends``), for both periods: of d days each, messages, voice
and reactions 2 d ``channelPacks``, together or alone, members who wrote as many and the packs of members
(``Reader.member_spans``), and each reading 2 d ``guildDays``; of days without a valid pack each document.
"""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import Any

from analytics.charts.spec import AreaSpec, BarsSpec, ComparisonSpec, LineSpec, Theme, TimeAxis, Unit
from analytics.comparing import running_sum
from analytics.local_time import HOURS_PER_DAY
from analytics.timeframes import AllTime
from analytics.trends import Course, settled
from bot.db.reader import Reader
from bot.views.analyze.comparing import measurement
from bot.views.counting import (
    as_before,
    curve_chart,
    finding,
    place_and_period,
    quantity_of,
    series,
)
from bot.views.heads import Placed, head_of, place
from bot.views.known_from import known_of
from bot.views.refusal import CannotShow
from bot.views.scope import Scope
from bot.views.trends import METRICS as TRENDS
from bot.views.trends import Metric, axis_of, calendar_for, read_courses, whole_days
from bot.views.view import View
from bot.views.whole_days import REACTIONS, head_of_days, said
from bot.wording.format import times
from schemas.results.board import Board, Figure, Head, Measure
from schemas.results.comparison import PeriodFigure, TwoPeriods
from schemas.results.curve import Curve, Total
from texts import LazyText, percent, tr

GROUP = "compare/periods"
ALL = "all"
METRICS = tuple(metric for metric in TRENDS if not metric.level)
"""What is counted; a level is no amount of a period."""
CODES = {ALL: 94, **{metric.name: code for code, metric in enumerate(METRICS, 95)}}
HELP = LazyText("The period beside the one before it")
TITLES: Mapping[str, LazyText] = MappingProxyType(
    {
        ALL: LazyText("Periods compared: all metrics"),
        "messages": LazyText("Periods compared: messages"),
        "active": LazyText("Periods compared: members who wrote"),
        "joins": LazyText("Periods compared: joins"),
        "voice": LazyText("Periods compared: time in voice"),
        "reactions": LazyText("Periods compared: reactions"),
        "threads": LazyText("Periods compared: threads"),
    }
)
MOST_IN: Mapping[str, LazyText] = MappingProxyType(
    {
        "hour": LazyText("Most in an hour"),
        "day": LazyText("Most in a day"),
        "week": LazyText("Most in a week"),
        "month": LazyText("Most in a month"),
    }
)
NOTHING_BEFORE = LazyText("There is no period before all time to compare with: choose another timeframe.")
NOT_OVER = LazyText("No hour of this time is over yet, so there is nothing to compare: ask again in an hour.")
SUBJECTS = (LazyText("this period"), LazyText("the period before"))


def _view(name: str, title: LazyText, *metrics: Metric) -> View:
    kind = f"{GROUP}/{name}"

    def board(result: TwoPeriods) -> Board:
        return _board(kind, str(title), metrics[0], result)

    return View(
        kind=kind,
        code=CODES[name],
        title=title,
        help=HELP,
        load=_loading(name, metrics),
        board=board,
        chart=partial(_chart, metrics[0]),
        of_two_periods=True,
    )


def _loading(
    name: str, metrics: tuple[Metric, ...]
) -> Callable[[Reader, Scope], Coroutine[Any, Any, TwoPeriods]]:
    async def load(reader: Reader, scope: Scope) -> TwoPeriods:
        placed = await place(reader, replace(scope, compare=True))
        if len(metrics) == 1:
            placed = await known_of(reader, placed, metrics[0].kind)
        if placed.period.previous is None:
            raise CannotShow(str(NOTHING_BEFORE if isinstance(scope.timeframe, AllTime) else NOT_OVER))
        courses = await read_courses(reader, scope, placed, metrics)
        if len(metrics) > 1:
            figures = tuple(
                PeriodFigure(str(metric.title), metric.measure, course.level)
                for metric, course in zip(metrics, courses, strict=True)
            )
            days = whole_days(placed, metrics)
            return TwoPeriods(head=head_of(placed), metric=name, figures=figures, days=days)
        (course,), (metric,) = courses, metrics
        return TwoPeriods(
            head=head_of(placed),
            metric=name,
            figures=tuple(_figures(placed, metric, course)),
            curve=course.curve,
            so_far=running_sum(course.curve) if metric.adds_up else None,
            days=whole_days(placed, metrics),
        )

    return load


def _figures(placed: Placed, metric: Metric, course: Course) -> list[PeriodFigure]:
    """The amount, the mean a day and the most in a bucket, of both periods."""
    found = [PeriodFigure(str(metric.title), metric.measure, course.level)]
    if metric.adds_up:  # members are counted once, so the amounts of days come to more than the period's
        a_day = Measure.RATE if metric.measure is Measure.COUNT else metric.measure
        calendar = calendar_for(metric, placed)
        days, previous = calendar.counted_days(), calendar.period.previous
        days_before = None if previous is None else (previous[1] - previous[0]) / HOURS_PER_DAY
        daily = Total(mean(course.level.now, days), mean(course.level.before, days_before))
        found.append(PeriodFigure(tr("{metric} a day", metric=metric.title), a_day, daily))
    curve = course.curve
    greatest = Total(most(settled(curve)), most(settled(curve, previous=True)))
    found.append(PeriodFigure(str(MOST_IN[curve.bucket]), metric.measure, greatest))
    return found


def mean(amount: float | None, days: float | None) -> float | None:
    """An amount a day; None: unknown."""
    return None if amount is None or not days else amount / days


def most(values: tuple[float | None, ...]) -> float | None:
    """The greatest value that is known; None: none is."""
    return max((value for value in values if value is not None), default=None)


def _board(kind: str, title: str, metric: Metric, result: TwoPeriods) -> Board:
    curves = []
    if result.curve is not None:
        curves.append(series(str(metric.title), result.curve, metric.measure))
    if result.so_far is not None:
        curves.append(series(tr("{metric} so far", metric=metric.title), result.so_far, metric.measure))
    return Board(
        kind=kind,
        title=title,
        head=result.head,
        figures=tuple(
            Figure(
                title=each.title,
                value=each.amount.now,
                measure=each.measure,
                compared=True,
                previous=each.amount.before,
            )
            for each in result.figures
        ),
        series=tuple(curves),
        notes=said(result.days, REACTIONS),
    )


def _chart(
    metric: Metric, result: TwoPeriods, theme: Theme
) -> ComparisonSpec | LineSpec | BarsSpec | AreaSpec:
    """All metrics side by side; of one how it came about."""
    if result.curve is None:
        return _side_by_side(result, theme)
    level, head = result.figures[0].amount, head_of_days(result.head, result.days)
    written = metric.written(round(level.now or 0))
    title = finding(level, written, str(metric.none), metric.of, metric.measure)
    if result.so_far is None:
        return curve_chart(head, result.curve, title, axis_of(metric), theme)
    return _race(metric, head, title, result.so_far, theme)


def _race(metric: Metric, head: Head, title: str, so_far: Curve, theme: Theme) -> LineSpec:
    return LineSpec(
        title=title,
        subtitle=place_and_period(head),
        theme=theme,
        axis=TimeAxis.starting(so_far.starts[0], Unit(so_far.bucket)),
        values=so_far.values,
        previous=so_far.previous,
        y_label=tr("{unit}, added up", unit=metric.of),
        quantity=quantity_of(metric.measure),
        partial_last=so_far.partial_last,
        running=head.running,
        from_zero=True,
    )


def _side_by_side(result: TwoPeriods, theme: Theme) -> ComparisonSpec:
    return ComparisonSpec(
        title=_most_changed(result),
        subtitle=place_and_period(result.head),
        theme=theme,
        subjects=tuple(str(subject) for subject in SUBJECTS),
        measurements=tuple(
            measurement(each.title, each.measure, (each.amount.now, each.amount.before))
            for each in result.figures
        ),
    )


def _most_changed(result: TwoPeriods) -> str:
    changes = [
        ((each.amount.now - each.amount.before) / each.amount.before, each)
        for each in result.figures
        if each.amount.now is not None and each.amount.before
    ]
    if not changes:
        return tr("There is nothing known to compare with")
    share, figure = max(changes, key=lambda change: abs(change[0]))
    countable, title = figure.measure is Measure.COUNT, figure.title
    many = times(figure.amount.now or 0, figure.amount.before or 0)
    if many is not None:
        return (_TIMES_AS_MANY if countable else _TIMES_AS_MUCH).say(metric=title, times=many)
    if as_before(share):
        return tr("All as in the period before")
    if share > 0:
        return tr("{metric} changed most: {share} more", metric=title, share=percent(share))
    return (_FEWER if countable else _LESS).say(metric=title, share=percent(-share))


_TIMES_AS_MANY = LazyText("{metric} changed most: {times} times as many")
_TIMES_AS_MUCH = LazyText("{metric} changed most: {times} times as much")
_FEWER = LazyText("{metric} changed most: {share} fewer")
_LESS = LazyText("{metric} changed most: {share} less")


VIEWS = (
    _view(ALL, TITLES[ALL], *METRICS),
    *(_view(metric.name, TITLES[metric.name], metric) for metric in METRICS),
)
