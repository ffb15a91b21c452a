"""The view of growth on a real database, with joins and leaves that the real books counted."""

from datetime import timedelta
from pathlib import Path

from analytics.charts.spec import PanelsSpec, Theme
from analytics.timeframes import parse_timeframe
from bot.db.database import Driver, Handle
from bot.db.directory import Directory
from bot.db.reader import Reader
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
