"""Time in voice of channels without that in the AFK channel."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from analytics.channel_days import channels_of_slices

by_hour = st.dictionaries(st.integers(0, 23).map(str), st.integers(1, 9_000_000), max_size=6)


def outside(voice: Mapping[str, Any]) -> list[int]:
    found = channels_of_slices([(5, {"hours": {}, "voice": voice})])
    assert found.voice_channels.tolist() == ([5] if voice["hours"] else [])
    return found.voice.sum(axis=0).tolist()


@given(by_hour, st.data())
def test_each_hour_is_less_its_time_in_the_afk_channel(hours: dict[str, int], data: st.DataObject) -> None:
    away = {hour: data.draw(st.integers(0, ms)) for hour, ms in hours.items()}
    voice = {"ms": sum(hours.values()), "hours": hours, "afkMs": sum(away.values()), "afkHours": away}
    assert outside(voice) == [hours.get(str(hour), 0) - away.get(str(hour), 0) for hour in range(24)]


@given(by_hour, st.integers(0, 60_000_000))
def test_where_its_hours_were_not_kept_the_sum_of_the_day_is_exact(hours: dict[str, int], afk: int) -> None:
    whole = sum(hours.values())
    afk = min(afk, whole)
    found = outside({"ms": whole, "hours": hours, "afkMs": afk})
    assert sum(found) == whole - afk
    assert all(0 <= left <= hours.get(str(hour), 0) for hour, left in enumerate(found))


def test_a_day_in_the_afk_channel_alone_has_no_time() -> None:
    assert outside({"ms": 9, "hours": {"3": 4, "7": 5}, "afkMs": 9}) == [0] * 24
