from __future__ import annotations

import asyncio

from bot.history.pace import Pace
from bot.history.progress import WINDOW_SECONDS, Gauge, span_ms

SECOND = 1000 << 22


def test_rates_are_those_of_the_last_minutes() -> None:
    gauge = Gauge()
    assert gauge.rates(0.0) == (0.0, 0.0)
    gauge.note(0.0, 100, 5_000)
    gauge.note(10.0, 50, 5_000)
    assert gauge.rates(10.0) == (15.0, 1_000.0)
    gauge.note(WINDOW_SECONDS + 5, 10, 1_000)
    messages, span = gauge.rates(WINDOW_SECONDS + 5)
    assert (messages, span) == (60 / WINDOW_SECONDS, 6_000 / WINDOW_SECONDS)
    assert gauge.rates(10 * WINDOW_SECONDS) == (0.0, 0.0)
    assert gauge.counted == 160


def test_what_is_left_of_a_channel_begins_with_the_channel() -> None:
    born = 100 * SECOND
    assert span_ms(born, [(0, 160 * SECOND)]) == 60_001
    assert span_ms(born, [(0, born), (110 * SECOND, 120 * SECOND)]) == 1 + 10_001
    assert span_ms(born, []) == 0


async def test_requests_keep_their_distance_and_rest_together() -> None:
    pace = Pace(100)
    loop = asyncio.get_running_loop()
    began = loop.time()
    moments: list[float] = []

    async def ask() -> None:
        await pace.turn()
        moments.append(loop.time() - began)

    await asyncio.gather(*(ask() for _ in range(11)))
    assert 0.095 <= max(moments) < 0.5
    late = [asyncio.create_task(ask()) for _ in range(3)]
    await asyncio.sleep(0)
    pace.rest(0.2)
    resting = loop.time() - began
    await asyncio.gather(*late)
    assert all(moment >= resting + 0.2 - 0.011 for moment in moments[-2:])
