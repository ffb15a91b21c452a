"""What views of counters have in common: their calendar, the period before, findings and curves as charts."""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.charts.spec import AreaSpec, BarsSpec, Theme, TimeAxis, Unit
from analytics.day_counts import Calendar
from analytics.local_time import HourRange
from bot.views.buckets import per
from bot.views.heads import Placed
from schemas.results.board import Figure, Head, Measure, Series, SubjectKind
from schemas.results.curve import Curve, Total
from texts import percent, tr

MANY = 120
"""Buckets from which on bars would be too thin."""


def calendar_of(placed: Placed) -> Calendar:
    """How the hours of the period are cut."""
    return Calendar(placed.period, placed.zones.current.zone, placed.first_hour)


def ranges_before(placed: Placed) -> tuple[HourRange, ...]:
    """Hours of the period before; none where it is unknown."""
    return placed.zones.ranges(*placed.before) if placed.before else ()


def total(now: Mapping[int, int], before: Mapping[int, int] | None) -> Total:
    """Sums of amounts; ``before`` None: unknown."""
    return Total(sum(now.values()), None if before is None else sum(before.values()))


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
    )


def finding(amount: Total, written: str, none: str) -> str:
    """Title of a chart: the amount as ``written``, and how it changed; ``none`` where there is nothing."""
    if not amount.now:
        return none
    if amount.before is None or not amount.before:
        return written
    share = (amount.now - amount.before) / amount.before
    if abs(share) < 0.005:  # noqa: PLR2004 - what rounds to 0 %
        return tr("{amount}, as in the period before", amount=written)
    if share > 0:
        return tr("{amount}, {share} more than in the period before", amount=written, share=percent(share))
    return tr("{amount}, {share} less than in the period before", amount=written, share=percent(-share))


def place_and_period(head: Head) -> str:
    """Subtitle of a chart; what it is restricted to stands in the card with names."""
    place = f"{head.guild_name} · {head.timeframe_name}"
    restricted_by = {subject.kind for subject in head.filters}
    if SubjectKind.ROLE in restricted_by:
        return tr("{place} · only members with the chosen roles", place=place)
    return tr("{place} · only the chosen channels", place=place) if restricted_by else place


def curve_chart(head: Head, curve: Curve, title: str, y_label: str, theme: Theme) -> BarsSpec | AreaSpec:
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
        y_label=per(unit.value, y_label),
        partial_last=head.running,
    )
