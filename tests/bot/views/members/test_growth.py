"""The view of growth on a real database, with joins and leaves that the real books counted."""

from datetime import timedelta
from pathlib import Path

import pytest

from analytics.charts.spec import PanelsSpec, Theme
from analytics.timeframes import parse_timeframe
from bot.db.database import Driver, Handle
from bot.db.directory import Directory
from bot.db.reader import Reader
from bot.db.retention import apply_retention
from bot.ingest.activities.members import JoinSeen
from bot.views.members.growth import board, chart, load
from bot.views.scope import Scope
from schemas.results.growth import MemberGrowth
from tests.bot.db.counting import goes_live
from tests.bot.views.members.membership import GUILD, NOW, NOW_MS, counted, joined, left, record


async def shown(
    driver: Driver, db: Handle, folder: Path, *, came: int = 40, timeframe: str = "7d"
) -> MemberGrowth:
    await Directory(db).add_guild(GUILD, "A server", "UTC")
    await record(
        driver,
        db,
        folder,
        [
            joined(1, 30, JoinSeen.SURVIVOR),
            counted(39, 19),
            counted(8, 20),
            joined(2, 10),
            joined(3, 5),
            joined(4, 5),
            joined(5, 2),
            left(3, 4),
            joined(3, 1),
            counted(5, 22),
            counted(1, 23),
        ],
    )
    await goes_live(db, GUILD, NOW - timedelta(days=came))
    return await load(Reader(db), Scope(GUILD, parse_timeframe(timeframe, NOW.date()), NOW_MS))


async def test_joins_leaves_and_levels(driver: Driver, db: Handle, tmp_path: Path) -> None:
    result = await shown(driver, db, tmp_path)

    assert result.flow is not None
    assert (result.flow.joins, result.flow.rejoins, result.flow.leaves, result.flow.net) == (4, 1, 1, 3)
    assert (result.flow.unknown, result.flow.by_invite) == (4, 0)
    assert result.previous is not None
    assert result.previous.joins == 1
    assert result.members == 23
    assert result.curves.joins.values == (0, 2, 0, 0, 1, 1, 0)
    assert result.curves.members.values == (None, 22, None, None, None, 23, None)
    spec = chart(result, Theme.DARK)
    assert isinstance(spec, PanelsSpec)
    assert spec.title == "The server grew by 3: 4 joined, 1 left"
    assert "Joins by an invite: unknown" in [panel.title for panel in spec.panels], "of none is the way known"
    assert set(result.curves.by_invite.values) == {None}
    assert result.curves.unknown.values == result.curves.joins.values


async def test_before_the_bot_came_nothing_is_known(driver: Driver, db: Handle, tmp_path: Path) -> None:
    result = await shown(driver, db, tmp_path, came=3)

    assert result.previous is None
    assert result.curves.joins.values == (None, None, None, 0, 1, 1, 0)
    assert result.curves.joins.partial_first, "it came in the middle of the day"
    assert result.curves.churn.values[0] is None


async def test_a_period_before_the_bot_came_is_unknown(driver: Driver, db: Handle, tmp_path: Path) -> None:
    result = await shown(driver, db, tmp_path, came=3, timeframe="2026-02-20..2026-03-02")

    assert result.flow is None
    shown_board = board(result)
    assert {figure.value for figure in shown_board.figures} == {None}
    assert shown_board.notes
    assert not shown_board.rankings


async def test_churn_follows_who_was_there_at_the_start(driver: Driver, db: Handle, tmp_path: Path) -> None:
    """Of 20 five leave and two of them come back; ten who came meanwhile and left again are not in it."""
    await Directory(db).add_guild(GUILD, "A server", "UTC")
    there, newcomers = range(1, 21), range(31, 41)
    happened = [
        *(joined(member, 50) for member in there),
        counted(30, 20),
        *(joined(member, 20) for member in newcomers),
        *(left(member, 15) for member in (*newcomers, 1, 2, 3, 4, 5)),
        *(joined(member, 10) for member in (4, 5)),
        counted(1, 17),
    ]
    await record(driver, db, tmp_path, happened)
    await goes_live(db, GUILD, NOW - timedelta(days=100))

    result = await load(Reader(db), Scope(GUILD, parse_timeframe("30d", NOW.date()), NOW_MS))

    assert result.flow is not None
    assert result.flow.leaves == 15
    churn = result.flow.churned
    assert churn is not None
    assert (churn.lost, churn.there) == (3, 20)
    days = (result.curves.joins.starts[-1] - result.curves.joins.starts[0]).days + 16 / 24
    assert churn.rate == pytest.approx(1 - (17 / 20) ** (30 / days), abs=1e-3)
    (figure,) = [each for each in board(result).figures if each.title == "Churn in 30 days"]
    assert figure.note == "3 left, of 20 members at the start"
    assert all(share is None or share <= 1 for share in result.curves.churn.values)


async def test_churn_is_of_the_time_in_which_it_is_known_who_left(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    await apply_retention(db, {"left": 14})
    await Directory(db).add_guild(GUILD, "A server", "UTC")
    happened = [joined(1, 50), joined(2, 50), left(1, 20), counted(31, 2), counted(19, 1), left(2, 5)]
    await record(driver, db, tmp_path, happened)
    await goes_live(db, GUILD, NOW - timedelta(days=100))

    result = await load(Reader(db), Scope(GUILD, parse_timeframe("30d", NOW.date()), NOW_MS))

    assert result.flow is not None
    assert result.flow.leaves == 2
    assert result.flow.churned is not None
    assert (result.flow.churned.lost, result.flow.churned.there) == (1, 1)
    old = Scope(GUILD, parse_timeframe("2026-02-10..2026-02-20", NOW.date()), NOW_MS)
    long_ago = await load(Reader(db), old)
    assert long_ago.flow is not None
    assert long_ago.flow.churned is None, "who left is forgotten: unknown, not nobody"
    assert set(long_ago.curves.churn.values) == {None}
