"""The view of member categories on a real database."""

from datetime import timedelta
from pathlib import Path

from analytics.charts.spec import Theme
from analytics.timeframes import parse_timeframe
from bot.db.database import Driver, Handle
from bot.db.directory import Directory
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.db.retention import apply_retention
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.members import MemberJoined, MemberLeft
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activity import Activity
from bot.settings import Settings
from bot.views.members.categories import board, chart, load
from bot.views.scope import Scope
from schemas.results.categories import Categories, MemberCategories
from tests.bot.db.counting import goes_live
from tests.bot.views.members.membership import GUILD, NOW, NOW_MS, counted, joined, left, record, wrote

LONG_AGO = 130


def active(member: int, *back: int) -> list[Activity]:
    return [wrote(member, day, member * 1_000 + day) for day in back]


# The running day is not in the last week, which are the days 1 to 7 before it.
HAPPENED: list[Activity] = [
    wrote(9, LONG_AGO, 1),
    *(joined(member, 40) for member in (5, 6)),
    *active(1, 3),
    *active(2, 2, 9, 23),
    *active(3, 10),
    *active(4, 40, 20),
    *active(5, 1, 2),
    *active(6, 3),
    left(6, 2),
    *active(7, 0),
    counted(1, 12),
]


async def shown(
    driver: Driver, db: Handle, folder: Path, timeframe: str = "30d", happened: list[Activity] = HAPPENED
) -> MemberCategories:
    await Directory(db).add_guild(GUILD, "A server", "UTC")
    await record(driver, db, folder, sorted(happened, key=_when))
    await goes_live(db, GUILD, NOW - timedelta(days=LONG_AGO))
    await Packer(db).pack_all(NOW_MS)
    return await load(Reader(db), Scope(GUILD, parse_timeframe(timeframe, NOW.date()), NOW_MS))


def _when(activity: Activity) -> int:
    """Members and messages come in the order in which Discord tells of them."""
    assert isinstance(activity, MessageSent | MemberJoined | MemberLeft | MembersCounted)
    return activity.at if isinstance(activity, MessageSent | MemberLeft | MembersCounted) else activity.joined


async def test_members_by_category_week_after_week(driver: Driver, db: Handle, tmp_path: Path) -> None:
    result = await shown(driver, db, tmp_path)

    assert [f"{start:%m-%d}" for start in result.starts] == ["02-11", "02-18", "02-25", "03-04"]
    assert result.weeks[-1] == Categories(
        vital=0, still=0, consistent=1, newly=2, dropped=1, disengaged=1, occasional=0, lurkers=7
    )
    assert result.weeks[-2] == Categories(
        vital=0, still=0, consistent=0, newly=1, dropped=0, disengaged=0, occasional=2, lurkers=None
    )
    assert not result.partly
    assert not result.head.comparable


async def test_the_card_and_the_chart(driver: Driver, db: Handle, tmp_path: Path) -> None:
    result = await shown(driver, db, tmp_path, "7d")
    shown_board = board(result)

    figures = {figure.title: figure for figure in shown_board.figures}
    assert figures["Newly active"].value == 2
    assert figures["Newly active"].of == 12
    assert [series.values for series in shown_board.series if series.title == "Lurkers"] == [(7,)]
    assert "7 days from 4 Mar 2026 on" in shown_board.notes[0]
    spec = chart(result, Theme.DARK)
    assert [layer.values for layer in spec.layers] == [(0,), (1,), (2,), (0,), (1,), (1,)]
    assert spec.title == "20% of 5 who took part are steady, 1 dropped"


async def test_a_young_server_knows_nothing_yet(driver: Driver, db: Handle, tmp_path: Path) -> None:
    result = await shown(driver, db, tmp_path, happened=active(1, 30, 3))

    assert result.weeks == (None,) * 4
    assert {figure.value for figure in board(result).figures} == {None}
    assert "five whole weeks" in board(result).notes[0]
    assert chart(result, Theme.LIGHT).title == "Too little is counted yet to tell members apart"


async def test_of_a_server_counted_for_two_months_some_may_only_seem_new(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    result = await shown(driver, db, tmp_path, happened=active(1, 60, 3))

    assert result.weeks[-1] is not None
    assert result.partly
    assert any("may seem new" in note for note in board(result).notes)


async def test_lurkers_are_unknown_where_leavers_are(driver: Driver, db: Handle, tmp_path: Path) -> None:
    await shown(driver, db, tmp_path)
    await apply_retention(db, {"left": 30})

    result = await load(Reader(db), Scope(GUILD, parse_timeframe("7d", NOW.date()), NOW_MS))

    assert result.weeks[-1] is not None
    assert result.weeks[-1].lurkers is None
    assert any(note.startswith("Lurkers are unknown") for note in board(result).notes)


async def test_lurkers_are_known_for_as_long_as_leavers_are_kept_unless_the_host_says_otherwise(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    await shown(driver, db, tmp_path)
    await apply_retention(db, {"left": Settings.model_fields["retention_left"].default})

    result = await load(Reader(db), Scope(GUILD, parse_timeframe("7d", NOW.date()), NOW_MS))

    assert result.weeks[-1] is not None
    assert result.weeks[-1].lurkers == 7
