"""The view of engagement on a real database."""

from datetime import UTC, datetime, timedelta

import pytest

from analytics.charts.spec import Theme
from analytics.local_time import day_of
from analytics.timeframes import parse_timeframe
from bot.db.database import Driver, Handle
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.ingest.activities.messages import MessageSent
from bot.views.members.engagement import board, chart, load
from bot.views.scope import Scope
from schemas.results.members import MembersEngaged
from tests.bot.db.counting import count_activities, goes_live

GUILD = 9
NOW = datetime(2026, 3, 11, 15, 20, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
TODAY = day_of(NOW.date())


def wrote(member: int, back: int, number: int = 1) -> list[MessageSent]:
    day = TODAY - back
    return [MessageSent(GUILD, 11, 0, 0, member, 0, 0, day * 86_400_000, 0, day, 3, 0)] * number


async def shown(driver: Driver, db: Handle, sent: list[MessageSent], timeframe: str = "7d") -> MembersEngaged:
    await count_activities(driver, db, GUILD, sent)
    await goes_live(db, GUILD, NOW - timedelta(days=60))
    await Packer(db).pack(NOW_MS)
    return await load(Reader(db), Scope(GUILD, parse_timeframe(timeframe, NOW.date()), NOW_MS))


async def test_messages_and_scores_of_a_period(driver: Driver, db: Handle) -> None:
    result = await shown(
        driver, db, [*wrote(1, 0, 6), *wrote(2, 1, 3), *wrote(3, 6), *wrote(4, 7, 50), *wrote(1, 40)]
    )

    assert result.spread is not None
    assert (result.spread.writers, result.spread.communicators, result.spread.messages) == (3, 2, 10)
    assert result.spread.half == 1
    assert result.spread.gini == pytest.approx((5 + 3 + 2) * 2 / (2 * 3 * 10))
    assert result.previous is not None
    assert result.previous.writers == 1
    assert result.scores is not None
    assert sum(result.scores.counts) == 3, "the running day is not in it, and what is older neither"
    (grid,) = board(result).grids
    assert sum(row[0] or 0 for row in grid.values) == 3


async def test_scores_need_28_days_that_were_counted(driver: Driver, db: Handle) -> None:
    result = await shown(driver, db, wrote(1, 10))

    assert result.scores is None
    assert not board(result).grids
    spec = chart(result, Theme.DARK)
    assert spec.counts == ()
    assert spec.title == "Activity scores are not known of this time"
    figures = {figure.title: figure.value for figure in board(result).figures}
    assert figures["Members who wrote"] == 0
    assert figures["Gini"] is None
    assert figures["Median activity score"] is None


async def test_before_counting_began_all_is_unknown(driver: Driver, db: Handle) -> None:
    result = await shown(driver, db, wrote(1, 2), "2026-02-01..2026-02-10")

    assert result.spread is None
    assert not board(result).notes, "the head says it"
    assert {figure.value for figure in board(result).figures} == {None}
