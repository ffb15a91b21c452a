"""The view of retention on a real database."""

from datetime import timedelta
from pathlib import Path

import pytest

from analytics.charts.spec import Theme
from analytics.timeframes import parse_timeframe
from bot.db.database import Driver, Handle
from bot.db.directory import Directory
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.db.retention import apply_retention
from bot.views.members.retention import board, chart, load
from bot.views.scope import Scope
from schemas.results.arrivals import JoinCohort, MemberRetention, Retained, Returned
from tests.bot.db.counting import goes_live
from tests.bot.views.members.membership import GUILD, NOW, NOW_MS, joined, left, record, spoke, wrote

# NOW is Wednesday 2026-03-11; 16 days ago is Monday 2026-02-23.
HAPPENED = [
    *(joined(member, 16) for member in (1, 2, 3)),
    joined(4, 45),
    joined(5, 45),
    joined(6, 100),
    wrote(5, 45, 1),
    wrote(4, 20, 2),
    wrote(6, 20, 3),
    wrote(1, 16, 4),
    wrote(1, 9, 5),
    spoke(2, 9),
    wrote(3, 2, 6),
    left(2, 4),
]


async def shown(
    driver: Driver, db: Handle, folder: Path, timeframe: str = "30d", *, came: int = 200
) -> MemberRetention:
    await Directory(db).add_guild(GUILD, "A server", "UTC")
    await record(driver, db, folder, [wrote(9, 190, 99), *HAPPENED])
    await goes_live(db, GUILD, NOW - timedelta(days=came))
    await Packer(db).pack_all(NOW_MS)
    return await load(Reader(db), Scope(GUILD, parse_timeframe(timeframe, NOW.date()), NOW_MS))


async def test_windows_and_cohorts(driver: Driver, db: Handle, tmp_path: Path) -> None:
    result = await shown(driver, db, tmp_path)

    assert result.returned == (
        Returned(Retained.BOUNDED, 30, None, 2, 0),
        Returned(Retained.ROLLING, 30, None, 2, 0),
        Returned(Retained.RANGE, 1, 30, 2, 1),
        Returned(Retained.RANGE, 31, 60, 0, 0),
        Returned(Retained.RANGE, 61, 90, 1, 1),
    )
    assert result.unit == "week"
    cohorts = {each.name: each for each in result.cohorts}
    assert list(cohorts) == ["2026-02-09", "2026-02-16", "2026-02-23", "2026-03-02", "2026-03-09"]
    assert cohorts["2026-02-23"] == JoinCohort("2026-02-23", 3, 3, (1,))
    assert cohorts["2026-03-09"] == JoinCohort("2026-03-09", 0, 0, (), partial=True)
    shown_board = board(result)
    assert [(figure.title, figure.value) for figure in shown_board.figures] == [
        ("Retention on day 30", 0),
        ("Rolling retention, day 30 or later", 0),
        ("Range retention, days 1 to 30", 0.5),
        ("Range retention, days 31 to 60", None),
        ("Range retention, days 61 to 90", 1),
    ]
    assert shown_board.grids[0].rows[2] == "2026-02-23 (3 joined)"
    assert shown_board.grids[0].rows[-1] == "2026-03-09 (0 joined, incomplete)", "the week still runs"
    spec = chart(result, Theme.DARK)
    assert len(spec.cohorts) == len(result.cohorts) - 1
    assert spec.title == "0% of those who joined were active on day 30"
    assert spec.cohorts[2].shares == pytest.approx((100 / 3,))


async def test_long_periods_have_months(driver: Driver, db: Handle, tmp_path: Path) -> None:
    result = await shown(driver, db, tmp_path, "180d")

    assert result.unit == "month"
    cohorts = {each.name: each for each in result.cohorts}
    assert list(cohorts)[-1] == "2026-03"
    assert cohorts["2025-12"] == JoinCohort("2025-12", 1, 1, (0, 0))
    assert cohorts["2026-01"] == JoinCohort("2026-01", 2, 2, (2,)), (
        "one on the day of joining, one 25 days later"
    )


async def test_cohorts_from_before_the_bot_came_are_unknown(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    result = await shown(driver, db, tmp_path, came=12)

    assert {(each.followed, each.active) for each in result.returned} == {(None, None)}
    cohorts = {each.name: each for each in result.cohorts}
    assert cohorts["2026-02-23"] == JoinCohort("2026-02-23", None, None, (None,))
    assert cohorts["2026-03-02"].joined == 0
    assert [figure.value for figure in board(result).figures] == [None] * 5
    assert chart(result, Theme.DARK).title == "Who came back after joining is not known yet"


async def test_who_was_active_is_unknown_once_leavers_are_kept_no_longer(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    await apply_retention(db, {"left": 14})
    result = await shown(driver, db, tmp_path)

    cohorts = {each.name: each for each in result.cohorts}
    assert cohorts["2026-02-16"].active[0] is None
    assert cohorts["2026-02-23"] == JoinCohort("2026-02-23", 3, 3, (None,))
    assert result.returned[2] == Returned(Retained.RANGE, 1, 30, None, None)


async def test_each_join_is_followed_so_that_coming_back_changes_no_share_afterwards(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    """Six joined 45 days ago, five of whom came back within 30 days; then three left and joined again."""
    six = range(11, 17)
    came = [joined(member, 45) for member in six]
    spoken = [wrote(member, 40, member) for member in (11, 12, 13, 14, 15)]
    timeframe = parse_timeframe("30d", NOW.date())
    await Directory(db).add_guild(GUILD, "A server", "UTC")
    await record(driver, db, tmp_path, [wrote(9, 190, 99), *came, *spoken])
    await goes_live(db, GUILD, NOW - timedelta(days=200))
    before = await load(Reader(db), Scope(GUILD, timeframe, NOW_MS))
    again = [each for who in (11, 12, 13) for each in (left(who, 6), joined(who, 5))]
    await record(driver, db, tmp_path / "again", [*again, left(14, 3)])

    after = await load(Reader(db), Scope(GUILD, timeframe, NOW_MS))

    in_a_month = next(each for each in after.returned if each.last == 30)
    assert (in_a_month.followed, in_a_month.active) == (6, 5), "83%, not 2 of 6"
    assert after.returned == before.returned
    assert after.cohorts[:-2] == before.cohorts[:-2]
    assert [each.joined for each in after.cohorts] == [each.followed for each in after.cohorts]
    longer = await load(Reader(db), Scope(GUILD, parse_timeframe("60d", NOW.date()), NOW_MS))
    cohorts = {each.name: each for each in longer.cohorts}
    assert cohorts["2026-01-19"].joined == cohorts["2026-01-19"].followed == 6
    assert cohorts["2026-01-19"].active[0] == 5, "those who left and came back stay in it"
