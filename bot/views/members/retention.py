"""Retention: who is active again after joining, in the three ways that have names, and join cohorts.

Of a period of d days this reads d + 90 ``guildDays``, what members did in that time
(``Reader.member_spans``), an index entry for each member who joined in it, and a document for each who left.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from types import MappingProxyType

import msgspec

from analytics.arrivals import arrivals
from analytics.charts.spec import MAX_COHORTS, MAX_PERIODS, Cohort, CohortsSpec, Theme
from analytics.charts.spoken import spoken_locale
from analytics.day_counts import counted
from analytics.local_time import HOURS_PER_DAY, date_of, instant_of_hour
from analytics.member_spans import SpanPart
from analytics.retention import WAYS, Came, CohortDays, Way
from analytics.stays import joins_within
from analytics.timeframes import Bucket, bucket_starts
from bot.db.reader import Reader
from bot.views.heads import Placed, head_of, place
from bot.views.members.known import ArrivalsKnown, arrivals_known, not_followed
from bot.views.scope import Scope
from bot.views.view import View
from schemas.guild_day_names import GuildCount
from schemas.results.arrivals import JoinCohort, MemberRetention, Retained, Returned
from schemas.results.board import Board, Figure, Grid, Measure
from texts import LazyText, decimal, percent, tr

PERCENT = 100.0
WIDTHS: Mapping[Bucket, int] = MappingProxyType({Bucket.WEEK: 7, Bucket.MONTH: 30})
"""Days of a cohort's periods."""
_LONGEST = max(way.over for way in WAYS)
_MORE_THAN_A_MONTH = 32 * HOURS_PER_DAY


async def load(reader: Reader, scope: Scope) -> MemberRetention:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, replace(scope, compare=False))
    known = await arrivals_known(reader, scope, placed)
    unit, cohorts = _cohorts(placed)
    end = placed.period.over // HOURS_PER_DAY
    first = min(cohorts[0].days.start, -(-placed.period.start // HOURS_PER_DAY) - _LONGEST)
    if known.told is not None:
        first = max(first, min(known.told, end))
    start, stop = first * HOURS_PER_DAY, placed.period.stop
    zones, zone = placed.zones, placed.zones.current.zone
    times = instant_of_hour(start, zone), instant_of_hour(stop, zone)
    joined, past, spans, counts = await asyncio.gather(
        reader.joined(scope.guild_id, *times),
        reader.past_stays(scope.guild_id, times[0]),
        reader.member_spans(scope.guild_id, zones.ranges(start, stop), SpanPart.PRESENCE),
        reader.guild_days(scope.guild_id, zones.ranges(start, stop), GuildCount.JOINS),
    )

    def compute() -> MemberRetention:
        joins: dict[int, int] = {}
        for hour, number in counted(counts, GuildCount.JOINS).items():
            joins[hour // HOURS_PER_DAY] = joins.get(hour // HOURS_PER_DAY, 0) + number
        periods = {of: _windows(of, WIDTHS[unit], end, known) for of in cohorts}
        asked = (window for windows in periods.values() for window, _ in windows)
        followed = arrivals(joins_within(joined, past, *times), zones)
        came = Came.of(followed, spans, (*(way.days for way in WAYS), *asked), joins)
        return MemberRetention(
            head=head_of(placed),
            returned=tuple(came.returned(way, _over(placed, way, known)) for way in WAYS),
            unit=unit.value,
            cohorts=tuple(
                msgspec.structs.replace(
                    came.cohort(of, windows, told=_told(of, known)), partial=of.days.stop > end
                )
                for of, windows in periods.items()
            ),
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


def _over(placed: Placed, way: Way, known: ArrivalsKnown) -> range:
    """Days of joining whose time was over in the period, and of which it is known who was active in it."""
    first = known.first_day(way.days.start)
    if first is None:
        return range(0)
    start = -(-placed.period.start // HOURS_PER_DAY)
    return range(max(start - way.over, first), placed.period.over // HOURS_PER_DAY - way.over)


def board(result: MemberRetention) -> Board:
    """Shares, and the cohorts as a grid."""
    periods = max((len(each.active) for each in result.cohorts), default=0)
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=tuple(
            Figure(
                title=_title(each),
                value=_share(each.active, each.followed),
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
        notes=tuple(_notes(result)),
    )


def _title(each: Returned) -> str:
    """The way in the words of the field, and its days."""
    match each.retained:
        case Retained.BOUNDED:
            return tr("Retention on day {day}", day=each.first)
        case Retained.ROLLING:
            return tr("Rolling retention, day {day} or later", day=each.first)
        case Retained.RANGE:
            return tr("Range retention, days {first} to {last}", first=each.first, last=each.last)


def _of(each: Returned) -> str:
    if each.followed is None or each.active is None:
        return ""
    return tr("{active} of {joined} who joined", active=decimal(each.active), joined=decimal(each.followed))


def _notes(result: MemberRetention) -> Iterator[str]:
    known = [each for each in result.cohorts if each.joined is not None and each.followed is not None]
    if not known:
        yield str(_SURVIVORS)
    missing = sum(max((each.joined or 0) - (each.followed or 0), 0) for each in known)
    if missing:
        yield not_followed(missing)


_SURVIVORS = LazyText("Of those who joined before I came to this server only the ones who stayed are known.")
_SPAN: Mapping[str, LazyText] = MappingProxyType(
    {
        "week": LazyText("Range retention: active in each week since joining"),
        "month": LazyText("Range retention: active in each 30 days since joining"),
    }
)


def _row(each: JoinCohort) -> str:
    if each.joined is None:
        return tr("{cohort} (unknown)", cohort=each.name)
    if each.partial:
        return tr("{cohort} ({joined} joined, incomplete)", cohort=each.name, joined=decimal(each.joined))
    return tr("{cohort} ({joined} joined)", cohort=each.name, joined=decimal(each.joined))


def _shares(each: JoinCohort) -> tuple[float | None, ...]:
    return tuple(_share(active, each.followed) for active in each.active)


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
                if each.followed == 0
                else tuple(None if share is None else share * PERCENT for share in _shares(each)),
            )
            for each in result.cohorts
            if not each.partial  # it would look whole, and none of its times is over
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


def _finding(ways: tuple[Returned, ...]) -> str:
    for each in ways:
        share = _share(each.active, each.followed)
        if share is not None:
            return _came_back(each, percent(share))
    return tr("Who came back after joining is not known yet")


def _came_back(each: Returned, share: str) -> str:
    match each.retained:
        case Retained.BOUNDED:
            return tr("{share} of those who joined were active on day {day}", share=share, day=each.first)
        case Retained.ROLLING:
            return tr(
                "{share} of those who joined were active on day {day} or later", share=share, day=each.first
            )
        case Retained.RANGE:
            return tr(
                "{share} of those who joined came back in days {first} to {last}",
                share=share,
                first=each.first,
                last=each.last,
            )


VIEW = View(
    kind="members/retention",
    code=12,
    title=LazyText("Retention"),
    help=LazyText("Who is active again on day 30, later and in the days between, and join cohorts"),
    load=load,
    board=board,
    chart=chart,
    of_one_period=True,
)
