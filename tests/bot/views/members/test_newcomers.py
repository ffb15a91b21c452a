"""The view of newcomers on a real database."""

from datetime import date, timedelta
from pathlib import Path

from analytics.charts.spec import Theme
from analytics.timeframes import parse_timeframe
from bot.db.database import Driver, Handle
from bot.db.directory import Directory
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.db.retention import apply_retention
from bot.views.members.newcomers import board, chart, load
from bot.views.scope import Scope
from schemas.results.arrivals import FirstSteps, Newcomers
from schemas.results.days import WholeDays
from tests.bot.db.counting import goes_live
from tests.bot.views.members.membership import GUILD, NOW, NOW_MS, joined, left, record, spoke, wrote

HAPPENED = [
    joined(1, 12),
    joined(2, 12),
    joined(3, 12),
    joined(4, 3),
    joined(5, 3),
    joined(6, 0),
    joined(7, 40),
    *(wrote(1, 12, number) for number in range(3)),
    wrote(2, 12, 9),
    wrote(3, 7, 10),
    spoke(4, 3),
    wrote(5, 1, 11),
    wrote(6, 0, 12),
    left(2, 11),
]


async def shown(
    driver: Driver, db: Handle, folder: Path, timeframe: str = "30d", *, came: int = 60
) -> Newcomers:
    await Directory(db).add_guild(GUILD, "A server", "UTC")
    await record(driver, db, folder, HAPPENED)
    await goes_live(db, GUILD, NOW - timedelta(days=came))
    await Packer(db).pack_all(NOW_MS)
    return await load(Reader(db), Scope(GUILD, parse_timeframe(timeframe, NOW.date()), NOW_MS))


async def test_first_steps_of_who_joined_also_of_who_left(driver: Driver, db: Handle, tmp_path: Path) -> None:
    result = await shown(driver, db, tmp_path)

    assert result.steps == FirstSteps(
        joined=5, followed=5, on_day=3, activated=2, in_week=3, followed_for_a_week=3
    )
    assert len(result.activated.values) == 30 - 1, "the running day is not over"
    assert result.silent.values[-3] == 1
    figures = {figure.title: figure for figure in board(result).figures}
    assert (figures["Activated newcomers"].value, figures["Activated newcomers"].of) == (2, 5)
    assert figures["Wrote or spoke in week 1"].of == 3
    assert chart(result, Theme.DARK).title == "60% of 5 newcomers wrote or spoke on day 1"


async def test_who_joined_before_the_bot_came_is_unknown(driver: Driver, db: Handle, tmp_path: Path) -> None:
    result = await shown(driver, db, tmp_path, came=5)

    assert result.steps is not None
    assert result.steps.joined == 2
    assert result.activated.values[0] is None
    assert result.previous is None


async def test_what_leavers_did_is_known_as_long_as_they_are_kept(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    await apply_retention(db, {"left": 10})
    result = await shown(driver, db, tmp_path)

    assert result.steps is not None
    assert result.steps.joined == 2
    none_known = await load(
        Reader(db), Scope(GUILD, parse_timeframe("2026-02-01..2026-02-10", NOW.date()), NOW_MS)
    )
    assert none_known.steps is None
    assert set(none_known.activated.values) == {None}
    assert board(none_known).notes


async def test_the_days_of_joining_are_named_and_compared_with_as_many(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    """Of seven days the running one is not over: six are meant, of this week and of the one before."""
    result = await shown(driver, db, tmp_path, "7d")

    assert result.days == WholeDays(date(2026, 3, 5), date(2026, 3, 10), date(2026, 2, 26), date(2026, 3, 3))
    assert result.steps is not None
    assert result.previous is not None
    last_week = await load(
        Reader(db), Scope(GUILD, parse_timeframe("2026-02-26..2026-03-03", NOW.date()), NOW_MS)
    )
    assert last_week.days is None, "these are whole days"
    assert last_week.steps == result.previous, "the same thing over the same time"
    (note,) = board(result).notes
    assert note.startswith("Newcomers are counted by whole days: the figures are of 5 Mar ")
    assert "5 Mar" in chart(result, Theme.DARK).subtitle
    yesterday = await load(Reader(db), Scope(GUILD, parse_timeframe("24h", NOW.date()), NOW_MS))
    assert yesterday.days == WholeDays(*[date(2026, 3, 10)] * 2, *[date(2026, 3, 3)] * 2)


async def test_a_day_of_which_the_last_hour_runs_is_not_whole(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    await shown(driver, db, tmp_path)
    late = NOW_MS - NOW_MS % 86_400_000 + 86_400_000 - 1_800_000
    result = await load(Reader(db), Scope(GUILD, parse_timeframe("30d", NOW.date()), late, compare=False))
    whole = await load(Reader(db), Scope(GUILD, parse_timeframe("all", NOW.date()), late))

    assert len(result.activated.values) == 30 - 1
    assert whole.days is not None
    assert whole.days.last == NOW.date() - timedelta(days=1)
