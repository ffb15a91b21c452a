"""``trends/…``: one metric over time, a row each: level, change, the best and the worst bucket, weekdays.

Of a period of d days and the one before it a metric reads 2 d ``guildDays``, and besides, for messages, voice
and reactions 2 d ``channelPacks``, for active members 2 d of both kinds of packs; of days without a valid
pack one ``channelDays`` document a channel and one ``memberDays`` document a member.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from analytics import day_counts
from analytics.charts.spec import AreaSpec, BarsSpec, LineSpec, Theme, TimeAxis, Unit
from analytics.day_counts import Calendar, Hourly
from analytics.local_time import HOURS_PER_DAY, HourRange
from analytics.trends import Course, extremes, levels, summed, weekday_averages, writers
from bot.db.day_counts import ChannelPart
from bot.db.reader import Reader
from bot.views.counting import (
    calendar_of,
    curve_chart,
    figure,
    finding,
    place_and_period,
    ranges_before,
    series,
)
from bot.views.heads import head_of, place
from bot.views.scope import Scope
from bot.views.view import Restriction, View
from schemas.guild_day_names import GuildCount, GuildLevel
from schemas.results.board import Board, Figure, Grid, Measure
from schemas.results.trends import Trend

MS_PER_MINUTE = 60_000
WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONDAY_FIRST = (1, 2, 3, 4, 5, 6, 0)
_BY_CHANNEL = frozenset({Restriction.CHANNELS})

Reading = Callable[[Reader, Scope, tuple[HourRange, ...]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Metric:
    """A row: what is ``read`` of a period is what ``course`` takes of both; ``of`` names what is counted.

    ``level``: it is a level, which is drawn as a line and has no sum. ``per_hour``: it is known by hour.
    """

    name: str
    code: int
    title: str
    of: str
    read: Reading
    course: Callable[[Calendar, Any, Any], Course]
    measure: Measure = Measure.COUNT
    level: bool = False
    per_hour: bool = True
    restricted_by: frozenset[Restriction] = frozenset()


async def _messages(reader: Reader, scope: Scope, ranges: tuple[HourRange, ...]) -> Hourly:
    days = await reader.channel_days(scope.guild_id, ranges, ChannelPart.MESSAGES)
    return await asyncio.to_thread(day_counts.hourly, days, day_counts.messages, scope.channels)


async def _voice(reader: Reader, scope: Scope, ranges: tuple[HourRange, ...]) -> Hourly:
    days = await reader.channel_days(scope.guild_id, ranges, ChannelPart.VOICE)
    return await asyncio.to_thread(day_counts.hourly, days, day_counts.voice, scope.channels)


async def _reactions(reader: Reader, scope: Scope, ranges: tuple[HourRange, ...]) -> Hourly:
    """By the first hour of the day: reactions are kept by day."""
    days = await reader.channel_days(scope.guild_id, ranges, ChannelPart.REACTIONS)

    def by_day() -> Hourly:
        sums: dict[int, int] = {}
        for day in days:
            channels, numbers = day.columns.reacted_channels.tolist(), day.columns.reactions.tolist()
            at = day.day * HOURS_PER_DAY
            sums[at] = sums.get(at, 0) + sum(
                number
                for channel, number in zip(channels, numbers, strict=True)
                if not scope.channels or channel in scope.channels
            )
        return sums

    return await asyncio.to_thread(by_day)


async def _writers(reader: Reader, scope: Scope, ranges: tuple[HourRange, ...]) -> object:
    return await reader.period(scope.guild_id, ranges)


async def _members(reader: Reader, scope: Scope, ranges: tuple[HourRange, ...]) -> Hourly:
    return {
        day.day * HOURS_PER_DAY + hour: number
        for day in await reader.guild_days(scope.guild_id, ranges)
        for hour, number in day.levels.get(GuildLevel.MEMBERS, {}).items()
    }


def _counted(name: GuildCount) -> Reading:
    async def read(reader: Reader, scope: Scope, ranges: tuple[HourRange, ...]) -> Hourly:
        return day_counts.counted(await reader.guild_days(scope.guild_id, ranges), name)

    return read


def _minutes(calendar: Calendar, now: Hourly, before: Hourly | None) -> Course:
    return summed(calendar, now, before, scale=MS_PER_MINUTE)


METRICS = (
    Metric("messages", 70, "Messages", "messages", _messages, summed, restricted_by=_BY_CHANNEL),
    Metric("active", 71, "Active members", "members who wrote", _writers, writers, per_hour=False),
    Metric("members", 72, "Members", "members", _members, levels, level=True),
    Metric("joins", 73, "Joins", "joins", _counted(GuildCount.JOINS), summed),
    Metric(
        "voice",
        74,
        "Time in voice",
        "minutes in voice",
        _voice,
        _minutes,
        measure=Measure.MINUTES,
        restricted_by=_BY_CHANNEL,
    ),
    Metric(
        "reactions",
        75,
        "Reactions",
        "reactions",
        _reactions,
        summed,
        per_hour=False,
        restricted_by=_BY_CHANNEL,
    ),
    Metric("threads", 76, "Threads", "threads created", _counted(GuildCount.THREADS_CREATED), summed),
)
"""The metrics; another one is another row."""


def view_of(metric: Metric) -> View:
    """The view of a metric."""
    kind = f"trends/{metric.name}"

    async def load(reader: Reader, scope: Scope) -> Trend:
        placed = await place(reader, scope)
        earlier = ranges_before(placed)
        now, before = await asyncio.gather(
            metric.read(reader, scope, placed.ranges), metric.read(reader, scope, earlier)
        )
        calendar = calendar_of(placed) if metric.per_hour else calendar_of(placed).by_day()

        def compute() -> Trend:
            course = metric.course(calendar, now, before if earlier else None)
            found = extremes(calendar, course.curve)
            return Trend(
                head=head_of(placed),
                metric=metric.name,
                measure=metric.measure,
                level=course.level,
                curve=course.curve,
                best=found.best,
                worst=found.worst,
                weekdays=weekday_averages(calendar, course),
            )

        return await asyncio.to_thread(compute)

    def board(trend: Trend) -> Board:
        return _board(trend, metric, kind)

    def chart(trend: Trend, theme: Theme) -> BarsSpec | AreaSpec | LineSpec:
        return _chart(trend, metric, theme)

    return View(
        kind=kind,
        code=metric.code,
        title=f"Trend: {metric.title}",
        help=f"{metric.title} over time: level, change, best and worst, weekdays",
        load=load,
        board=board,
        chart=chart,
        restricted_by=metric.restricted_by,
    )


def _board(trend: Trend, metric: Metric, kind: str) -> Board:
    note = "at the latest reading" if metric.level else ""
    return Board(
        kind=kind,
        title=f"Trend: {metric.title}",
        head=trend.head,
        figures=(
            figure(metric.title, trend.level, metric.measure, note),
            _bucket(f"Most in a {trend.curve.bucket}", trend, trend.best),
            _bucket(f"Least in a {trend.curve.bucket}", trend, trend.worst),
        ),
        series=(series(metric.title, trend.curve, metric.measure),),
        grids=(
            Grid(
                title=f"{metric.title} on an average weekday",
                rows=tuple(WEEKDAYS[weekday] for weekday in MONDAY_FIRST),
                columns=(metric.of,),
                values=tuple((trend.weekdays[weekday],) for weekday in MONDAY_FIRST),
                measure=Measure.RATE if metric.measure is Measure.COUNT else metric.measure,
            ),
        ),
        notes=tuple(_weekdays(trend)),
    )


def _bucket(title: str, trend: Trend, place: int | None) -> Figure:
    if place is None:
        return Figure(title=title, value=None, measure=trend.measure, note="no whole one in this period")
    start = trend.curve.starts[place]
    when = f"{start:%a} {start.day} {start:%b %Y}" + (
        f", {start:%H}:00" if trend.curve.bucket == "hour" else ""
    )
    if trend.curve.bucket == "week":
        when = f"week of {when}"
    return Figure(title=title, value=trend.curve.values[place], measure=trend.measure, note=when)


def _weekdays(trend: Trend) -> list[str]:
    known = [value for value in trend.weekdays if value is not None]
    if len(known) < len(WEEKDAYS) or known.count(max(known)) > 1:
        return []
    return [f"{WEEKDAYS[known.index(max(known))]}s have most on average; the table has every weekday."]


def _chart(trend: Trend, metric: Metric, theme: Theme) -> BarsSpec | AreaSpec | LineSpec:
    written = f"{trend.level.now or 0:,.0f} {metric.of}"
    title = finding(
        trend.level, written, f"No {metric.of} {'known ' if trend.level.now is None else ''}in this period"
    )
    if not metric.level:
        return curve_chart(trend.head, trend.curve, title, metric.of, theme)
    unit = Unit(trend.curve.bucket)
    return LineSpec(
        title=title,
        subtitle=place_and_period(trend.head),
        theme=theme,
        axis=TimeAxis.starting(trend.curve.starts[0], unit),
        values=trend.curve.values,
        previous=trend.curve.previous,
        y_label=metric.of,
        partial_last=trend.head.running,
    )


VIEWS = tuple(view_of(metric) for metric in METRICS)
"""The views of all metrics."""
