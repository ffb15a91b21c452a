"""The views of activity, of what the real fold has stored."""

from pathlib import Path

import pytest

from analytics.charts.spec import Quantity, Theme, WeekHoursSpec
from analytics.local_time import weekday_of
from bot.db.database import Driver, Handle
from bot.db.reader import Reader, UnknownGuild
from bot.ingest.activities.levels import ThreadsCounted
from bot.ingest.activities.messages import MessageFlag
from bot.ingest.activities.voice import VoiceFlag
from bot.views.activity import content, hours, messages, reactions, threads, voice
from bot.views.registry import VIEWS
from bot.views.view import View
from schemas.results.board import Board
from tests.bot.views.counted import (
    GUILD,
    HOUR_MS,
    TODAY,
    counted,
    instant,
    lived,
    message,
    people,
    reaction,
    reply,
    scope,
    thread,
)
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


BY_DAY = (
    "are counted by whole days: the figures are of 5 Mar \N{EN DASH} 10 Mar 2026, compared with "
    "26 Feb \N{EN DASH} 3 Mar 2026."
)


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

    assert values(shown) == {
        "Time in voice": (90, 45),
        "Most people at once": (7, 3),
        "In the AFK channel": (30, None),
    }
    assert rows(shown, "Top channels") == [("lounge", 90, 45)]
    assert rows(shown, "Of which") == [
        ("alone in the channel", 60, None),
        ("streaming or with a camera", 60, None),
    ]
    assert shown.notes[-1] == f"Kinds of time {BY_DAY}"
    assert shown.series[0].values == (0, 0, 0, 0, 0, 60, 30)
    chart = voice.chart(result, Theme.DARK)
    assert chart.values == (0, 0, 0, 0, 0, 60, 30)
    assert chart.quantity is Quantity.DURATION
    assert chart.title == "1 h 30 min in voice, 100% more than in the period before"
    only = voice.board(await voice.load(Reader(db), scope("7d", 22)))
    assert values(only) == {"Time in voice": (0, 0), "In the AFK channel": (30, None)}
    assert rows(only, "Of which") == []


async def test_kinds_of_time_are_unknown_once_the_slices_are_in_the_archive(
    driver: Driver, db: Handle
) -> None:
    await counted(driver, db, spoke(1, 9, 60, flags=VoiceFlag.ALONE))
    await db["channelDays"].delete_many({})

    result = await voice.load(Reader(db), scope())

    assert result.total.now == 60
    assert result.parts is None
    assert "in the archive" in voice.board(result).notes[0]


async def test_time_in_the_afk_channel_is_unknown_once_its_slices_are_in_the_archive(
    driver: Driver, db: Handle
) -> None:
    await counted(driver, db, spoke(1, 9, 60, flags=VoiceFlag.AFK))
    await db["channelDays"].delete_many({})

    result = await voice.load(Reader(db), scope())

    assert (result.total.now, result.parts, result.afk) == (0, None, None)


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


async def test_reactions_by_day_with_their_emoji(driver: Driver, db: Handle, tmp_path: Path) -> None:
    given = [reaction(0, 3, "👍"), reaction(1, 3, "👍"), reaction(1, 20, "99"), reaction(9, 3, "👍", 12)]
    await counted(driver, db, message(20, 0))
    await lived(driver, db, tmp_path, *given)

    result = await reactions.load(Reader(db), scope())
    shown = reactions.board(result)

    assert values(shown) == {"Reactions": (2, 1), "Messages with reactions": (2, 1)}, "of the whole days"
    assert rows(shown, "Top emoji") == [(99, 1, 0), ("👍", 1, 1)]
    assert rows(shown, "Top channels") == [("general", 2, 0)]
    assert shown.series[0].values == (0, 0, 0, 0, 0, 2)
    assert shown.notes == (f"Reactions {BY_DAY}",)
    only = reactions.board(await reactions.load(Reader(db), scope("14d", 12)))
    assert values(only) == {"Reactions": (1, None)}
    assert [ranking.title for ranking in only.rankings] == ["Top channels"]


async def test_threads_created_archived_solved_and_written_in(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    await counted(driver, db, message(20, 0))
    await lived(
        driver,
        db,
        tmp_path,
        *thread(2, 9, 1001, solved_after_ms=HOUR_MS),
        *thread(1, 9, 1002),
        *thread(8, 9, 1003),
        reply(1, 9, 1002, 60_000),
        ThreadsCounted(GUILD, instant(1, 10), 0, TODAY - 1, 10, 5),
        ThreadsCounted(GUILD, instant(1, 12), 0, TODAY - 1, 12, 4),
    )

    result = await threads.load(Reader(db), scope())
    shown = threads.board(result)

    assert values(shown) == {
        "Created": (2, 1),
        "Archived": (1, 0),
        "Solved": (1, 0),
        "Messages in threads": (1, 0),
        "Open now": (4, None),
    }
    assert [each.title for each in shown.series] == ["Created", "Archived", "Solved", "Messages in threads"]
    assert shown.series[0].values == (0, 0, 0, 0, 1, 1, 0)
    assert [panel.values[4] for panel in threads.chart(result, Theme.DARK).panels] == [1, 1, 1, 0]


async def test_content_with_shares_of_what_is_known(driver: Driver, db: Handle) -> None:
    both = MessageFlag.FILES | MessageFlag.REPLY
    unknown = MessageFlag.CONTENT_UNKNOWN | MessageFlag.STICKERS
    sent = [message(20, 0), message(1, 9, flags=both), message(1, 9), message(2, 9, flags=unknown)]
    await counted(driver, db, *sent)

    result = await content.load(Reader(db), scope())
    shown = content.board(result)
    figures = {figure.title: (figure.value, figure.of) for figure in shown.figures}

    assert figures["Files"] == (1, 2)
    assert figures["Replies"] == (1, 3)
    assert figures["Stickers"] == (1, 3)
    assert figures["Polls"] == (0, 2)
    assert [name for name, _, _ in rows(shown, "Messages with")] == ["Files", "Stickers", "Replies"]
    assert result.curves["files"].values == (0, 0, 0, 0, None, 1, 0)
    assert result.curves["stickers"].values == (0, 0, 0, 0, 1, 0, 0)
    assert "Of 1 message it is unknown" in shown.notes[1]


async def test_content_is_unknown_where_none_of_it_was_shown(driver: Driver, db: Handle) -> None:
    await counted(driver, db, message(1, 9, flags=MessageFlag.CONTENT_UNKNOWN | MessageFlag.REPLY))

    figures = values(content.board(await content.load(Reader(db), scope())))

    assert [figures[kind][0] for kind in ("Files", "Embeds", "Polls")] == [None] * 3
    assert (figures["Replies"][0], figures["Stickers"][0]) == (1, 0)


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
