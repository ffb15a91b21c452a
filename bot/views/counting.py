"""What views of counters have in common: their calendar, the period before, findings and curves as charts."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from msgspec import structs

from analytics.charts.spec import AreaSpec, BarsSpec, Quantity, Theme, TimeAxis, Unit
from analytics.day_counts import Calendar
from analytics.local_time import HourRange
from bot.views.buckets import per
from bot.views.heads import Placed
from bot.wording.format import times
from bot.wording.numbers import number
from schemas.results.board import Figure, Head, Measure, Ranking, Series, SubjectKind
from schemas.results.curve import Curve, Total
from texts import LazyText, percent, tr

QUANTITIES: Mapping[Measure, Quantity] = MappingProxyType(
    {Measure.MINUTES: Quantity.DURATION, Measure.SHARE: Quantity.PERCENT}
)
"""How a chart writes a measure that is no plain number; shares of 1 have to be made per cent."""

MANY = 120
"""Buckets from which on bars would be too thin."""


def calendar_of(placed: Placed) -> Calendar:
    """How the hours of the period are cut."""
    return Calendar(placed.period, placed.zones.current.zone, placed.first_hour, placed.zones)


def ranges_before(placed: Placed) -> tuple[HourRange, ...]:
    """Hours of the period before; none where it is unknown."""
    return placed.zones.ranges(*placed.before) if placed.before else ()


def total(placed: Placed, now: Mapping[Any, float], before: Mapping[Any, float] | None) -> Total:
    """Sums of amounts of what the question is about; unknown where nothing is; ``before`` None: unknown."""
    return Total(
        sum(now.values()) if placed.known else None, None if before is None else sum(before.values())
    )


def ranking_of(placed: Placed, ranking: Ranking) -> Ranking:
    """A ranking of what the question is about; of what is unknown, none."""
    if placed.known:
        return ranking
    return structs.replace(
        ranking,
        rows=(),
        whole=None,
        others=0,
        others_value=0,
        empty=tr("Not known of this period."),
    )


def figure(title: str, amount: Total, measure: Measure = Measure.COUNT, note: str = "") -> Figure:
    """An amount as a figure with its change."""
    return Figure(
        title=title, value=amount.now, measure=measure, compared=True, previous=amount.before, note=note
    )


@dataclass(frozen=True, slots=True)
class Fields:
    """What was found in the period and in the one before; each field makes a figure. None: unknown."""

    now: object | None
    before: object | None

    def figure(  # noqa: PLR0913 - what a figure is made of
        self,
        title: str,
        name: str,
        measure: Measure = Measure.COUNT,
        *,
        note: str = "",
        of: int | None = None,
        of_what: str = "",
    ) -> Figure:
        """A field as a figure with its change; ``of`` is the whole that it is a part of."""
        return Figure(
            title=title,
            value=None if self.now is None else getattr(self.now, name),
            measure=measure,
            compared=True,
            previous=None if self.before is None else getattr(self.before, name),
            of=of,
            of_what=of_what,
            note=note,
        )


def series(title: str, curve: Curve, measure: Measure = Measure.COUNT) -> Series:
    """A curve as a board's series."""
    return Series(
        title=title,
        bucket=curve.bucket,
        starts=curve.starts,
        values=curve.values,
        previous=curve.previous,
        measure=measure,
        partial_first=curve.partial_first,
        partial_last=curve.partial_last,
    )


def finding(amount: Total, written: str, none: str, what: object, measure: Measure = Measure.COUNT) -> str:
    """Title of a chart: the amount as ``written``, and how it changed.

    ``none`` where there is nothing; of ``what`` it is where that is unknown. ``measure`` tells whether there
    may be fewer of it, or less.
    """
    if amount.now is None:
        return tr("Not known of this period: {what}", what=what)
    if not amount.now:
        return none
    if amount.before is None or not amount.before:
        return written
    return _moved(written, amount.now, amount.before, measure)


def as_before(share: float) -> bool:
    """Whether a change by a share of 1 would be written as 0%: that is as much as in the period before."""
    return f"{abs(share) * 100:.0f}" == "0"


def _moved(written: str, now: float, before: float, measure: Measure) -> str:
    """The amount, and how it changed against the period before."""
    share = (now - before) / before
    if as_before(share):
        return tr("{amount}, as in the period before", amount=written)
    countable = measure is Measure.COUNT
    many = times(now, before)
    if many is not None:
        text = _TIMES_AS_MANY if countable else _TIMES_AS_MUCH
        return text.say(amount=written, times=many)
    if share > 0:
        return tr("{amount}, {share} more than in the period before", amount=written, share=percent(share))
    return (_FEWER if countable else _LESS).say(amount=written, share=percent(-share))


_TIMES_AS_MANY = LazyText("{amount}, {times} times as many as in the period before")
_TIMES_AS_MUCH = LazyText("{amount}, {times} times as much as in the period before")
_FEWER = LazyText("{amount}, {share} fewer than in the period before")
_LESS = LazyText("{amount}, {share} less than in the period before")


def place_and_period(head: Head) -> str:
    """Subtitle of a chart; what it is restricted to stands in the card with names."""
    place = f"{head.guild_name} · {head.timeframe_name}"
    restricted_by = {subject.kind for subject in head.filters}
    if SubjectKind.ROLE in restricted_by:
        return tr("{place} · only members with the chosen roles", place=place)
    return tr("{place} · only the chosen channels", place=place) if restricted_by else place


def quantity_of(measure: Measure) -> Quantity:
    """How a chart writes numbers of a measure."""
    return QUANTITIES.get(measure, Quantity.NUMBER)


def time_in_voice(minutes: float) -> str:
    """Say in a title how long members were in voice together."""
    return tr("{time} in voice", time=number(minutes, Measure.MINUTES))


@dataclass(frozen=True, slots=True)
class Axis:
    """``what`` a chart shows how much of, how the numbers are measured, and whether they add up."""

    what: str
    measure: Measure = Measure.COUNT
    adds_up: bool = True


def curve_chart(head: Head, curve: Curve, title: str, shown: Axis, theme: Theme) -> BarsSpec | AreaSpec:
    """Amounts over time: bars, or an area where there are many."""
    unit = Unit(curve.bucket)
    kind = AreaSpec if len(curve.values) > MANY else BarsSpec
    return kind(
        title=title,
        subtitle=place_and_period(head),
        theme=theme,
        axis=TimeAxis.starting(curve.starts[0], unit),
        values=curve.values,
        previous=curve.previous,
        y_label=per(unit.value, shown.what),
        quantity=quantity_of(shown.measure),
        adds_up=shown.adds_up,
        partial_first=curve.partial_first,
        partial_last=curve.partial_last,
        running=head.running,
    )
