"""``activity/hours``: when in the week messages are written.

Of a period of d days and the one before it reads 2 d ``guildDays``, 2 d ``channelPacks`` and, of days without
a valid pack, one ``channelDays`` document a channel.
"""

import asyncio

from analytics import day_counts
from analytics.charts.spec import Theme, WeekHoursSpec
from analytics.day_counts import WEEK
from analytics.local_time import HOURS_PER_DAY
from bot.db.day_counts import ChannelPart
from bot.db.reader import Reader
from bot.views.counting import calendar_of, figure, finding, place_and_period, ranges_before, total
from bot.views.heads import head_of, place
from bot.views.scope import Scope
from bot.views.view import Restriction, View
from bot.views.weekdays import EACH, MONDAY_FIRST, WEEKDAYS
from schemas.results.activity import WeekActivity
from schemas.results.board import Board, Figure, Grid, Measure
from texts import LazyText, tr, tr_p


async def load(reader: Reader, scope: Scope) -> WeekActivity:
    """Read and compute; raises UnknownGuild."""
    placed = await place(reader, scope)
    earlier = ranges_before(placed)
    now, before = await asyncio.gather(
        reader.channel_days(scope.guild_id, placed.ranges, ChannelPart.MESSAGES),
        reader.channel_days(scope.guild_id, earlier, ChannelPart.MESSAGES),
    )

    def compute() -> WeekActivity:
        hours, hours_before = (
            day_counts.hourly(days, day_counts.messages, scope.channels) for days in (now, before)
        )
        return WeekActivity(
            head=head_of(placed),
            total=total(placed, hours, hours_before if earlier else None),
            cells=calendar_of(placed).average_week(hours),
        )

    return await asyncio.to_thread(compute)


def board(result: WeekActivity) -> Board:
    """The busiest and the quietest hour, weekday and hour of the day; all hours as a grid."""
    cells = _cells(result)
    weekdays = [
        (sum(row), str(WEEKDAYS[weekday]))
        for weekday in range(WEEK)
        if (row := _known(result.cells[weekday]))
    ]
    hours = [
        (sum(column) / len(column), clock(hour))
        for hour in range(HOURS_PER_DAY)
        if (column := [value for row in result.cells if (value := row[hour]) is not None])
    ]
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=(
            figure(tr("Messages"), result.total),
            _most(tr("Busiest hour of the week"), cells, _AN_HOUR),
            _most(tr("Busiest weekday"), weekdays, _A_DAY),
            _most(tr("Busiest hour of the day"), hours, _AN_HOUR),
        ),
        grids=(
            Grid(
                title=tr("Messages in an average hour"),
                rows=tuple(str(WEEKDAYS[weekday]) for weekday in MONDAY_FIRST),
                columns=tuple(f"{hour:02}:00" for hour in range(HOURS_PER_DAY)),
                values=tuple(result.cells[weekday] for weekday in MONDAY_FIRST),
                measure=Measure.RATE,
            ),
        ),
    )


_AN_HOUR = LazyText("messages an hour: {when}")
_A_DAY = LazyText("messages a day: {when}")


def _cells(result: WeekActivity) -> list[tuple[float, str]]:
    return [
        (value, f"{EACH[weekday]} {clock(hour)}")
        for weekday, row in enumerate(result.cells)
        for hour, value in enumerate(row)
        if value is not None
    ]


def _known(row: tuple[float | None, ...]) -> list[float]:
    """A day's values, if all of its hours were counted."""
    known = [value for value in row if value is not None]
    return known if len(known) == HOURS_PER_DAY else []


def _most(title: str, found: list[tuple[float, str]], note: LazyText) -> Figure:
    value, name = max(found, key=lambda pair: pair[0], default=(None, ""))
    said = note.say(when=name) if value else ""  # of nothing none is busiest
    return Figure(title=title, value=value, measure=Measure.RATE, note=said)


def clock(hour: int) -> str:
    """An hour of the day as people write it."""
    return f"{hour:02}:00–{(hour + 1) % HOURS_PER_DAY:02}:00"  # noqa: RUF001 - a range of hours


def chart(result: WeekActivity, theme: Theme) -> WeekHoursSpec:
    """The week as a heatmap; the title says the busiest hour."""
    value, busiest = max(_cells(result), key=lambda cell: cell[0], default=(0.0, ""))
    none = finding(result.total, "", tr("No messages in this period"), tr_p("amount", "messages"))
    title = tr("Busiest on {when}", when=busiest) if value else none
    return WeekHoursSpec(
        title=title,
        subtitle=place_and_period(result.head),
        theme=theme,
        values=result.cells,
        unit_label=tr("messages an hour"),
    )


VIEW = View(
    kind="activity/hours",
    code=34,
    title=LazyText("Hours"),
    help=LazyText("When in the week messages are written"),
    load=load,
    board=board,
    chart=chart,
    restricted_by=frozenset({Restriction.CHANNELS}),
)
