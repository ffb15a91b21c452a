"""Joins, leaves and levels, against a naive count."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.day_counts import Calendar, GuildDayHours
from analytics.growth import MemberLevels, curves_of, flow_of
from analytics.local_time import day_of
from analytics.timeframes import AllTime, Bucket, Period

UTC = ZoneInfo("UTC")
FIRST = day_of(date(2026, 3, 1))
START, STOP = (FIRST + 1) * 24, (FIRST + 12) * 24 - 7
NAMES = ("joins", "leaves", "joinsInvited", "joinsVanity")
hours = st.dictionaries(st.integers(0, 23), st.integers(1, 9), max_size=3)
days = st.lists(
    st.tuples(st.dictionaries(st.sampled_from(NAMES), hours), hours), min_size=12, max_size=12
).map(
    lambda drawn: [
        GuildDayHours(0, FIRST + n, counts, {"members": read}, {}, None)
        for n, (counts, read) in enumerate(drawn)
    ]
)


def amount(some: list[GuildDayHours], name: str, start: int, stop: int) -> int:
    return sum(
        number
        for day in some
        for hour, number in day.counts.get(name, {}).items()
        if start <= day.day * 24 + hour < stop
    )


def level(some: list[GuildDayHours], start: int, stop: int) -> int | None:
    read = {day.day * 24 + hour: n for day in some for hour, n in day.levels["members"].items()}
    return next((read[hour] for hour in reversed(range(start, stop)) if hour in read), None)


@given(days)
def test_sums_of_a_period_and_its_churn(some: list[GuildDayHours]) -> None:
    found = flow_of(some, (START, STOP))
    assert (found.joins, found.leaves, found.by_invite, found.by_address) == tuple(
        amount(some, name, START, STOP) for name in NAMES
    )
    assert found.unknown == found.joins - found.by_invite - found.by_address
    assert found.net == found.joins - found.leaves
    at_begin = level(some, FIRST * 24, START)
    assert found.churn == (None if at_begin is None else pytest.approx(found.leaves / at_begin))


@given(days, st.sampled_from([Bucket.DAY, Bucket.WEEK]), st.integers(START - 9, STOP))
def test_every_bucket_is_a_naive_count(some: list[GuildDayHours], bucket: Bucket, since: int) -> None:
    period = Period(AllTime(), START, STOP, running=True, previous=None, bucket=bucket)
    calendar = Calendar(period, UTC, since)
    curves = curves_of(some, calendar, since)
    edges = [max(edge, START) for edge in calendar.edges]
    for place, (edge, end) in enumerate(zip(edges, [*edges[1:], STOP], strict=True)):
        assert curves.members.values[place] == level(some, edge, end)
        if since >= end:
            assert (
                curves.joins.values[place] is curves.net.values[place] is curves.churn.values[place] is None
            )
            continue
        joins, leaves = (amount(some, name, edge, end) for name in ("joins", "leaves"))
        assert (curves.joins.values[place], curves.leaves.values[place]) == (joins, leaves)
        assert curves.net.values[place] == joins - leaves
        invited, address = (amount(some, name, edge, end) for name in NAMES[2:])
        told = not joins or invited or address
        assert curves.by_invite.values[place] == (invited if told else None)
        assert curves.by_address.values[place] == (address if told else None)
        assert curves.unknown.values[place] == joins - invited - address
        at_begin = level(some, FIRST * 24, edge)
        assert curves.churn.values[place] == (None if at_begin is None else pytest.approx(leaves / at_begin))


def test_ways_are_unknown_where_none_was_ever_told() -> None:
    period = Period(AllTime(), START, STOP, running=True, previous=None, bucket=Bucket.DAY)
    curves = curves_of([], Calendar(period, UTC, START), None)
    assert set(curves.joins.values) == {0}
    assert set(curves.by_invite.values) == set(curves.by_address.values) == {None}


def test_no_reading_is_no_level() -> None:
    assert MemberLevels([]).at(START) is None
