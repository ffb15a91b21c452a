"""How a server's membership grows: levels, joins, leaves and churn over time."""

from bisect import bisect_left
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from analytics.day_counts import Calendar, GuildDayHours, Hourly, counted
from analytics.local_time import HOURS_PER_DAY
from schemas.guild_day_names import GuildCount, GuildLevel
from schemas.results.curve import Curve
from schemas.results.growth import Churn, Flow, FlowCurves

Hours = tuple[int, int]
CHURN_HOURS = 30 * HOURS_PER_DAY
"""Churn is stated for so many hours, that of periods of any length."""


class MemberLevels:
    """How many members there were, as it was read; asked many times."""

    def __init__(self, days: Sequence[GuildDayHours]) -> None:
        read = {
            day.day * HOURS_PER_DAY + hour: value
            for day in days
            for hour, value in day.levels.get(GuildLevel.MEMBERS, {}).items()
        }
        self._hours = sorted(read)
        self._values = [read[hour] for hour in self._hours]

    def at(self, hour: int, not_before: int | None = None) -> int | None:
        """The last reading before the beginning of an hour; None if there is none, or it is too old."""
        place = bisect_left(self._hours, hour) - 1
        if place < 0 or (not_before is not None and self._hours[place] < not_before):
            return None
        return self._values[place]


def churn_of(lost: int, there: int | None, hours: int) -> Churn | None:
    """What share of who was there would be lost in 30 days, if as many went all the time as in some hours.

    None where nobody was there, or it is not known how many.
    """
    if not there or hours <= 0:
        return None
    kept = 1 - min(lost / there, 1.0)
    return Churn(lost, there, 1 - kept ** (CHURN_HOURS / hours))


def flow_of(days: Sequence[GuildDayHours], hours: Hours, churn: Churn | None) -> Flow:
    """Who came and went within hour numbers."""

    def total(name: GuildCount) -> int:
        return sum(_within(counted(days, name), hours).values())

    joins, invited, vanity = map(total, (GuildCount.JOINS, GuildCount.JOINS_INVITED, GuildCount.JOINS_VANITY))
    leaves = total(GuildCount.LEAVES)
    return Flow(
        joins,
        total(GuildCount.REJOINS),
        leaves,
        invited,
        vanity,
        joins - invited - vanity,
        churn,
    )


def curves_of(
    days: Sequence[GuildDayHours], calendar: Calendar, lost: Sequence[int | None], ways_since: int | None
) -> FlowCurves:
    """The same by bucket; ``calendar`` begins with the first hour in which joins were told of.

    ``lost``: of those there at a bucket's beginning, how many were gone at its end (None: unknown).
    By which way members came is known from the hour ``ways_since`` on (None: it is not), and nothing of it in
    a bucket in which nobody's was.
    """
    hours = (calendar.period.start, calendar.period.stop)

    def curve(name: GuildCount) -> Curve:
        return calendar.curve(_within(counted(days, name), hours), None)

    levels = MemberLevels(days)
    edges = [max(edge, hours[0]) for edge in calendar.edges]
    ends = [*edges[1:], hours[1]]
    joins, leaves = curve(GuildCount.JOINS), curve(GuildCount.LEAVES)
    invited, vanity = curve(GuildCount.JOINS_INVITED), curve(GuildCount.JOINS_VANITY)
    told = [
        ways_since is not None and ways_since < end and (not came or bool(by or at))
        for end, came, by, at in zip(ends, joins.values, invited.values, vanity.values, strict=True)
    ]

    gone = [None if left is None else went for left, went in zip(leaves.values, lost, strict=True)]

    def like(values: Sequence[float | None]) -> Curve:
        return replace(joins, values=tuple(values))

    return FlowCurves(
        members=replace(
            joins,
            values=tuple(levels.at(end, edge) for edge, end in zip(edges, ends, strict=True)),
            partial_first=False,
        ),
        joins=joins,
        leaves=leaves,
        net=like(_each(lambda came, went: came - went, joins, leaves)),
        churn=_churn(like([_rate(went, levels.at(edge)) for went, edge in zip(gone, edges, strict=True)])),
        by_invite=like(_where(told, invited)),
        by_address=like(_where(told, vanity)),
        unknown=like(_each(lambda all_, by, at: all_ - by - at, joins, invited, vanity)),
    )


def _where(known: Sequence[bool], curve: Curve) -> list[float | None]:
    return [value if is_known else None for value, is_known in zip(curve.values, known, strict=True)]


def _churn(curve: Curve) -> Curve:
    """Churn is known of buckets whose beginning is: the first is partial only where the period cuts it."""
    return replace(curve, partial_first=curve.partial_first and curve.values[0] is not None)


def _within(amounts: Hourly, hours: Hours) -> Hourly:
    return {at: amount for at, amount in amounts.items() if hours[0] <= at < hours[1]}


def _rate(lost: int | None, members: int | None) -> float | None:
    return None if lost is None or not members else min(lost / members, 1.0)


def _each(make: Callable[..., float], *curves: Curve) -> list[float | None]:
    """What is made of known values; unknown if one of them is."""
    return [
        None if None in values else make(*values)
        for values in zip(*(curve.values for curve in curves), strict=True)
    ]
