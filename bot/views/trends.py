"""``trends/…``: one metric over time, a row each: level, change, the best and the worst bucket, weekdays.

Of a period of d days and the one before it a metric reads 2 d ``guildDays``, and besides, for messages, voice
and reactions 2 d ``channelPacks``, for members who wrote as many and the packs of members
(``Reader.member_spans``); of days without a valid pack one ``channelDays`` document a channel and one
``memberDays`` document a member.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from analytics import day_counts
from analytics.charts.spec import AreaSpec, BarsSpec, LineSpec, Theme, TimeAxis, Unit
from analytics.charts.spoken import spoken_locale
from analytics.day_counts import Calendar, ChannelDayHours, Hourly
from analytics.local_time import HOURS_PER_DAY, HourRange
from analytics.trends import Course, extremes, levels, settled, summed, weekday_averages, writers
from bot.db.day_counts import ChannelPart
from bot.db.reader import Reader
from bot.views.counting import (
    Axis,
    calendar_of,
    curve_chart,
    figure,
    finding,
    place_and_period,
    ranges_before,
    series,
    time_in_voice,
)
from bot.views.heads import Placed, head_of, place
from bot.views.known_from import Kind, known_of
from bot.views.scope import Scope
from bot.views.view import Restriction, View
from bot.views.weekdays import EACH, MONDAY_FIRST, WEEKDAYS, short
from bot.views.whole_days import days_of, head_of_days, said
from schemas.guild_day_names import GuildCount, GuildLevel
from schemas.results.board import Board, Figure, Grid, Measure
from schemas.results.days import WholeDays
from schemas.results.trends import Trend
from texts import LazyText, tr, tr_n

MS_PER_MINUTE = 60_000
_BY_CHANNEL = frozenset({Restriction.CHANNELS})


@dataclass(frozen=True, slots=True)
class OfChannels:
    """A part of channels' days; ``add_up`` makes amounts by hour of it, of some channels or all."""

    part: ChannelPart
    add_up: Callable[[Sequence[ChannelDayHours], Sequence[int]], Hourly]


@dataclass(frozen=True, slots=True)
class OfServer:
    """A count of the server's days by hour."""

    name: GuildCount


Reading = OfChannels | OfServer | Callable[[Reader, Scope, tuple[HourRange, ...]], Awaitable[Any]]
"""What a metric reads of some hours: of days that are read once for several metrics, or in its own way."""
_MOST = MappingProxyType(
    {
        "hour": LazyText("Most in an hour"),
        "day": LazyText("Most in a day"),
        "week": LazyText("Most in a week"),
        "month": LazyText("Most in a month"),
    }
)
_LEAST = MappingProxyType(
    {
        "hour": LazyText("Least in an hour"),
        "day": LazyText("Least in a day"),
        "week": LazyText("Least in a week"),
        "month": LazyText("Least in a month"),
    }
)


@dataclass(frozen=True, slots=True)
class Metric:
    """A row: what is ``read`` of a period is what ``course`` takes of both; ``of`` names what is counted.

    ``trend`` is the view's title; ``written`` says an amount in words, ``none`` that there is none.
    ``kind`` says from when on it is known. ``level``: it is a level, which is drawn as a line and has no sum.
    ``adds_up``: its amounts do, as nobody is counted in two of them. ``per_hour``: it is known by hour.
    ``whole_days``: it is kept by day, so it is of whole days.
    """

    name: str
    code: int
    title: LazyText
    trend: LazyText
    of: LazyText
    written: Callable[[int], str]
    none: LazyText
    read: Reading
    course: Callable[[Calendar, Any, Any], Course]
    kind: Kind = Kind.MESSAGES
    measure: Measure = Measure.COUNT
    level: bool = False
    adds_up: bool = True
    per_hour: bool = True
    whole_days: bool = False
    restricted_by: frozenset[Restriction] = frozenset()


def _sums_by_day(days: Sequence[ChannelDayHours], only: Sequence[int]) -> Hourly:
    """Reactions by the first hour of the day: they are kept by day."""
    sums: dict[int, int] = {}
    for day in days:
        channels, numbers = day.columns.reacted_channels.tolist(), day.columns.reactions.tolist()
        at = day.day * HOURS_PER_DAY
        sums[at] = sums.get(at, 0) + sum(
            number for channel, number in zip(channels, numbers, strict=True) if not only or channel in only
        )
    return sums


_MESSAGES = OfChannels(
    ChannelPart.MESSAGES, lambda days, only: day_counts.hourly(days, day_counts.messages, only)
)
_VOICE = OfChannels(ChannelPart.VOICE, lambda days, only: day_counts.hourly(days, day_counts.voice, only))
_REACTIONS = OfChannels(ChannelPart.REACTIONS, _sums_by_day)


async def _writers(reader: Reader, scope: Scope, ranges: tuple[HourRange, ...]) -> object:
    return await reader.period(scope.guild_id, ranges)


async def _members(reader: Reader, scope: Scope, ranges: tuple[HourRange, ...]) -> Hourly:
    return {
        day.day * HOURS_PER_DAY + hour: number
        for day in await reader.guild_days(scope.guild_id, ranges)
        for hour, number in day.levels.get(GuildLevel.MEMBERS, {}).items()
    }


def _minutes(calendar: Calendar, now: Hourly, before: Hourly | None) -> Course:
    return summed(calendar, now, before, scale=MS_PER_MINUTE)


METRICS = (
    Metric(
        "messages",
        70,
        LazyText("Messages"),
        LazyText("Trend: Messages"),
        LazyText("messages", "amount"),
        lambda number: tr_n("{count} message", "{count} messages", number),
        LazyText("No messages in this period"),
        _MESSAGES,
        summed,
        restricted_by=_BY_CHANNEL,
    ),
    Metric(
        "active",
        71,
        LazyText("Members who wrote"),
        LazyText("Trend: Members who wrote"),
        LazyText("members who wrote", "amount"),
        lambda number: tr_n("{count} member wrote", "{count} members wrote", number),
        LazyText("Nobody wrote in this period"),
        _writers,
        writers,
        adds_up=False,
        per_hour=False,
    ),
    Metric(
        "members",
        72,
        LazyText("Members"),
        LazyText("Trend: Members"),
        LazyText("members", "amount"),
        lambda number: tr_n("{count} member", "{count} members", number),
        LazyText("No members in this period"),
        _members,
        levels,
        level=True,
        adds_up=False,
    ),
    Metric(
        "joins",
        73,
        LazyText("Joins"),
        LazyText("Trend: Joins"),
        LazyText("joins", "amount"),
        lambda number: tr_n("{count} join", "{count} joins", number),
        LazyText("No joins in this period"),
        OfServer(GuildCount.JOINS),
        summed,
        Kind.MEMBERSHIP,
    ),
    Metric(
        "voice",
        74,
        LazyText("Time in voice"),
        LazyText("Trend: Time in voice"),
        LazyText("time in voice", "amount"),
        time_in_voice,
        LazyText("Nobody was in voice in this period"),
        _VOICE,
        _minutes,
        Kind.VOICE,
        measure=Measure.MINUTES,
        restricted_by=_BY_CHANNEL,
    ),
    Metric(
        "reactions",
        75,
        LazyText("Reactions"),
        LazyText("Trend: Reactions"),
        LazyText("reactions", "amount"),
        lambda number: tr_n("{count} reaction", "{count} reactions", number),
        LazyText("No reactions in this period"),
        _REACTIONS,
        summed,
        Kind.REACTIONS,
        per_hour=False,
        whole_days=True,
        restricted_by=_BY_CHANNEL,
    ),
    Metric(
        "threads",
        76,
        LazyText("Threads"),
        LazyText("Trend: Threads"),
        LazyText("threads created", "amount"),
        lambda number: tr_n("{count} thread created", "{count} threads created", number),
        LazyText("No threads created in this period"),
        OfServer(GuildCount.THREADS_CREATED),
        summed,
        Kind.THREADS,
    ),
)
"""The metrics; another one is another row."""


@dataclass(frozen=True, slots=True)
class _Hours:
    """Hours of a period; those of its ``days`` are for what is kept by day, ``both`` hold all of them."""

    hours: tuple[HourRange, ...]
    days: tuple[HourRange, ...]
    both: tuple[HourRange, ...]


async def _read(reader: Reader, scope: Scope, of: _Hours, metrics: Sequence[Metric]) -> list[Any]:
    """What each metric reads of some hours; the days of channels and of the server are read once for all."""
    reads = [metric.read for metric in metrics]
    parts = [read.part for read in reads if isinstance(read, OfChannels)]
    names = [read.name for read in reads if isinstance(read, OfServer)]
    of_channels = await reader.channel_days(scope.guild_id, of.both, *parts) if parts else []
    of_server = await reader.guild_days(scope.guild_id, of.hours, *names) if names else []
    found: list[Any] = []
    for metric in metrics:
        match metric.read:
            case OfChannels(add_up=add_up):
                days = day_counts.within(of_channels, of.days if metric.whole_days else of.hours)
                found.append(await asyncio.to_thread(add_up, days, scope.channels))
            case OfServer(name):
                found.append(day_counts.counted(of_server, name))
            case read:
                found.append(await read(reader, scope, of.hours))
    return found


async def read_courses(
    reader: Reader, scope: Scope, placed: Placed, metrics: tuple[Metric, ...]
) -> list[Course]:
    """Metrics of a server, each in the period and, where it is known of all of it, in the one before."""
    known = [await known_of(reader, placed, metric.kind) for metric in metrics]
    widest = max(known, key=lambda each: each.before is not None)
    whole, earlier = widest.in_days(), ranges_before(widest)
    by_day = any(metric.whole_days for metric in metrics)
    both, both_before = widest.with_days() if by_day else (placed.ranges, earlier)
    now, before = await asyncio.gather(
        _read(reader, scope, _Hours(placed.ranges, whole.ranges, both), metrics),
        _read(reader, scope, _Hours(earlier, ranges_before(whole), both_before), metrics),
    )
    return [
        await asyncio.to_thread(
            metric.course,
            calendar_for(metric, each),
            of_now,
            of_before if (each.in_days() if metric.whole_days else each).before else None,
        )
        for metric, each, of_now, of_before in zip(metrics, known, now, before, strict=True)
    ]


def calendar_for(metric: Metric, known: Placed) -> Calendar:
    """How the hours or days are cut of which a metric is known."""
    calendar = calendar_of(known.in_days() if metric.whole_days else known)
    return calendar if metric.per_hour else calendar.by_day()


def whole_days(placed: Placed, metrics: Sequence[Metric]) -> WholeDays | None:
    """The whole days of which the metrics are that are kept by day, if these are not those of the period."""
    return days_of(placed) if any(metric.whole_days for metric in metrics) else None


def view_of(metric: Metric) -> View:
    """The view of a metric."""
    kind = f"trends/{metric.name}"

    async def load(reader: Reader, scope: Scope) -> Trend:
        placed = await known_of(reader, await place(reader, scope), metric.kind)
        (course,) = await read_courses(reader, scope, placed, (metric,))
        calendar = calendar_for(metric, placed)

        def compute() -> Trend:
            found = extremes(course.curve)
            return Trend(
                head=head_of(placed),
                metric=metric.name,
                measure=metric.measure,
                level=course.level,
                curve=course.curve,
                best=found.best,
                worst=found.worst,
                weekdays=weekday_averages(calendar, course),
                days=whole_days(placed, (metric,)),
            )

        return await asyncio.to_thread(compute)

    def board(trend: Trend) -> Board:
        return _board(trend, metric, kind)

    def chart(trend: Trend, theme: Theme) -> BarsSpec | AreaSpec | LineSpec:
        return _chart(trend, metric, theme)

    return View(
        kind=kind,
        code=metric.code,
        title=metric.trend,
        help=LazyText("Over time: level, change, best and worst, weekdays"),
        load=load,
        board=board,
        chart=chart,
        restricted_by=metric.restricted_by,
    )


def _board(trend: Trend, metric: Metric, kind: str) -> Board:
    note = tr("at the latest reading") if metric.level else ""
    title, bucket = str(metric.title), trend.curve.bucket
    return Board(
        kind=kind,
        title=str(metric.trend),
        head=trend.head,
        figures=(
            figure(title, trend.level, metric.measure, note),
            _bucket(str(_MOST[bucket]), trend, trend.best),
            _bucket(str(_LEAST[bucket]), trend, trend.worst),
        ),
        series=(series(title, trend.curve, metric.measure),),
        grids=(
            Grid(
                title=tr("{what} on an average weekday", what=title),
                rows=tuple(str(WEEKDAYS[weekday]) for weekday in MONDAY_FIRST),
                columns=(str(metric.of),),
                values=tuple((trend.weekdays[weekday],) for weekday in MONDAY_FIRST),
                measure=Measure.RATE if metric.measure is Measure.COUNT else metric.measure,
            ),
        ),
        notes=(*said(trend.days, metric.title), *_weekdays(trend)),
    )


def _bucket(title: str, trend: Trend, place: int | None) -> Figure:
    if place is None:
        if any(value is not None for value in settled(trend.curve)):
            return Figure(title=title, value=0, measure=trend.measure)  # of nothing no day has most
        return Figure(title=title, value=None, measure=trend.measure, note=tr("no whole one in this period"))
    start = trend.curve.starts[place]
    when = tr(
        "{weekday} {day} {month} {year}",
        weekday=short(start.isoweekday() % 7),
        day=start.day,
        month=spoken_locale().months[start.month - 1],
        year=start.year,
    )
    if trend.curve.bucket == "hour":
        when = f"{when}, {start:%H}:00"
    if trend.curve.bucket == "week":
        when = tr("week of {day}", day=when)
    return Figure(title=title, value=trend.curve.values[place], measure=trend.measure, note=when)


def _weekdays(trend: Trend) -> list[str]:
    known = [value for value in trend.weekdays if value is not None]
    if len(known) < len(WEEKDAYS) or not max(known) or known.count(max(known)) > 1:
        return []
    most = EACH[known.index(max(known))]
    return [tr("{weekdays} have most on average; the table has every weekday.", weekdays=most)]


def _chart(trend: Trend, metric: Metric, theme: Theme) -> BarsSpec | AreaSpec | LineSpec:
    written = metric.written(round(trend.level.now or 0))
    title = finding(trend.level, written, str(metric.none), metric.of, metric.measure)
    if not metric.level:
        head = head_of_days(trend.head, trend.days)
        return curve_chart(head, trend.curve, title, axis_of(metric), theme)
    unit = Unit(trend.curve.bucket)
    return LineSpec(
        title=title,
        subtitle=place_and_period(trend.head),
        theme=theme,
        axis=TimeAxis.starting(trend.curve.starts[0], unit),
        values=trend.curve.values,
        previous=trend.curve.previous,
        y_label=str(metric.of),
        partial_last=trend.curve.partial_last,
        running=trend.head.running,
    )


def axis_of(metric: Metric) -> Axis:
    """What the chart of a metric shows how much of."""
    return Axis(str(metric.of), metric.measure, metric.adds_up)


VIEWS = tuple(view_of(metric) for metric in METRICS)
"""The views of all metrics."""
