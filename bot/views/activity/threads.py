"""``activity/threads``: threads and forum posts created, archived and solved, and the messages in them.

Of a period of d days and the one before it reads 2 d ``guildDays``.
"""

import asyncio

import msgspec

from analytics import day_counts
from analytics.charts.spec import BarsSpec, PanelsSpec, Theme
from analytics.charts.spec.series import AreaSpec
from analytics.day_counts import GuildDayHours
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
    total,
)
from bot.views.heads import head_of, place
from bot.views.known_from import Kind, known_of
from bot.views.scope import Scope
from bot.views.view import View
from schemas.guild_day_names import GuildCount, GuildLevel
from schemas.results.activity import ThreadActivity
from schemas.results.board import Board, Figure
from schemas.results.curve import Total
from texts import LazyText, tr, tr_n, tr_p

_COUNTS = {
    "created": GuildCount.THREADS_CREATED,
    "archived": GuildCount.THREADS_ARCHIVED,
    "solved": GuildCount.THREADS_SOLVED,
    "messages": GuildCount.THREAD_MESSAGES,
}
_TITLES = {
    "created": LazyText("Created"),
    "archived": LazyText("Archived"),
    "solved": LazyText("Solved"),
    "messages": LazyText("Messages in threads"),
}


async def load(reader: Reader, scope: Scope) -> ThreadActivity:
    """Read and compute; raises UnknownGuild."""
    counted = await place(reader, scope)
    threads = await known_of(reader, counted, Kind.THREADS)
    known = {key: counted if key == "messages" else threads for key in _COUNTS}
    earlier = max(ranges_before(threads), ranges_before(counted), key=bool)
    days, days_before = await asyncio.gather(
        reader.guild_days(scope.guild_id, counted.ranges), reader.guild_days(scope.guild_id, earlier)
    )

    def compute() -> ThreadActivity:
        counts = {
            key: (
                day_counts.counted(days, name),
                day_counts.counted(days_before, name) if ranges_before(known[key]) else None,
            )
            for key, name in _COUNTS.items()
        }
        return ThreadActivity(
            head=head_of(threads),
            **{key: total(known[key], *each) for key, each in counts.items()},
            open_now=_open(days),
            curves={key: calendar_of(known[key]).curve(*each) for key, each in counts.items()},
        )

    return await asyncio.to_thread(compute)


def _open(days: list[GuildDayHours]) -> int | None:
    """The latest reading of how many threads are open."""
    readings = (
        (day.day, hour, number)
        for day in days
        for hour, number in day.levels.get(GuildLevel.ACTIVE_THREADS, {}).items()
    )
    return max(readings, default=(0, 0, None))[2]


def _totals(result: ThreadActivity) -> dict[str, Total]:
    return {
        "created": result.created,
        "archived": result.archived,
        "solved": result.solved,
        "messages": result.messages,
    }


def board(result: ThreadActivity) -> Board:
    """What became of threads."""
    totals = _totals(result)
    return Board(
        kind=VIEW.kind,
        title=str(VIEW.title),
        head=result.head,
        figures=(
            *(figure(str(_TITLES[key]), amount) for key, amount in totals.items()),
            Figure(title=tr("Open now"), value=result.open_now, note=tr("at the latest reading")),
        ),
        series=tuple(series(str(_TITLES[key]), curve) for key, curve in result.curves.items()),
    )


def chart(result: ThreadActivity, theme: Theme) -> PanelsSpec:
    """Four panels over time."""
    return PanelsSpec(
        title=finding(
            result.created,
            _written("created", result.created),
            tr("No threads created in this period"),
            tr_p("amount", "threads created"),
        ),
        subtitle=place_and_period(result.head),
        theme=theme,
        panels=tuple(_panel(result, key, theme) for key in _COUNTS),
    )


def _panel(result: ThreadActivity, key: str, theme: Theme) -> BarsSpec | AreaSpec:
    label = tr_p("amount", "messages") if key == "messages" else tr_p("amount", "threads")
    title = _written(key, _totals(result)[key])
    chart = curve_chart(result.head, result.curves[key], title, Axis(label), theme)
    return msgspec.structs.replace(chart, subtitle="")


def _written(key: str, amount: Total) -> str:
    if amount.now is None:
        return tr("{what}: unknown", what=_TITLES[key])
    number = round(amount.now)
    match key:
        case "created":
            return tr_n("{count} thread created", "{count} threads created", number)
        case "archived":
            return tr_n("{count} archived", "{count} archived", number)
        case "solved":
            return tr_n("{count} solved", "{count} solved", number)
        case _:
            return tr_n("{count} message in threads", "{count} messages in threads", number)


VIEW = View(
    kind="activity/threads",
    code=33,
    title=LazyText("Threads"),
    help=LazyText("Threads and posts created, archived and solved, and the messages in them"),
    load=load,
    board=board,
    chart=chart,
)
