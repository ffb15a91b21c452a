"""``compare/servers/…``: this server beside others that agree to it, in all metrics or closely in one.

Nothing but sums of whole servers is read of the others, and the agreements are asked for each time. Each of s
servers reads what the metric's trend reads of the period of d days and the one before (``bot.views.trends``),
and 2 d ``guildDays`` for the number of members; and besides two documents for each agreement.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

from analytics.local_time import HOURS_PER_DAY, date_of
from analytics.timeframes import AllTime, Between
from analytics.trends import Course, settled
from bot.db.reader import Reader
from bot.views.analyze.comparing import MOST, Showing, Words
from bot.views.analyze.periods import METRICS, MOST_IN, mean, most
from bot.views.counting import ranges_before
from bot.views.heads import Placed, head_of, place
from bot.views.known_from import known_of
from bot.views.refusal import CannotShow
from bot.views.scope import Scope
from bot.views.trends import Metric, calendar_for, read_courses, whole_days
from bot.views.view import Restriction, View
from bot.views.whole_days import REACTIONS, said
from bot.wording.format import bare
from schemas.results.board import Measure, Subject, SubjectKind
from schemas.results.comparison import Compared, Comparison
from schemas.results.curve import Total
from texts import LazyText, tr

GROUP = "compare/servers"
ALL = "all"
MOST_OTHERS = MOST - 1
"""Servers beside this one."""
HELP = LazyText("This server and others that agree to it side by side")
CODES = {ALL: 140, **{metric.name: code for code, metric in enumerate(METRICS, 141)}}
TITLES: Mapping[str, LazyText] = MappingProxyType(
    {
        ALL: LazyText("Servers compared: all metrics"),
        "messages": LazyText("Servers compared: messages"),
        "active": LazyText("Servers compared: active members"),
        "joins": LazyText("Servers compared: joins"),
        "voice": LazyText("Servers compared: time in voice"),
        "reactions": LazyText("Servers compared: reactions"),
        "threads": LazyText("Servers compared: threads"),
    }
)
NO_AGREEMENT = LazyText(
    "There is no agreement with a server that you ask for. An admin here and an admin there each offer the "
    "comparison with `/admin agreements`; it ends as soon as one of them takes that back."
)
_NAME_LIMIT = 32
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Server:
    """What is read of a server: where the period lies on its calendar, its members, its metrics by name.

    ``known`` says of each metric from when on it is.
    """

    subject: Subject
    placed: Placed
    members: Total
    courses: Mapping[str, Course]
    known: Mapping[str, Placed]

    @property
    def name(self) -> str:
        """What it is called in a sentence."""
        return bare(self.subject.name or "", _NAME_LIMIT) or str(self.subject.id)

    def amount(self, metric: Metric) -> Total:
        """An amount of the period and of the one before."""
        return self.courses[metric.name].level

    def per_hundred(self, metric: Metric) -> Total:
        """The amount per 100 members."""
        amount, members = self.amount(metric), self.members
        return Total(_per_hundred(amount.now, members.now), _per_hundred(amount.before, members.before))

    def daily(self, metric: Metric) -> Total:
        """The mean amount a day."""
        calendar = calendar_for(metric, self.known[metric.name])
        return Total(mean(self.amount(metric).now, calendar.counted_days()), None)

    def greatest(self, metric: Metric) -> Total:
        """The most in a bucket of the curve."""
        return Total(most(settled(self.courses[metric.name].curve)), None)


Row = Callable[[Server], Total]


def _view(name: str, *metrics: Metric) -> View:
    words = Words(metrics[0].of, metrics[0].none)
    showing = Showing(f"{GROUP}/{name}", TITLES[name], lambda: words)
    return View(
        kind=showing.kind,
        code=CODES[name],
        title=showing.title,
        help=HELP,
        load=_loading(name, metrics),
        board=showing.board,
        chart=showing.chart,
        compares=Restriction.SERVERS,
    )


def _loading(
    name: str, metrics: tuple[Metric, ...]
) -> Callable[[Reader, Scope], Coroutine[Any, Any, Comparison]]:
    async def load(reader: Reader, scope: Scope) -> Comparison:
        others = await _agreed(reader, scope)
        placed, notes = await _placed(reader, scope, others)
        servers = [await _read(reader, scope, each, metrics) for each in placed]
        rows = _overall(servers, metrics) if len(metrics) > 1 else _closely(servers, metrics[0])
        return Comparison(
            head=head_of(placed[0]),
            metric=name,
            subjects=tuple(server.subject for server in servers),
            rows=rows,
            notes=(
                _zones(servers),
                *notes,
                *said(whole_days(placed[0], metrics), REACTIONS),
                *_in_the_table(metrics),
                *_beginnings(servers),
                *_unknown(servers, metrics),
            ),
        )

    return load


async def _agreed(reader: Reader, scope: Scope) -> tuple[int, ...]:
    """The servers to compare with, all of which agree now; raises CannotShow."""
    partners = await reader.partners(scope.guild_id)
    others = scope.servers or tuple(partners)[:MOST_OTHERS]
    if not others or len(others) > MOST_OTHERS or not partners.keys() >= set(others):
        raise CannotShow(str(NO_AGREEMENT))
    return others


async def _placed(
    reader: Reader, scope: Scope, others: tuple[int, ...]
) -> tuple[list[Placed], tuple[str, ...]]:
    """The period on each calendar, this server's first; all time begins where all of them are counted.

    Only hours that are over are set beside each other, whatever each server is compared with.
    """
    scopes = [
        replace(scope, guild_id=guild, channels=(), roles=(), chosen=(), servers=())
        for guild in (scope.guild_id, *others)
    ]
    placed = [await place(reader, each, closed=True) for each in scopes]
    if not isinstance(scope.timeframe, AllTime):
        return placed, ()
    last = (placed[0].period.stop - 1) // HOURS_PER_DAY
    first = max((each.first_day for each in placed if each.first_day is not None), default=last)
    same = Between(date_of(min(first, last)), date_of(last))
    again = [
        await place(reader, replace(each, timeframe=same, compare=False), closed=True) for each in scopes
    ]
    return again, (tr("All time begins here on the first day on which all of these servers were counted."),)


async def _read(reader: Reader, scope: Scope, placed: Placed, metrics: tuple[Metric, ...]) -> Server:
    guild = placed.guild
    theirs = replace(scope, guild_id=guild.guild_id, channels=(), roles=(), chosen=(), servers=())
    now, before = await asyncio.gather(
        reader.members(guild.guild_id, placed.ranges), reader.members(guild.guild_id, ranges_before(placed))
    )
    courses = await read_courses(reader, theirs, placed, metrics)
    known = {metric.name: await known_of(reader, placed, metric.kind) for metric in metrics}
    return Server(
        Subject(SubjectKind.SERVER, guild.guild_id, guild.name or None),
        placed,
        Total(now, before),
        dict(zip((metric.name for metric in metrics), courses, strict=True)),
        known,
    )


def _overall(servers: list[Server], metrics: tuple[Metric, ...]) -> tuple[Compared, ...]:
    return (
        *(_row(servers, str(metric.title), metric.measure, partial(_amount, metric)) for metric in metrics),
        *(_each_hundred(servers, metric) for metric in metrics),
        _members(servers),
    )


def _closely(servers: list[Server], metric: Metric) -> tuple[Compared, ...]:
    def row(title: str, measure: Measure, value: Callable[[Server, Metric], Total]) -> Compared:
        return _row(servers, title, measure, lambda server: value(server, metric))

    bucket = servers[0].courses[metric.name].curve.bucket
    a_day = tr("{metric} a day", metric=metric.title)
    return (
        row(str(metric.title), metric.measure, Server.amount),
        _each_hundred(servers, metric),
        *((row(a_day, _fine(metric), Server.daily),) if metric.adds_up else ()),
        row(str(MOST_IN[bucket]), metric.measure, Server.greatest),
        _members(servers),
    )


def _amount(metric: Metric, server: Server) -> Total:
    return server.amount(metric)


def _each_hundred(servers: list[Server], metric: Metric) -> Compared:
    title = tr("{metric} per 100 members", metric=metric.title)
    return _row(servers, title, _fine(metric), lambda server: server.per_hundred(metric))


def _members(servers: list[Server]) -> Compared:
    return _row(servers, tr("Members"), Measure.COUNT, lambda server: server.members)


def _row(servers: list[Server], title: str, measure: Measure, value: Row) -> Compared:
    totals = [value(server) for server in servers]
    return Compared(title, measure, tuple(each.now for each in totals), tuple(each.before for each in totals))


def _fine(metric: Metric) -> Measure:
    """How means are written: counts with a decimal."""
    return Measure.RATE if metric.measure is Measure.COUNT else metric.measure


def _per_hundred(amount: float | None, members: float | None) -> float | None:
    return None if amount is None or not members else _HUNDRED * amount / members


def _in_the_table(metrics: tuple[Metric, ...]) -> tuple[str, ...]:
    """Where all metrics stand together, a card has no room for more than their amounts."""
    return (tr("The table has each of them per 100 members, too."),) if len(metrics) > 1 else ()


def _zones(servers: list[Server]) -> str:
    zones = ", ".join(
        f"{server.name} ({server.placed.zones.current.zone.key.replace('_', ' ')})" for server in servers
    )
    return tr("The days are those of each server's own time zone: {zones}.", zones=zones)


def _beginnings(servers: list[Server]) -> list[str]:
    """Which of the other servers were counted for a part of the period only; of this one the head tells."""
    late = [
        server.name
        for server in servers[1:]
        if server.placed.first_hour is not None
        and server.placed.period.start < server.placed.first_hour < server.placed.period.stop
    ]
    if not late:
        return []
    return [tr("Counted for a part of this period only: {servers}.", servers=", ".join(late))]


def _unknown(servers: list[Server], metrics: tuple[Metric, ...]) -> list[str]:
    """What the lists leave out, as it is not known."""
    found = []
    for server in servers:
        missing = [str(metric.title) for metric in metrics if server.amount(metric).now is None]
        if server.members.now is None:
            missing.append(tr("Members"))
        if missing:
            found.append(
                tr("Unknown of {server}: {figures}.", server=server.name, figures=", ".join(missing))
            )
    return found


VIEWS = (_view(ALL, *METRICS), *(_view(metric.name, metric) for metric in METRICS))
