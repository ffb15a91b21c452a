"""What nobody recorded is unknown in every view, never zero: what files do not hold, the time before."""

from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from analytics.charts.alternative import alternative_text
from analytics.charts.spec import RankingSpec, Theme
from analytics.local_time import day_of, instant_of_hour
from analytics.timeframes import Between, parse_timeframe
from bot.db.database import Driver, Handle
from bot.db.directory import Directory
from bot.db.reader import Reader
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activities.voice import VoiceTime
from bot.views.known_from import KNOWN_FROM, Kind
from bot.views.registry import VIEWS
from bot.views.scope import Scope
from bot.views.view import Restriction, View
from schemas.results.board import Board
from tests.bot.db.counting import count_activities
from tests.bot.views.counted import (
    GUILD,
    LONG_AGO,
    NOW,
    NOW_MS,
    counted,
    instant,
    lived,
    message,
    reaction,
    scope,
    thread,
    told_of_members,
    voice,
)

OF_LIVE_COUNTING = {
    "trends/joins",
    "trends/voice",
    "trends/reactions",
    "trends/threads",
    "activity/voice",
    "activity/reactions",
    "compare/periods/joins",
    "compare/periods/voice",
    "compare/periods/reactions",
    "compare/periods/threads",
    "compare/channels/voice",
    "compare/channels/reactions",
    "channels/voice",
    "channels/answers",
    "channel/voice",
    "channel/reactions",
    "leaderboard/voice",
    "leaderboard/given",
    "leaderboard/received",
    "compare/member/voice",
    "compare/member/given",
    "compare/member/received",
    "members/newcomers",
    "members/retention",
}
"""Views of nothing that is in a file."""
ASKED = [view for view in VIEWS.values() if view.compares not in (Restriction.ROLES, Restriction.SERVERS)]
FILE = [message(day, hour, 11 + day % 2, member=1 + day % 3) for day in range(4, 40) for hour in (9, 10, 18)]


def about(view: View, asked: Scope) -> Scope:
    """The question, about the channel or member that the view has to be about."""
    if not view.of_subject:
        return asked
    return replace(asked, subject=11 if view.group == "channel" else 1)


async def board_of(db: Handle, view: View, asked: Scope) -> Board:
    return view.board(await view.load(Reader(db), about(view, asked)))


def numbers(board: Board) -> list[float | None]:
    """All that a board says of the period."""
    return [
        *(figure.value for figure in board.figures),
        *(row.value for ranking in board.rankings for row in ranking.rows),
        *chain.from_iterable(series.values for series in board.series),
        *chain.from_iterable(chain.from_iterable(grid.values) for grid in board.grids),
    ]


def test_every_kind_has_its_row() -> None:
    assert set(KNOWN_FROM) == set(Kind)


@pytest.mark.parametrize("live", [None, instant(3, 0)], ids=["never live", "live later"])
@pytest.mark.parametrize("kind", sorted(OF_LIVE_COUNTING))
async def test_imported_days_know_messages_alone(
    driver: Driver, db: Handle, kind: str, live: int | None
) -> None:
    await counted(driver, db, *FILE, live=live)
    view = VIEWS[kind]

    board = await board_of(db, view, scope("2026-02-10..2026-02-20"))

    assert set(numbers(board)) <= {None}
    assert not any(figure.previous is not None for figure in board.figures)
    said = [ranking.empty for ranking in board.rankings]
    assert said == ["Not known of this period."] * len(said)


@pytest.mark.parametrize("view", ASKED, ids=lambda view: view.kind)
async def test_of_a_time_before_counting_began_nothing_is_said(
    driver: Driver, db: Handle, view: View
) -> None:
    await counted(driver, db, *FILE)

    asked = about(view, scope("2025-12-01..2025-12-20"))
    result = await view.load(Reader(db), asked)
    board = view.board(result)

    assert set(numbers(board)) <= {None}
    assert not any(figure.previous is not None for figure in board.figures)
    spec = view.chart(result, Theme.DARK) if view.board_chart is None else view.board_chart(board, Theme.DARK)
    assert spec is not None
    assert "total" not in alternative_text(spec)
    assert not isinstance(spec, RankingSpec) or not spec.rows


async def test_what_is_counted_since_the_bot_came_is_known_from_then_on(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    came = instant(3, 12)
    await counted(driver, db, *FILE, voice(2, 9, 30), live=came)
    await lived(driver, db, tmp_path, reaction(1, 3, "👍"))

    boards = {
        metric: await board_of(db, VIEWS[f"trends/{metric}"], scope("7d"))
        for metric in ("messages", "joins", "voice", "reactions", "threads")
    }

    curves = {metric: board.series[0] for metric, board in boards.items()}
    assert curves["messages"].values == (3, 3, 3, 0, 0, 0, 0)
    assert curves["joins"].values == (None, None, None, 0, 0, 0, 0)
    assert curves["voice"].values == (None, None, None, 0, 30, 0, 0)
    assert curves["reactions"].values == (None, None, None, 0, 0, 1), "whole days"
    assert curves["threads"].values == (None, None, None, 0, 0, 0, 0)
    assert [curves[metric].partial_first for metric in curves] == [False, True, True, True, True]
    runs = {metric for metric, curve in curves.items() if curve.partial_last}
    assert runs == curves.keys() - {"reactions"}, "today still runs"
    assert boards["voice"].figures[0].previous is None
    assert boards["messages"].figures[0].previous == 20, "up to the same hour"
    head = boards["voice"].head
    assert head.known_apart
    assert head.known_since is not None
    assert head.known_since.timestamp() * 1000 == came


async def test_threads_from_before_the_bot_came_are_known_since_the_oldest(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    await counted(driver, db, *FILE, live=instant(2, 0))
    await lived(driver, db, tmp_path, *thread(5, 9, 1001))

    board = await board_of(db, VIEWS["trends/threads"], scope("7d"))

    assert board.series[0].values == (None, 1, 0, 0, 0, 0, 0)


async def test_an_overview_of_a_file_alone_has_its_messages(driver: Driver, db: Handle) -> None:
    await counted(driver, db, *FILE, live=None)

    board = await board_of(db, VIEWS["overview"], scope("2026-02-10..2026-02-20"))
    active = await board_of(db, VIEWS["members/activity"], scope("2026-02-10..2026-02-20"))

    assert [figure.value for figure in board.figures] == [33, 3, None]
    assert {figure.title: figure.value for figure in active.figures if figure.value is not None} == {
        "Active members": 3,
        "Wrote": 3,
    }
    assert "Only messages are known of this period, so active are those who wrote." in active.notes


@pytest.mark.parametrize("metric", ["messages", "voice", "joins"])
async def test_equal_figures_are_told_alike_and_nothing_has_no_best_day(
    driver: Driver, db: Handle, metric: str
) -> None:
    await counted(driver, db, message(30, 9))
    view = VIEWS[f"trends/{metric}"]

    trend = await view.load(Reader(db), scope("7d"))
    board = view.board(trend)

    assert (trend.best, trend.worst) == (None, None)
    assert [(figure.value, figure.note) for figure in board.figures[1:]] == [(0, ""), (0, "")]
    assert board.notes == ()


async def test_the_hours_of_a_silent_week_have_no_busiest(driver: Driver, db: Handle) -> None:
    await counted(driver, db, message(30, 9))

    board = await board_of(db, VIEWS["activity/hours"], scope("7d"))

    assert [(figure.value, figure.note) for figure in board.figures] == [(0, "")] * 4


async def test_as_much_as_before_reads_the_same_everywhere(driver: Driver, db: Handle) -> None:
    await counted(driver, db, *FILE, message(2, 9), message(9, 23))
    asked = Scope(GUILD, parse_timeframe("2026-02-22..2026-02-28", NOW.date()), NOW_MS)

    titles = set()
    for kind in ("overview", "activity/messages", "trends/messages", "compare/periods/messages"):
        view = VIEWS[kind]
        chart = view.chart(await view.load(Reader(db), asked), Theme.DARK)
        assert chart is not None
        titles.add(chart.title)

    assert titles == {"21 messages, as in the period before"}


SPRING = date(2026, 3, 29)
"""The day on which Berlin has no hour from 2 to 3."""
BY_HOUR = (
    "overview",
    "activity/messages",
    "activity/voice",
    "activity/threads",
    "activity/content",
    "trends/messages",
    "trends/joins",
    "trends/voice",
    "members/activity",
    "members/growth",
)


@pytest.mark.parametrize("kind", BY_HOUR)
async def test_an_hour_that_never_was_is_unknown(driver: Driver, db: Handle, kind: str) -> None:
    day = day_of(SPRING)
    sent = [MessageSent(GUILD, 11, 0, 0, 1, 0, 0, day * 86_400_000, 0, day, hour, 0) for hour in (0, 1, 3, 4)]
    before = [MessageSent(GUILD, 11, 0, 0, 1, 0, 0, 0, 0, day - 9, 5, 0)]
    await count_activities(driver, db, GUILD, [*sent, *before], "Europe/Berlin")
    await Directory(db).mark_discord(GUILD, LONG_AGO)
    await told_of_members(db, GUILD, LONG_AGO)
    later = instant_of_hour((day + 2) * 24, ZoneInfo("Europe/Berlin"))

    view = VIEWS[kind]
    result = await view.load(Reader(db), Scope(GUILD, Between(SPRING, SPRING), later))
    spring = view.board(result)

    of_hours = [series for series in spring.series if None not in (*series.values[:2], *series.values[3:])]
    assert of_hours
    for series in of_hours:
        assert len(series.values) == 24
        assert series.values[2] is None
        assert not series.partial_first
        assert not series.partial_last


async def test_the_share_of_hours_is_of_those_that_were(driver: Driver, db: Handle) -> None:
    day = day_of(SPRING)
    spoke = VoiceTime(GUILD, 21, 1, 1, day * 86_400_000, 60_000, 0, day, 5, 0)
    await count_activities(driver, db, GUILD, [spoke], "Europe/Berlin")
    await Directory(db).mark_discord(GUILD, LONG_AGO)
    await told_of_members(db, GUILD, LONG_AGO)
    later = instant_of_hour((day + 2) * 24, ZoneInfo("Europe/Berlin"))

    view = VIEWS["channels/voice"]
    board = view.board(await view.load(Reader(db), Scope(GUILD, Between(SPRING, SPRING), later)))

    assert board.rankings[0].rows[0].value == pytest.approx(1 / 23)
