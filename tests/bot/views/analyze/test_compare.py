"""Comparisons on a real database, against what happened."""

from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest

from analytics.charts.spec import (
    BarsSpec,
    ComparisonSpec,
    LineSpec,
    Measurement,
    Quantity,
    RankingSpec,
    Theme,
)
from analytics.timeframes import AllTime, parse_timeframe
from bot.db.database import Driver, Handle
from bot.db.reader import Reader
from bot.db.retention import apply_retention
from bot.ingest.activity import Activity
from bot.views.refusal import CannotShow
from bot.views.registry import VIEWS
from bot.views.scope import Scope
from schemas.results.board import Board
from tests.bot.views.counted import GUILD, NOW, NOW_MS, counted, lived, message, reaction, thread, voice
from tests.bot.views.test_by_role import CREW, FOLDED, GUESTS, MEMBERS, NOBODY

HAPPENED: tuple[Activity, ...] = (
    message(20, 0, 13),
    *(message(1, 9) for _ in range(6)),
    message(2, 9, 12, member=2),
    message(2, 10, 12, member=2),
    message(3, 9, 12, member=3),
    message(8, 9, member=4),
    message(8, 10, 12),
    voice(2, 9, 150),
    voice(9, 9, 15, channel=22),
)


def asked(timeframe: str = "7d", subject: int = 0, *channels: int, roles: tuple[int, ...] = ()) -> Scope:
    scope = Scope(GUILD, parse_timeframe(timeframe, NOW.date()), NOW_MS, subject)
    return replace(scope, channels=channels, roles=roles)


async def shown(db: Handle, kind: str, scope: Scope) -> Board:
    view = VIEWS[kind]
    return view.board(await view.load(Reader(db), scope))


def rows(board: Board) -> dict[str, list[tuple[int | str, float, float | None]]]:
    return {
        ranking.title: [
            (row.subject.id or row.subject.name or "", row.value, row.previous) for row in ranking.rows
        ]
        for ranking in board.rankings
    }


def figures(board: Board) -> dict[str, tuple[float | None, float | None]]:
    return {figure.title: (figure.value, figure.previous) for figure in board.figures}


async def test_a_period_beside_the_one_before(driver: Driver, db: Handle, tmp_path: Path) -> None:
    await counted(driver, db, *HAPPENED)
    await lived(driver, db, tmp_path, reaction(2, 3, "👍"), *thread(4, 9, 1001))

    board = await shown(db, "compare/periods/all", asked())

    assert figures(board) == {
        "Messages": (9, 2),
        "Members who wrote": (3, 2),
        "Joins": (0, 0),
        "Time in voice": (150, 15),
        "Reactions": (1, 0),
        "Threads": (1, 0),
    }
    result = await VIEWS["compare/periods/all"].load(Reader(db), asked())
    chart = VIEWS["compare/periods/all"].chart(result, Theme.DARK)
    assert isinstance(chart, ComparisonSpec)
    assert chart.title == "Time in voice changed most: 10 times as much"
    assert chart.measurements[3] == Measurement("Time in voice", (150, 15), Quantity.DURATION)


async def test_one_metric_of_two_periods_adds_up(driver: Driver, db: Handle) -> None:
    await counted(driver, db, *HAPPENED)

    result = await VIEWS["compare/periods/messages"].load(Reader(db), asked())
    board = VIEWS["compare/periods/messages"].board(result)

    assert figures(board)["Messages"] == (9, 2)
    assert figures(board)["Messages a day"] == pytest.approx((9 / (6 + 16 / 24), 2 / (6 + 16 / 24)))
    assert figures(board)["Most in a day"] == (6, 2)
    chart = VIEWS["compare/periods/messages"].chart(result, Theme.DARK)
    assert isinstance(chart, LineSpec)
    assert chart.values == (0, 0, 0, 1, 3, 9, 9)
    assert chart.previous == (0, 0, 0, 0, 0, 2, 2)
    assert chart.title == "9 messages, 350% more than in the period before"
    assert [series.title for series in board.series] == ["Messages", "Messages so far"]
    active = await VIEWS["compare/periods/active"].load(Reader(db), asked())
    assert isinstance(VIEWS["compare/periods/active"].chart(active, Theme.DARK), BarsSpec)
    assert figures(VIEWS["compare/periods/active"].board(active)) == {
        "Members who wrote": (3, 2),
        "Most in a day": (1, 2),
    }


async def test_a_period_that_nobody_counted_is_unknown_and_all_time_has_none(
    driver: Driver, db: Handle
) -> None:
    await counted(driver, db, *HAPPENED)

    board = await shown(db, "compare/periods/messages", asked("20d"))
    assert figures(board)["Messages"] == (11, None)
    assert figures(board)["Most in a day"][1] is None
    with pytest.raises(CannotShow, match="choose another timeframe"):
        await VIEWS["compare/periods/all"].load(Reader(db), replace(asked(), timeframe=AllTime()))
    off = await shown(db, "compare/periods/messages", replace(asked(), compare=False))
    assert figures(off)["Messages"] == (9, 2), "it is about nothing else"


@pytest.mark.parametrize("packed", ["packed", "unpacked"])
async def test_channels_side_by_side(driver: Driver, db: Handle, packed: str) -> None:
    await counted(driver, db, *HAPPENED, pack=packed == "packed")

    board = await shown(db, "compare/channels/messages", asked("7d", 0, 12, 11))
    assert rows(board) == {
        "Messages": [(11, 6, 1), (12, 3, 1)],
        "Messages a day": [
            (11, pytest.approx(6 / (6 + 16 / 24)), None),
            (12, pytest.approx(3 / (6 + 16 / 24)), None),
        ],
        "Messages, most in a day": [(11, 6, None), (12, 2, None)],
        "Days with messages": [(12, 2, None), (11, 1, None)],
        "Messages, share of the server's": [
            (11, pytest.approx(2 / 3), None),
            (12, pytest.approx(1 / 3), None),
        ],
    }
    result = await VIEWS["compare/channels/messages"].load(Reader(db), asked("7d", 0, 12, 11))
    chart = VIEWS["compare/channels/messages"].chart(result, Theme.DARK)
    assert isinstance(chart, ComparisonSpec)
    assert chart.subjects == ("general", "a deleted channel")
    assert chart.title == "general: 2 times as many messages as a deleted channel"
    assert chart.measurements[3].values == (1, 2)
    assert not board.head.filters


async def test_without_a_choice_the_busiest_channels_are_compared(driver: Driver, db: Handle) -> None:
    await counted(driver, db, *HAPPENED)

    board = await shown(db, "compare/channels/all", asked("21d"))

    assert rows(board)["Messages"] == [(11, 7, None), (12, 4, None), (13, 1, None)]
    assert rows(board)["Time in voice"][0] == (11, 0, None)
    assert "the menu chooses others" in board.notes[0]
    in_voice = await shown(db, "compare/channels/voice", asked())
    assert rows(in_voice)["Time in voice"] == [(21, 150, 0)]
    result = await VIEWS["compare/channels/voice"].load(Reader(db), asked())
    lonely = VIEWS["compare/channels/voice"].chart(result, Theme.DARK)
    assert isinstance(lonely, RankingSpec)
    assert lonely.title == "Time in voice of lounge: 2 h 30 min"


async def test_roles_side_by_side(driver: Driver, db: Handle, tmp_path: Path) -> None:
    await counted(driver, db, *FOLDED)
    await lived(driver, db, tmp_path, *MEMBERS)

    board = await shown(db, "compare/roles/messages", asked(roles=(GUESTS, CREW, NOBODY)))

    assert rows(board) == {
        "Messages a member": [(CREW, 1, pytest.approx(1 / 3)), (GUESTS, pytest.approx(2 / 3), 0)],
        "Messages": [(CREW, 3, 1), (GUESTS, 2, 0), (NOBODY, 0, 0)],
        "Members who wrote": [(CREW, 3, 1), (GUESTS, 2, 0), (NOBODY, 0, 0)],
        "Share of those with the role": [(CREW, 1, pytest.approx(1 / 3)), (GUESTS, pytest.approx(2 / 3), 0)],
        "Median of those who did any": [(GUESTS, 1, None), (CREW, 1, 1)],
    }
    assert board.notes[0].startswith("Roles are those that members have today.")
    overall = await shown(db, "compare/roles/all", asked(roles=(CREW, GUESTS)))
    assert rows(overall)["Members with the role"] == [(CREW, 3, None), (GUESTS, 3, None)]
    assert rows(overall)["Time in voice a member"] == [(CREW, 10, 5), (GUESTS, 0, 0)]
    assert not overall.head.filters
    for roles in ((CREW,), (), (1, 2, 3, 4, 5)):
        with pytest.raises(CannotShow, match="2 to 4 roles"):
            await VIEWS["compare/roles/all"].load(Reader(db), asked(roles=roles))


async def test_roles_are_unknown_where_nobody_knows_them_or_what_they_did(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    await counted(driver, db, *FOLDED)
    await db.memberRosters.delete_many({})
    with pytest.raises(CannotShow, match="Server Members Intent"):
        await VIEWS["compare/roles/all"].load(Reader(db), asked(roles=(CREW, GUESTS)))
    await lived(driver, db, tmp_path, *MEMBERS)
    await db.memberDays.delete_many({})
    await db.memberPacks.delete_many({})
    await apply_retention(db, {"members": 3})

    result = await VIEWS["compare/roles/all"].load(Reader(db), asked(roles=(CREW, GUESTS)))

    board = VIEWS["compare/roles/all"].board(result)
    assert [len(ranking.rows) for ranking in board.rankings] == [0, 0, 0, 0, 2]
    assert "not kept for all of this period" in board.notes[-1]
    chart = VIEWS["compare/roles/all"].chart(result, Theme.DARK)
    assert chart is not None
    assert chart.title == "Not known of this period: messages a member"


async def test_a_member_beside_the_one_in_the_middle(driver: Driver, db: Handle) -> None:
    await counted(driver, db, *HAPPENED)

    board = await shown(db, "compare/member/all", asked(subject=1))

    assert rows(board)["Messages"] == [("this member", 6, 1), ("the median", median([6, 2, 1]), 1)]
    assert rows(board)["Time in voice"] == [("this member", 150, 15), ("the median", 150, 15)]
    assert rows(board)["Reactions given"] == [("this member", 0, 0)], "nobody is in the middle of nobody"
    assert rows(board)["Active days"] == [("this member", 2, 2), ("the median", 1, 1.5)]
    assert any("audit log" in note for note in board.notes)
    result = await VIEWS["compare/member/messages"].load(Reader(db), asked(subject=1))
    closely = VIEWS["compare/member/messages"].board(result)
    assert rows(closely)["Messages on an active day"] == [("this member", 3, 0.5), ("the median", 2, 0.75)]
    chart = VIEWS["compare/member/messages"].chart(result, Theme.DARK)
    assert chart is not None
    assert chart.title == "This member: 3 times as many messages as the median"
