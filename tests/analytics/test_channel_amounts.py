"""Amounts of channels by day, against adding them up one by one."""

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from analytics.channel_amounts import (
    by_channel,
    days_with,
    messages,
    most_in_a_day,
    place_of,
    reactions,
    totals,
    voice,
)
from analytics.channel_days import channels_of_slices
from analytics.day_counts import ChannelDayHours

by_hour = st.dictionaries(st.integers(0, 23).map(str), st.integers(1, 9), max_size=4)
slices = st.builds(
    lambda hours, spent, given: {"hours": hours, "voice": {"hours": spent}, "reactions": given},
    by_hour,
    by_hour,
    st.integers(-2, 4),
)
channels = st.integers(1, 5)
days = st.tuples(
    st.integers(20_000, 20_003), st.integers(0, 23), st.integers(1, 24), st.dictionaries(channels, slices)
).map(lambda day: (day[0], range(day[1], max(day[1] + 1, day[2])), day[3]))
periods = st.lists(days, max_size=6)
Period = list[tuple[int, range, dict[int, dict[str, Any]]]]


def read(period: Period) -> list[ChannelDayHours]:
    return [ChannelDayHours(0, day, hours, channels_of_slices(each.items())) for day, hours, each in period]


def naive(period: Period, what: str) -> dict[int, Counter[int]]:
    found: dict[int, Counter[int]] = {}
    for day, hours, each in period:
        for channel, stored in each.items():
            if what == "reactions":
                amount = stored["reactions"]
            else:
                spent = stored["hours"] if what == "messages" else stored["voice"]["hours"]
                amount = sum(number for hour, number in spent.items() if int(hour) in hours)
            if amount:
                found.setdefault(channel, Counter())[day] += amount
    return found


@given(periods, channels)
def test_every_channel_has_what_it_had(period: Period, asked: int) -> None:
    for what, amounts in (("messages", messages), ("voice", voice), ("reactions", reactions)):
        expected = naive(period, what)
        found = by_channel(read(period), amounts)
        assert found == expected
        sums = {channel: by_day.total() for channel, by_day in expected.items() if by_day.total() > 0}
        assert totals(found) == sums
        own = expected.get(asked, Counter())
        assert days_with(own) == sum(amount > 0 for amount in own.values())
        days = range(min(own, default=0), max(own, default=0) + 1)
        for whole in (days, days[1:], days[:-1]):
            assert most_in_a_day(own, whole) == max([own[day] for day in whole], default=None)
        ranked = sorted(sums.values(), reverse=True)
        assert place_of(sums, asked) == (ranked.index(sums[asked]) + 1 if asked in sums else None)
