"""The views of activity, of what the real fold has stored."""

import pytest

from analytics.charts.spec import Theme, WeekHoursSpec
from analytics.local_time import weekday_of
from bot.db.database import Driver, Handle
from bot.db.reader import Reader, UnknownGuild
from bot.ingest.activities.voice import VoiceFlag
from bot.views.activity import hours, messages, voice
from bot.views.registry import VIEWS
from bot.views.view import View
from schemas.results.board import Board
from tests.bot.views.counted import GUILD, TODAY, counted, message, people, scope
from tests.bot.views.counted import voice as spoke

VIEWS_OF_ACTIVITY = [view for view in VIEWS.values() if view.group == "activity"]


def values(board: Board) -> dict[str, tuple[float | None, float | None]]:
    return {figure.title: (figure.value, figure.previous) for figure in board.figures}


def rows(board: Board, title: str) -> list[tuple[str | int, float, float | None]]:
    (ranking,) = [each for each in board.rankings if each.title == title]
    return [(row.subject.name or row.subject.id, row.value, row.previous) for row in ranking.rows]


@pytest.mark.parametrize("packed", ["packed", "unpacked"])
async def test_messages_by_bucket_and_channel_with_the_period_before(
    driver: Driver, db: Handle, packed: str
) -> None:
    sent = [message(0, 3), message(0, 15, 12), message(1, 9), message(6, 0), message(7, 3, 12)]
    outside = [message(7, 16), message(14, 0)]
    await counted(driver, db, *sent, *outside, pack=packed == "packed")

    result = await messages.load(Reader(db), scope())
    shown = messages.board(result)

    assert values(shown)["Messages"] == (4, 1)
    assert values(shown)["Channels with messages"] == (2, None)
    assert values(shown)["Messages a day"][0] == pytest.approx(4 / (6 + 16 / 24))
    assert rows(shown, "Top channels") == [("general", 3, 0), (12, 1, 1)]
    assert shown.series[0].values == (1, 0, 0, 0, 0, 1, 2)
    assert shown.series[0].previous == (0, 0, 0, 0, 0, 0, 1)
    assert messages.chart(result, Theme.DARK).title == "4 messages, 300% more than in the period before"


async def test_messages_of_some_channels(driver: Driver, db: Handle) -> None:
    await counted(driver, db, message(0, 3), message(1, 3, 12), message(2, 3, 13))

    shown = messages.board(await messages.load(Reader(db), scope("7d", 12, 13)))

    assert values(shown)["Messages"] == (2, None)
    assert rows(shown, "Top channels") == [(12, 1, None), (13, 1, None)]


async def test_time_in_voice_its_peak_and_its_kinds(driver: Driver, db: Handle) -> None:
    await counted(
        driver,
        db,
        message(20, 0),
        spoke(0, 9, 30, flags=VoiceFlag.ALONE),
        spoke(1, 9, 60, flags=VoiceFlag.ALONE | VoiceFlag.STREAMING),
        spoke(1, 10, 30, channel=22, flags=VoiceFlag.AFK),
        spoke(8, 9, 45),
        people(1, 9, 7),
        people(8, 9, 3),
    )

    result = await voice.load(Reader(db), scope())
    shown = voice.board(result)

    assert values(shown) == {"Time in voice": (120, 45), "Most people at once": (7, 3)}
    assert rows(shown, "Top channels") == [("lounge", 90, 45), (22, 30, 0)]
    assert rows(shown, "Of which") == [
        ("alone in the channel", 90, None),
        ("streaming or with a camera", 60, None),
        ("in the AFK channel", 30, None),
    ]
    assert shown.series[0].values == (0, 0, 0, 0, 0, 90, 30)
    assert voice.chart(result, Theme.DARK).values == (0, 0, 0, 0, 0, 1.5, 0.5)
    only = voice.board(await voice.load(Reader(db), scope("7d", 22)))
    assert values(only) == {"Time in voice": (30, 0)}
    assert rows(only, "Of which") == [("in the AFK channel", 30, None)]


async def test_kinds_of_time_are_unknown_once_the_slices_are_in_the_archive(
    driver: Driver, db: Handle
) -> None:
    await counted(driver, db, spoke(1, 9, 60, flags=VoiceFlag.ALONE))
    await db["channelDays"].delete_many({})

    result = await voice.load(Reader(db), scope())

    assert result.total.now == 60
    assert result.parts is None
    assert "in the archive" in voice.board(result).notes[0]


async def test_hours_of_the_week_are_averages_of_the_hours_counted(driver: Driver, db: Handle) -> None:
    await counted(driver, db, message(13, 0), message(1, 9), message(1, 9), message(8, 9))

    result = await hours.load(Reader(db), scope("14d"))
    shown = hours.board(result)
    picture = hours.chart(result, Theme.DARK)

    assert result.cells[weekday_of(TODAY - 1)][9] == 1.5
    figures = {figure.title: figure.note for figure in shown.figures}
    assert figures["Busiest hour of the week"] == "messages an hour: Tuesdays 09:00–10:00"  # noqa: RUF001
    assert figures["Busiest weekday"] == "messages a day: Tuesday"
    assert shown.grids[0].rows[0] == "Monday"
    assert shown.grids[0].values[1][9] == 1.5
    assert isinstance(picture, WeekHoursSpec)
    assert picture.title == "Busiest on Tuesdays 09:00–10:00"  # noqa: RUF001


async def test_hours_of_days_that_the_period_does_not_hold_are_unknown(driver: Driver, db: Handle) -> None:
    await counted(driver, db, message(30, 0), message(1, 9))

    result = await hours.load(Reader(db), scope("yesterday"))

    assert [any(cell is not None for cell in row) for row in result.cells] == [
        weekday == weekday_of(TODAY - 1) for weekday in range(7)
    ]


@pytest.mark.parametrize("view", VIEWS_OF_ACTIVITY, ids=lambda view: view.kind)
@pytest.mark.parametrize("timeframe", ["24h", "7d", "all"])
async def test_nothing_counted_is_shown_too(driver: Driver, db: Handle, view: View, timeframe: str) -> None:
    await counted(driver, db)

    result = await view.load(Reader(db), scope(timeframe))

    assert view.board(result).head.counted_since is None
    assert view.chart(result, Theme.LIGHT) is not None


@pytest.mark.parametrize("view", VIEWS_OF_ACTIVITY, ids=lambda view: view.kind)
async def test_an_unknown_server_is_refused(db: Handle, view: View) -> None:
    assert GUILD
    with pytest.raises(UnknownGuild):
        await view.load(Reader(db), scope())
