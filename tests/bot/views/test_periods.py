"""Every view is of the same hours, compares hours that are over, and names the days of what is by day."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from analytics.charts.spec import BarsSpec, Theme
from bot.db.database import Driver, Handle
from bot.db.reader import Reader
from bot.exports.csv_files import csv_files
from bot.exports.json_file import json_file
from bot.views.registry import VIEWS
from bot.views.scope import Scope
from bot.views.view import Restriction
from bot.wording.heads import compared
from schemas.results.board import Board
from schemas.results.days import WholeDays
from tests.bot.views.counted import (
    MINUTE_MS,
    NOW_MS,
    counted,
    instant,
    lived,
    message,
    reaction,
    scope,
    voice,
)

TWO_PAST = NOW_MS + 2 * MINUTE_MS
"""Two minutes past four: the hour from three to four is over."""
RUNNING, LAST = 16, 15


def at_two_past(timeframe: str, *channels: int) -> Scope:
    return replace(scope(timeframe, *channels), now_ms=TWO_PAST)


async def figures_of(db: Handle, kind: str, asked: Scope) -> dict[str, tuple[float | None, float | None]]:
    board = VIEWS[kind].board(await VIEWS[kind].load(Reader(db), asked))
    return {figure.title: (figure.value, figure.previous) for figure in board.figures}


async def test_the_running_hour_is_set_against_nothing(driver: Driver, db: Handle) -> None:
    """Ten messages in each hour of today and of the same day a week earlier; one in the running hour."""
    tens = [message(day, hour) for day in (0, 7) for hour in (14, LAST) for _ in range(10)]
    await counted(driver, db, message(20, 0), *tens, message(0, RUNNING), message(7, RUNNING))

    assert (await figures_of(db, "overview", at_two_past("1h")))["Messages"] == (10, 10)
    for kind in ("overview", "activity/messages", "trends/messages", "channels/usage", "activity/hours"):
        assert (await figures_of(db, kind, at_two_past("24h")))["Messages"] == (20, 20), kind
    assert (await figures_of(db, "leaderboard/messages", at_two_past("24h")))["Messages"] == (20, 20)
    assert (await figures_of(db, "compare/periods/messages", at_two_past("1d")))["Messages"] == (20, 20)


async def test_a_server_that_is_compared_with_nothing_sees_the_running_hour(
    driver: Driver, db: Handle
) -> None:
    new = instant(1, 0)
    await counted(driver, db, message(1, 9), message(0, LAST), message(0, RUNNING), live=new)
    for kind in ("overview", "activity/messages", "trends/messages", "channels/usage"):
        assert (await figures_of(db, kind, at_two_past("7d")))["Messages"] == (3, None), kind


async def test_a_range_into_the_future_is_compared_with_as_much(driver: Driver, db: Handle) -> None:
    sent = [message(day, 9) for day in range(40)]
    await counted(driver, db, *sent)
    now = await figures_of(db, "overview", at_two_past("2026-03-04..2026-03-11"))
    assert await figures_of(db, "overview", at_two_past("2026-03-04..2026-06-30")) == now
    assert now["Messages"] == (8, 8)
    assert (await figures_of(db, "overview", at_two_past("2026-02")))["Messages"] == (28, None)


@pytest.mark.parametrize("timeframe", ["1h", "24h", "1d", "7d", "2026-03", "2026-02", "week", "all"])
async def test_no_view_ends_in_the_future_and_each_names_what_it_is_compared_with(
    driver: Driver, db: Handle, timeframe: str
) -> None:
    await counted(driver, db, *(message(day, hour) for day in range(75) for hour in (9, LAST)))
    asked = at_two_past(timeframe)
    bounds = set()
    for view in VIEWS.values():
        if view.compares in {Restriction.ROLES, Restriction.SERVERS} or (
            view.of_two_periods and timeframe == "all"
        ):
            continue
        result = await view.load(Reader(db), replace(asked, subject=1 if view.of_subject else 0))
        board = view.board(result)
        head = board.head
        bounds.add((head.start, head.stop))
        assert head.stop <= datetime.fromtimestamp(TWO_PAST / 1000, UTC), view.kind
        if head.compared:
            assert head.previous_start is not None
            assert head.previous_stop is not None
            assert head.previous_start < head.previous_stop <= head.start
        _is_said_everywhere(board)
        assert view.chart(result, Theme.LIGHT) is not None or view.board_chart is not None
    assert len(bounds) == 1, "the same timeframe is the same hours in every view"


def _is_said_everywhere(board: Board) -> None:
    written = msgspec.json.decode(json_file(board).content)["head"]
    about = csv_files(board)[0].content.decode()
    for moment, name in (
        (board.head.previous_start, "previousStart"),
        (board.head.previous_stop, "previousStop"),
    ):
        if moment is None:
            assert written[name] is None
        else:
            assert datetime.fromisoformat(written[name]) == moment
            assert moment.isoformat() in about
    if board.head.compared:
        (line,) = compared(board.head)
        assert str(board.head.previous_start and board.head.previous_start.year) in line


async def test_what_is_kept_by_day_is_of_whole_days_everywhere(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    """Yesterday 3 reactions, today 5, a week before yesterday 2, and as many the days around them."""
    given = [reaction(1, 9 + n, "a") for n in range(3)] + [reaction(0, 9, "a") for _ in range(5)]
    given += [reaction(8, 9, "a") for _ in range(2)] + [reaction(7, 20, "a"), reaction(2, 20, "a")]
    await counted(driver, db, message(20, 0), message(1, 9), voice(1, 3, 30), voice(0, 3, 30))
    await lived(driver, db, tmp_path, *given)

    yesterday = date(2026, 3, 10)
    days = WholeDays(yesterday, yesterday, date(2026, 3, 3), date(2026, 3, 3))
    for kind in ("activity/reactions", "trends/reactions", "compare/periods/reactions"):
        for timeframe in ("1h", "24h"):
            result = await VIEWS[kind].load(Reader(db), at_two_past(timeframe))
            board = VIEWS[kind].board(result)
            assert (board.figures[0].value, board.figures[0].previous) == (3, 2), (kind, timeframe)
            assert result.days == days
            assert "10 Mar 2026, compared with 3 Mar 2026" in " ".join(board.notes)
    one = await VIEWS["channel/reactions"].load(Reader(db), replace(at_two_past("24h"), subject=11))
    assert (one.amount, one.previous, one.days) == (3, 2, days)
    side_by_side = await VIEWS["compare/channels/all"].load(Reader(db), at_two_past("24h", 11))
    assert {row.title: row.values for row in side_by_side.rows}["Reactions"] == (3,)
    assert {row.title: row.values for row in side_by_side.rows}["Messages"] == (0,), "messages are by hour"
    of_voice = await VIEWS["activity/voice"].load(Reader(db), at_two_past("24h"))
    assert (of_voice.total.now, of_voice.parts.whole, of_voice.parts_days) == (30, 30, days)


async def test_what_members_received_is_of_the_same_days(driver: Driver, db: Handle, tmp_path: Path) -> None:
    received = [
        msgspec.structs.replace(reaction(day, 9, "a"), author=7)
        for day, often in ((0, 5), (1, 3), (8, 2))
        for _ in range(often)
    ]
    await counted(driver, db, message(20, 0))
    await lived(driver, db, tmp_path, *received)
    for timeframe in ("1h", "24h"):
        asked = at_two_past(timeframe)
        found = await figures_of(db, "leaderboard/received", asked)
        mine = await figures_of(db, "member", replace(asked, subject=7))
        assert found["Reactions received"] == mine["Reactions received"] == (3, 2), timeframe


async def test_days_are_named_only_where_they_are_not_the_period(driver: Driver, db: Handle) -> None:
    await counted(driver, db, *(message(day, 9) for day in range(10)), live=instant(9, 0))
    view = VIEWS["activity/reactions"]
    for timeframe in ("30d", "all", "2026-03-02..2026-03-05", "yesterday"):
        result = await view.load(Reader(db), at_two_past(timeframe))
        assert (result.days, view.board(result).notes) == (None, ()), timeframe
    running = await view.load(Reader(db), at_two_past("200h"))
    assert (running.days, running.total.before) == (WholeDays(date(2026, 3, 4), date(2026, 3, 11)), None)
    chart = view.chart(running, Theme.DARK)
    assert isinstance(chart, BarsSpec)
    assert chart.partial_last, "today goes on"
    assert "4 Mar" in chart.subtitle
