"""Local days of many instants, against labelling them one by one."""

from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.local_days import local_days
from analytics.local_time import BLOCK_MS, ZoneHistory, ZoneSpan
from tests.analytics.test_local_time import instants, zones

MIDNIGHTS = ["America/St_Johns", "America/Havana", "Pacific/Apia", "America/Sao_Paulo", "Europe/Berlin"]
places = zones | st.sampled_from(MIDNIGHTS).map(ZoneInfo)


@given(st.lists(instants, max_size=20), places, places, instants)
def test_each_is_labelled_as_alone(some: list[int], first: ZoneInfo, second: ZoneInfo, changed: int) -> None:
    history = ZoneHistory((ZoneSpan(0, first, None), ZoneSpan(1, second, changed - changed % BLOCK_MS)))
    found = local_days(np.array(some, np.int64), history)
    assert found.tolist() == [history.label(at).day for at in some]


@given(st.integers(0, 365 * 24 * 60), places)
def test_around_every_change_of_a_clock(minutes: int, zone: ZoneInfo) -> None:
    start = 1_130_000_000_000 + minutes * 60_000
    times = [start + step * 1_800_000 for step in range(96)]
    history = ZoneHistory.single(zone)
    assert local_days(np.array(times, np.int64), history).tolist() == [history.label(at).day for at in times]
