"""One channel on a real database, against the messages themselves."""

from collections import Counter
from datetime import date
from random import Random

import pytest

from analytics.timeframes import Between
from bot.db.database import Driver, Handle
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.ingest.activity import MessageSent
from bot.views.analyze.channel import load
from bot.views.scope import Scope
from tests.bot.db.counting import count_activities

GUILD, START = 9, 20_454
NOW = (START + 30) * 86_400_000
PERIOD = Between(date(2026, 1, 11), date(2026, 1, 20))


@pytest.mark.parametrize("packed", [False, True])
async def test_figures_are_those_of_what_was_written(driver: Driver, db: Handle, packed: bool) -> None:  # noqa: FBT001 - a parameter
    random = Random(packed)
    written = [(11, 0)] + [(random.choice([11, 12, 12, 13]), random.randrange(20)) for _ in range(300)]
    sent = [
        MessageSent(GUILD, channel, 0, 0, 1, 0, 0, (START + day) * 86_400_000, 0, START + day, 0, 0)
        for channel, day in written
    ]
    await count_activities(driver, db, GUILD, sent)
    if packed:
        await Packer(db).pack_all(NOW)
    now = Counter(channel for channel, day in written if day >= 10)
    before = Counter(channel for channel, day in written if day < 10)
    for channel in (11, 12, 13, 14):
        found = await load(Reader(db), Scope(GUILD, PERIOD, NOW, channel))
        by_day = Counter(day for each, day in written if each == channel)
        assert (found.messages, found.previous, found.whole) == (now[channel], before[channel], now.total())
        assert found.messages_by == tuple(by_day[day] for day in range(10, 20))
        assert found.active_days == sum(day >= 10 for day in by_day)
        assert found.place == (
            1 + sum(each > now[channel] for each in now.values()) if now[channel] else None
        )
        assert found.channels == 3
