"""Retention: who is active again 30, 60 and 90 days after joining, and join cohorts.

Of a period of d days this reads d + 90 ``guildDays``, what members did in that time
(``Reader.member_spans``), and an index entry for each member who joined in it.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from types import MappingProxyType

from analytics.arrivals import arrivals
from analytics.charts.spec import MAX_COHORTS, MAX_PERIODS, Cohort, CohortsSpec, Theme
from analytics.charts.spoken import spoken_locale
from analytics.day_counts import counted
from analytics.local_time import HOURS_PER_DAY, date_of, instant_of_hour
from analytics.member_spans import SpanPart
from analytics.retention import WINDOWS, Came, CohortDays
from analytics.timeframes import Bucket, bucket_starts
from bot.db.reader import Reader
from bot.views.heads import Placed, head_of, place
from bot.views.members.known import ArrivalsKnown, arrivals_known
from bot.views.scope import Scope
from bot.views.view import View
from schemas.guild_day_names import GuildCount
from schemas.results.arrivals import JoinCohort, MemberRetention, Returned
from schemas.results.board import Board, Figure, Grid, Measure
from texts import LazyText, decimal, percent, tr

PERCENT = 100.0
WIDTHS: Mapping[Bucket, int] = MappingProxyType({Bucket.WEEK: 7, Bucket.MONTH: 30})
"""Days of a cohort's periods."""
_LONGEST = WINDOWS[-1].stop - 1
_MORE_THAN_A_MONTH = 32 * HOURS_PER_DAY


async def load(reader: Reader, scope: Scope) -> MemberRetention:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, replace(scope, compare=False))
    known = await arrivals_known(reader, scope, placed)
    unit, cohorts = _cohorts(placed)
    end = placed.period.stop // HOURS_PER_DAY
    first = min(cohorts[0].days.start, -(-placed.period.start // HOURS_PER_DAY) - _LONGEST)
    if known.told is not None:
        first = max(first, min(known.told, end))
    start, stop = first * HOURS_PER_DAY, placed.period.stop
    zones, zone = placed.zones, placed.zones.current.zone
    joined, spans, counts = await asyncio.gather(
        reader.joined(scope.guild_id, instant_of_hour(start, zone), instant_of_hour(stop, zone)),
        reader.member_spans(scope.guild_id, zones.ranges(start, stop), SpanPart.PRESENCE),
        reader.guild_days(scope.guild_id, zones.ranges(start, stop), GuildCount.JOINS),
    )

    def compute() -> MemberRetention:
        joins: dict[int, int] = {}
        for hour, number in counted(counts, GuildCount.JOINS).items():
            joins[hour // HOURS_PER_DAY] = joins.get(hour // HOURS_PER_DAY, 0) + number
        periods = {of: _windows(of, WIDTHS[unit], end, known) for of in cohorts}
        asked = (window for windows in periods.values() for window, _ in windows)
        came = Came.of(arrivals(joined, zones), spans, (*WINDOWS, *asked), joins)
        return MemberRetention(
            head=head_of(placed),
            returned=tuple(came.returned(window, _over(placed, window, known)) for window in WINDOWS),
            unit=unit.value,
            cohorts=tuple(came.cohort(of, windows, told=_told(of, known)) for of, windows in periods.items()),
        )

    return await asyncio.to_thread(compute)


def _cohorts(placed: Placed) -> tuple[Bucket, list[CohortDays]]:
    """The weeks that the period touches, or if they are too many the months, of these the last ones."""
    start, stop = placed.period.start, placed.period.stop
    unit = Bucket.WEEK if len(bucket_starts(start, stop, Bucket.WEEK)) <= MAX_COHORTS else Bucket.MONTH
    edges = [edge // HOURS_PER_DAY for edge in bucket_starts(start, stop + _MORE_THAN_A_MONTH, unit)]
    days = [range(first, after) for first, after in pairwise(edges) if first * HOURS_PER_DAY < stop]
    form = "%Y-%m-%d" if unit is Bucket.WEEK else "%Y-%m"
    return unit, [CohortDays(f"{date_of(each.start):{form}}", each) for each in days[-MAX_COHORTS:]]


def _windows(of: CohortDays, width: int, end: int, known: ArrivalsKnown) -> list[tuple[range, bool]]:
    """Periods that are over for all of a cohort, and whether it is known who was active in them."""
    windows = []
    for number in range(MAX_PERIODS):
        window = range(width * number, width * (number + 1))
        if of.days.stop - 1 + window.stop > end:
            break
        first = known.first_day(window.start)
        windows.append((window, first is not None and first <= of.days.start))
    return windows


def _told(of: CohortDays, known: ArrivalsKnown) -> bool:
    """Whether all joins of a cohort were told of: of earlier ones there are survivors only."""
    return known.told is not None and known.told <= of.days.start


def _over(placed: Placed, window: range, known: ArrivalsKnown) -> range:
    """Days of joining whose window ended in the period, and of which it is known who was active in it."""
    first = known.first_day(window.start)
    if first is None:
        return range(0)
    last = window.stop - 1
    start = -(-placed.period.start // HOURS_PER_DAY)
    return range(max(start - last, first), placed.period.stop // HOURS_PER_DAY - last)


def board(result: MemberRetention) -> Board:
    """Shares, and the cohorts as a grid."""
    periods = max((len(each.active) for each in result.cohorts), default=0)
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=tuple(
            Figure(
                title=tr("{days}-day retention", days=each.days),
                value=_share(each.active, each.joined),
                measure=Measure.SHARE,
                note=_of(each),
            )
            for each in result.returned
        ),
        grids=(
            Grid(
                title=str(_SPAN[result.unit]),
                rows=tuple(_row(each) for each in result.cohorts),
                columns=tuple(str(number) for number in range(periods)),
                values=tuple(
                    (*_shares(each), *(None,) * (periods - len(each.active))) for each in result.cohorts
                ),
                measure=Measure.SHARE,
            ),
        ),
        notes=() if any(each.joined is not None for each in result.cohorts) else (str(_SURVIVORS),),
    )


def _of(each: Returned) -> str:
    if each.joined is None or each.active is None:
        return ""
    return tr("{active} of {joined} who joined", active=decimal(each.active), joined=decimal(each.joined))


_SURVIVORS = LazyText("Of those who joined before I came to this server only the ones who stayed are known.")
_SPAN: Mapping[str, LazyText] = MappingProxyType(
    {
        "week": LazyText("Active in each week since joining"),
        "month": LazyText("Active in each 30 days since joining"),
    }
)


def _row(each: JoinCohort) -> str:
    if each.joined is None:
        return tr("{cohort} (unknown)", cohort=each.name)
    return tr("{cohort} ({joined} joined)", cohort=each.name, joined=decimal(each.joined))


def _shares(each: JoinCohort) -> tuple[float | None, ...]:
    return tuple(_share(active, each.joined) for active in each.active)


def _share(active: int | None, joined: int | None) -> float | None:
    return active / joined if active is not None and joined else None


def chart(result: MemberRetention, theme: Theme) -> CohortsSpec:
    """The cohorts as a triangle."""
    return CohortsSpec(
        title=_finding(result.returned),
        subtitle=f"{result.head.guild_name} · {result.head.timeframe_name}",
        theme=theme,
        cohorts=tuple(
            Cohort(
                _when(each, result.unit),
                each.joined,
                ()
                if each.joined == 0
                else tuple(None if share is None else share * PERCENT for share in _shares(each)),
            )
            for each in result.cohorts
        ),
        size_label=tr("joined"),
        share_label=tr("active"),
        x_label=tr("weeks since joining")
        if result.unit == Bucket.WEEK
        else tr("months of 30 days since joining"),
    )


def _when(each: JoinCohort, unit: str) -> str:
    """When a cohort began, as a chart writes it: 9 Feb · Mar 2025."""
    locale = spoken_locale()
    if unit == Bucket.WEEK:
        begin = date.fromisoformat(each.name)
        return locale.day_month.format(day=begin.day, month=locale.months[begin.month - 1])
    begin = date.fromisoformat(f"{each.name}-01")
    return f"{locale.months[begin.month - 1]} {begin.year}"


def _finding(windows: tuple[Returned, ...]) -> str:
    for each in windows:
        share = _share(each.active, each.joined)
        if share is not None:
            return tr(
                "{share} of those who joined came back in days {first} to {last}",
                share=percent(share),
                first=each.days - 29,
                last=each.days,
            )
    return tr("Who came back after joining is not known yet")


VIEW = View(
    kind="members/retention",
    code=12,
    title=LazyText("Retention"),
    help=LazyText("Who is active again 30, 60 and 90 days after joining, and join cohorts"),
    load=load,
    board=board,
    chart=chart,
    of_one_period=True,
)
