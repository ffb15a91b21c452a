"""Every metric's trend, of what the real parts have stored."""

from pathlib import Path

import pytest

from analytics.charts.spec import LineSpec, Theme
from bot.db.database import Driver, Handle
from bot.db.reader import Reader
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activity import Activity
from bot.views.registry import VIEWS
from tests.bot.views.counted import (
    GUILD,
    TODAY,
    counted,
    instant,
    lived,
    message,
    reaction,
    scope,
    thread,
    voice,
)


def reading(day: int, hour: int, members: int) -> MembersCounted:
    return MembersCounted(GUILD, instant(day, hour), 0, TODAY - day, hour, members)


FOLDED: tuple[Activity, ...] = (
    message(20, 0),
    message(1, 9),
    message(1, 10, member=2),
    message(1, 11),
    message(3, 9, 12),
    message(8, 9),
    voice(2, 9, 30),
    voice(9, 9, 15, channel=22),
    reading(9, 3, 40),
    reading(2, 3, 44),
)
RECORDED = [reaction(2, 3, "👍"), reaction(2, 4, "👍"), reaction(8, 3, "👍"), *thread(4, 9, 1001)]
EXPECTED = {
    "messages": (4, 1, (0, 0, 0, 1, 0, 3, 0)),
    "active": (2, 1, (0, 0, 0, 1, 0, 2, 0)),
    "members": (44, 40, (None, None, None, None, 44, None, None)),
    "joins": (0, 0, (0,) * 7),
    "voice": (30, 15, (0, 0, 0, 0, 30, 0, 0)),
    "reactions": (2, 1, (0, 0, 0, 0, 2, 0)),
    "threads": (1, 0, (0, 0, 1, 0, 0, 0, 0)),
}


async def test_every_metric_over_a_week(driver: Driver, db: Handle, tmp_path: Path) -> None:
    await counted(driver, db, *FOLDED)
    await lived(driver, db, tmp_path, *RECORDED)
    loaded = {
        kind.removeprefix("trends/"): await view.load(Reader(db), scope())
        for kind, view in VIEWS.items()
        if view.group == "trends"
    }

    found = {
        name: (trend.level.now, trend.level.before, trend.curve.values) for name, trend in loaded.items()
    }
    assert found == EXPECTED
    shown = VIEWS["trends/messages"].board(loaded["messages"])
    assert [(figure.title, figure.value, figure.note) for figure in shown.figures] == [
        ("Messages", 4, ""),
        ("Most in a day", 3, "Tue 10 Mar 2026"),
        ("Least in a day", 0, "Thu 5 Mar 2026"),
    ]
    assert (shown.grids[0].rows[1], shown.grids[0].values[1]) == ("Tuesday", (3,))
    assert shown.notes == ()
    assert isinstance(VIEWS["trends/members"].chart(loaded["members"], Theme.DARK), LineSpec)
    voice_chart = VIEWS["trends/voice"].chart(loaded["voice"], Theme.DARK)
    assert voice_chart is not None
    assert voice_chart.title == "30 min in voice, 100% more than in the period before"


@pytest.mark.parametrize(
    ("metric", "expected"), [("messages", (1, 0)), ("voice", (0, 0)), ("reactions", (0, 0))]
)
async def test_some_metrics_are_of_some_channels(
    driver: Driver, db: Handle, tmp_path: Path, metric: str, expected: tuple[float, float]
) -> None:
    await counted(driver, db, *FOLDED)
    await lived(driver, db, tmp_path, *RECORDED)

    trend = await VIEWS[f"trends/{metric}"].load(Reader(db), scope("7d", 12))

    assert (trend.level.now, trend.level.before) == expected


async def test_weekdays_are_named_where_all_were_counted(driver: Driver, db: Handle) -> None:
    await counted(driver, db, *FOLDED)
    view = VIEWS["trends/messages"]

    shown = view.board(await view.load(Reader(db), scope("14d")))

    assert shown.notes == ("Tuesdays have most on average; the table has every weekday.",)


async def test_nothing_counted_is_a_trend_too(driver: Driver, db: Handle) -> None:
    await counted(driver, db)
    for view in (view for view in VIEWS.values() if view.group == "trends"):
        trend = await view.load(Reader(db), scope("24h"))
        assert (trend.best, trend.worst) == (None, None)
        assert view.board(trend).figures[1].value is None
        assert view.chart(trend, Theme.LIGHT) is not None
