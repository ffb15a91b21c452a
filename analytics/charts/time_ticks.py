"""Ticks of a time axis: the densest calm set of labels whose texts do not touch.

Plans go from dense to sparse, each aligned on what people think in: full hours, midnights, Mondays, firsts of
a month, Januaries. What labels leave out (the day of an hour, the year of a month) stands in a second row
where it changes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from analytics.charts.notation import Locale
from analytics.charts.spec import Moment, Unit
from analytics.charts.wording import Measure

LABEL_GAP = 22.0
"""Pixels between two labels, at least."""

_LABEL_AIR = 0.35
_WEEKDAYS_UP_TO = 10
_HOURS_UP_TO = 24 * 4


@dataclass(frozen=True, slots=True)
class Tick:
    """A marked bucket; ``context`` is the second row's text, where there is one."""

    index: int
    label: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which buckets get a label, what it says, and what the second row would say."""

    picks: Callable[[int, Moment], bool]
    label: Callable[[Moment], str]
    context: Callable[[Moment], str]


def time_ticks(
    unit: Unit, moments: Sequence[Moment], locale: Locale, place: Callable[[int], float], measure: Measure
) -> tuple[Tick, ...]:
    """Return the ticks of an axis.

    ``place`` gives the x of a bucket's middle in pixels, ``measure`` the width of a label.
    """
    if not moments:
        return ()
    sparsest: tuple[Tick, ...] = ()
    for plan in _plans(unit, moments, locale):
        ticks = _ticks(plan, moments)
        if ticks and _fits(ticks, place, measure):
            return _without_touching_contexts(ticks, place, measure)
        sparsest = ticks[:1] or sparsest
    return sparsest


def _ticks(plan: _Plan, moments: Sequence[Moment]) -> tuple[Tick, ...]:
    shown = ""
    ticks = []
    for index, moment in enumerate(moments):
        if plan.picks(index, moment):
            context = plan.context(moment)
            ticks.append(Tick(index, plan.label(moment), context if context != shown else ""))
            shown = context
    return tuple(ticks)


def _fits(ticks: tuple[Tick, ...], place: Callable[[int], float], measure: Measure) -> bool:
    widths = [measure(tick.label) for tick in ticks]
    gap = max(LABEL_GAP, _LABEL_AIR * max(widths))
    return all(
        place(after.index) - place(before.index) >= (left + right) / 2 + gap
        for (before, after), (left, right) in zip(pairwise(ticks), pairwise(widths), strict=True)
    )


def _without_touching_contexts(
    ticks: tuple[Tick, ...], place: Callable[[int], float], measure: Measure
) -> tuple[Tick, ...]:
    """Drop a second-row text that would touch the next one: the later one stands where the change is."""
    kept: list[Tick] = []
    next_left = float("inf")
    for tick in reversed(ticks):
        half = measure(tick.context) / 2
        if tick.context and place(tick.index) + half + LABEL_GAP > next_left:
            kept.append(Tick(tick.index, tick.label))
            continue
        if tick.context:
            next_left = place(tick.index) - half
        kept.append(tick)
    return tuple(reversed(kept))


def _plans(unit: Unit, moments: Sequence[Moment], locale: Locale) -> Iterator[_Plan]:
    year = _year if moments[0].day.year != moments[-1].day.year else _nothing
    match unit:
        case Unit.HOUR:
            yield from _hour_plans(len(moments), locale)
            yield from _day_plans(len(moments) // 24, locale, year, midnight=True)
        case Unit.DAY:
            yield from _day_plans(len(moments), locale, year, midnight=False)
        case Unit.WEEK:
            yield from _week_plans(locale, year)
    yield from _month_plans(unit, locale)
    yield from _year_plans(unit)


def _hour_plans(count: int, locale: Locale) -> Iterator[_Plan]:
    if count > _HOURS_UP_TO:
        return
    for step in (1, 2, 3, 6, 12):
        yield _Plan(partial(_at_hour, step), _clock, partial(_weekday_date, locale))


def _day_plans(
    days: int, locale: Locale, year: Callable[[Moment], str], *, midnight: bool
) -> Iterator[_Plan]:
    per_day = 24 if midnight else 1
    if days <= _WEEKDAYS_UP_TO:
        yield _Plan(partial(_at_day, 1, per_day), partial(_weekday_day, locale), partial(_month, locale))
    for step in (1, 2, 3):
        yield _Plan(partial(_at_day, step, per_day), partial(_date, locale), year)
    for weeks in (1, 2):
        yield _Plan(partial(_at_monday, weeks), partial(_date, locale), year)


def _week_plans(locale: Locale, year: Callable[[Moment], str]) -> Iterator[_Plan]:
    for step in (1, 2, 4):
        yield _Plan(partial(_at_step, step), partial(_date, locale), year)


def _month_plans(unit: Unit, locale: Locale) -> Iterator[_Plan]:
    for step in (1, 2, 3, 6):
        yield _Plan(partial(_at_month, unit, step), partial(_month, locale), _year)


def _year_plans(unit: Unit) -> Iterator[_Plan]:
    for step in (1, 2, 5, 10, 50, 100):
        yield _Plan(partial(_at_year, unit, step), _year, _nothing)


def _at_step(step: int, index: int, _moment: Moment) -> bool:
    return index % step == 0


def _at_hour(step: int, _index: int, moment: Moment) -> bool:
    return moment.hour % step == 0


def _at_day(step: int, per_day: int, index: int, moment: Moment) -> bool:
    return moment.hour == 0 and (index // per_day) % step == 0


def _at_monday(weeks: int, _index: int, moment: Moment) -> bool:
    return moment.hour == 0 and moment.day.weekday() == 0 and (moment.day.toordinal() // 7) % weeks == 0


def _at_month(unit: Unit, step: int, _index: int, moment: Moment) -> bool:
    return _opens_month(unit, moment) and (moment.day.month - 1) % step == 0


def _at_year(unit: Unit, step: int, _index: int, moment: Moment) -> bool:
    return _opens_month(unit, moment) and moment.day.month == 1 and moment.day.year % step == 0


def _opens_month(unit: Unit, moment: Moment) -> bool:
    days = 7 if unit is Unit.WEEK else 1
    return moment.hour == 0 and moment.day.day <= days


def _clock(moment: Moment) -> str:
    return f"{moment.hour:02d}:00"


def _date(locale: Locale, moment: Moment) -> str:
    return _named(locale.day_month, locale, moment)


def _weekday_day(locale: Locale, moment: Moment) -> str:
    return _named(locale.weekday_day, locale, moment)


def _weekday_date(locale: Locale, moment: Moment) -> str:
    return _named(locale.weekday_day_month, locale, moment)


def _named(pattern: str, locale: Locale, moment: Moment) -> str:
    day = moment.day
    return pattern.format(
        day=day.day, month=locale.months[day.month - 1], weekday=locale.weekdays[day.weekday()]
    )


def _month(locale: Locale, moment: Moment) -> str:
    return locale.months[moment.day.month - 1]


def _year(moment: Moment) -> str:
    return str(moment.day.year)


def _nothing(_moment: Moment) -> str:
    return ""
