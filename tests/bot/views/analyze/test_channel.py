"""One channel in each metric on a real database, against what happened."""

from collections import Counter
from datetime import UTC, date, datetime
from random import Random

import pytest

from analytics.charts.spec import BarsSpec, Theme
from analytics.timeframes import Between
from bot.db.database import Driver, Handle
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.ingest.activity import MessageSent, VoiceTime
from bot.views.analyze.channel import VIEWS
from bot.views.scope import Scope
from schemas.results.board import Measure
from tests.bot.db.counting import count_activities, goes_live

GUILD, START = 9, 20_454
NOW = (START + 30) * 86_400_000
PERIOD = Between(date(2026, 1, 11), date(2026, 1, 20))
BY_NAME = {view.kind.rpartition("/")[2]: view for view in VIEWS}


def happened(random: Random) -> list[MessageSent | VoiceTime]:
    found: list[MessageSent | VoiceTime] = [
        MessageSent(GUILD, 11, 0, 0, 1, 0, 0, START * 86_400_000, 0, START, 0, 0)
    ]
    for number in range(300):
        channel, day, hour = (
            random.choice([11, 12, 12, 13]),
            START + random.randrange(20),
            random.randrange(24),
        )
        at = (day * 24 + hour) * 3_600_000
        if number % 2:
            found.append(MessageSent(GUILD, channel, 0, 0, 1, 0, 0, at, 0, day, hour, 0))
        else:
            found.append(
                VoiceTime(GUILD, channel, 1, 1, at, random.randrange(1, 60) * 60_000, 0, day, hour, 0)
            )
    return found


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("metric", ["messages", "voice"])
async def test_figures_are_those_of_what_happened(
    driver: Driver,
    db: Handle,
    metric: str,
    packed: bool,  # noqa: FBT001 - a parameter
) -> None:
    activities = happened(Random(packed))
    await count_activities(driver, db, GUILD, activities)
    await goes_live(db, GUILD, datetime(2020, 1, 1, tzinfo=UTC))
    if packed:
        await Packer(db).pack_all(NOW)
    amounts: dict[int, Counter[int]] = {channel: Counter() for channel in (11, 12, 13, 14)}
    for each in activities:
        if isinstance(each, MessageSent) and metric == "messages":
            amounts[each.channel][each.day - START] += 1
        elif isinstance(each, VoiceTime) and metric == "voice":
            amounts[each.channel][each.day - START] += each.ms // 60_000
    now = {
        channel: sum(amount for day, amount in by_day.items() if day >= 10)
        for channel, by_day in amounts.items()
    }
    for channel, by_day in amounts.items():
        found = await BY_NAME[metric].load(Reader(db), Scope(GUILD, PERIOD, NOW, channel))
        assert found.amount == now[channel]
        assert found.previous == sum(amount for day, amount in by_day.items() if day < 10)
        assert found.whole == sum(now.values())
        assert found.curve.values == tuple(by_day[day] for day in range(10, 20))
        assert found.active_days == sum(day >= 10 for day in by_day)
        assert found.place == (
            1 + sum(each > now[channel] for each in now.values()) if now[channel] else None
        )
        assert found.channels == 3
        assert found.days is None
        board = BY_NAME[metric].board(found)
        assert board.figures[0].measure is (Measure.COUNT if metric == "messages" else Measure.MINUTES)
        chart = BY_NAME[metric].chart(found, Theme.DARK)
        assert isinstance(chart, BarsSpec)
        assert chart.values == found.curve.values
