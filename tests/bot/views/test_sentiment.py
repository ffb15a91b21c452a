"""The view of sentiment, of what the real fold has stored."""

from pathlib import Path

import pytest

from analytics.charts.spec import Theme
from bot.db.database import Driver, Handle
from bot.db.reader import Reader
from bot.ingest.activities.messages import UNSCORED
from bot.views.activity import sentiment
from bot.views.activity.sentiment import ENOUGH
from schemas.results.board import Board
from tests.bot.views.counted import counted, lived, message, scope


def values(board: Board) -> dict[str, tuple[float | None, float | None]]:
    return {figure.title: (figure.value, figure.previous) for figure in board.figures}


async def shown(db: Handle, *channels: int) -> Board:
    return sentiment.board(await sentiment.load(Reader(db), scope("7d", *channels)))


@pytest.mark.parametrize("packed", ["packed", "unpacked"])
async def test_shares_mean_and_channels_with_the_period_before(
    driver: Driver, db: Handle, packed: str
) -> None:
    many = [message(2, 9, 11, sentiment=40) for _ in range(ENOUGH)]
    bad = [message(3, 9, 12, sentiment=-50) for _ in range(ENOUGH)]
    few = [message(1, 9, 13, sentiment=100)]
    rest = [message(1, 10, 11, sentiment=UNSCORED), message(1, 11, 11), message(4, 9, 12, sentiment=4)]
    before = [message(9, 9, 11, sentiment=-5), message(9, 9, 11, sentiment=5), message(20, 9)]
    await counted(driver, db, *many, *bad, *few, *rest, *before, pack=packed == "packed")

    board = await shown(db)

    scored = 2 * ENOUGH + 2
    assert values(board) == {
        "Scored messages": (scored, 2),
        "Positive": ((ENOUGH + 1) / scored, 0.5),
        "Neutral": (1 / scored, 0),
        "Negative": (ENOUGH / scored, 0.5),
        "Mean score": ((40 * ENOUGH - 50 * ENOUGH + 104) / scored, 0),
    }
    figure = board.figures[0]
    assert (figure.of, figure.note) == (scored + 2, f"{scored + 1} were looked at")
    (ranking,) = board.rankings
    mean_of_12 = (4 - 50 * ENOUGH) / (ENOUGH + 1)
    assert [(row.subject.id, row.value) for row in ranking.rows] == [(11, 40.0), (12, mean_of_12)]
    series = {each.title: each.values for each in board.series}
    assert series["Positive"] == (None, None, 0, 0, 1, 1)
    assert series["Negative"] == (None, None, 0, 1, 0, 0)
    assert series["Mean score"] == (None, None, 4, -50, 40, 100)
    assert series["Scored messages"] == (None, None, 1, ENOUGH, ENOUGH, 1)


async def test_some_channels_alone(driver: Driver, db: Handle) -> None:
    await counted(driver, db, message(1, 9, 11, sentiment=40), message(1, 9, 12, sentiment=-40))
    assert values(await shown(db, 12))["Mean score"] == (-40.0, None)


async def test_where_it_was_off_all_is_unknown_and_not_zero(driver: Driver, db: Handle) -> None:
    await counted(driver, db, message(1, 9), message(9, 9, sentiment=50))
    board = await shown(db)
    assert [value for value, _ in values(board).values()] == [None] * 5
    assert all(set(each.values) == {None} for each in board.series)
    assert board.notes[0].startswith("Sentiment was off in this period, so it is unknown")
    result = await sentiment.load(Reader(db), scope())
    assert sentiment.chart(result, Theme.DARK).title == "Sentiment was off in this period"


async def test_where_no_word_was_known_nothing_scored_is_zero_and_shares_are_unknown(
    driver: Driver, db: Handle
) -> None:
    await counted(driver, db, message(1, 9, sentiment=UNSCORED))
    board = await shown(db)
    assert values(board)["Scored messages"] == (0, None)
    assert values(board)["Positive"] == values(board)["Mean score"] == (None, None)
    result = await sentiment.load(Reader(db), scope())
    assert sentiment.chart(result, Theme.DARK).title == "No message could be scored"


async def test_the_lowest_channels_stand_in_a_list_of_their_own(driver: Driver, db: Handle) -> None:
    sent = [
        message(1, 9, 100 + place, sentiment=50 - 10 * place) for place in range(11) for _ in range(ENOUGH)
    ]
    await counted(driver, db, *sent)
    highest, lowest = (await shown(db)).rankings
    assert [row.value for row in highest.rows] == [50, 40, 30, 20, 10, 0, -10, -20]
    assert [row.value for row in lowest.rows] == [-50, -40, -30]
    assert highest.others == 3


async def test_a_day_packed_before_the_first_score_is_packed_anew(
    driver: Driver, db: Handle, tmp_path: Path
) -> None:
    await counted(driver, db, message(3, 9))
    await lived(driver, db, tmp_path, message(1, 9, id=1, session=1))
    await lived(driver, db, tmp_path, message(1, 10, id=2, session=1, sentiment=60))
    assert values(await shown(db))["Mean score"] == (60.0, None)


async def test_what_the_chart_says(driver: Driver, db: Handle) -> None:
    await counted(driver, db, *(message(1, 9, sentiment=score) for score in (40, 40, -40, 0)))
    spec = sentiment.chart(await sentiment.load(Reader(db), scope()), Theme.DARK)
    assert spec.title == "50% of the scored messages are positive, 25% negative"
    assert [panel.title for panel in spec.panels] == [
        "Positive: 50%",
        "Negative: 25%",
        "Mean score: 10.0",
        "Scored: 4",
    ]
    assert spec.panels[0].values == (None, None, None, None, None, 50)
