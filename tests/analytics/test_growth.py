"""Joins, leaves and levels, against a naive count."""

from datetime import date
from math import exp, log
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.day_counts import Calendar, GuildDayHours
from analytics.growth import MemberLevels, churn_of, curves_of, flow_of
from analytics.local_time import day_of
from analytics.timeframes import AllTime, Bucket, Period
from schemas.results.growth import Churn

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
def test_sums_of_a_period(some: list[GuildDayHours]) -> None:
    found = flow_of(some, (START, STOP), None)
    assert (found.joins, found.leaves, found.by_invite, found.by_address) == tuple(
        amount(some, name, START, STOP) for name in NAMES
    )
    assert found.unknown == found.joins - found.by_invite - found.by_address
    assert found.net == found.joins - found.leaves
    assert found.churn is None


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 400))
def test_churn_is_that_of_thirty_days_as_if_as_many_went_all_the_time(
    lost: int, kept: int, days: int
) -> None:
    found = churn_of(lost, lost + kept, days * 24)
    if not lost + kept:
        assert found is None
        return
    assert found is not None
    assert 0 <= found.rate <= 1
    stay = exp(30 / days * log(kept / (lost + kept))) if kept else 0
    assert found.rate == pytest.approx(1 - stay, abs=1e-12)


def test_churn_of_thirty_days_is_the_plain_share_and_of_more_is_less() -> None:
    month, year = churn_of(5, 20, 30 * 24), churn_of(19, 20, 365 * 24)
    assert month is not None
    assert year is not None
    assert (month.lost, month.there, year.lost, year.there) == (5, 20, 19, 20)
    assert month.rate == pytest.approx(0.25)
    assert year.rate == pytest.approx(0.2183, abs=1e-3)
    assert churn_of(30, 20, 30 * 24) == Churn(30, 20, 1.0), "a reading may be too low"
    assert churn_of(3, None, 24) is None


@given(
    days,
    st.sampled_from([Bucket.DAY, Bucket.WEEK]),
    st.integers(START - 9, STOP),
    st.lists(st.none() | st.integers(0, 9), min_size=12, max_size=12),
)
def test_every_bucket_is_a_naive_count(
    some: list[GuildDayHours], bucket: Bucket, since: int, lost: list[int | None]
) -> None:
    period = Period(AllTime(), START, STOP, running=True, previous=None, bucket=bucket)
    calendar = Calendar(period, UTC, since)
    lost = lost[: len(calendar.edges)]
    curves = curves_of(some, calendar, lost, since)
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
        at_begin, gone = level(some, FIRST * 24, edge), lost[place]
        assert curves.churn.values[place] == (
            None if at_begin is None or gone is None else pytest.approx(min(gone / at_begin, 1))
        )


def test_ways_are_unknown_where_none_was_ever_told() -> None:
    period = Period(AllTime(), START, STOP, running=True, previous=None, bucket=Bucket.DAY)
    calendar = Calendar(period, UTC, START)
    curves = curves_of([], calendar, [None] * len(calendar.edges), None)
    assert set(curves.joins.values) == {0}
    assert set(curves.by_invite.values) == set(curves.by_address.values) == {None}


def test_churn_is_partial_only_where_the_period_cuts_a_bucket_of_which_it_is_known() -> None:
    start = START + 50
    period = Period(AllTime(), start, STOP, running=True, previous=None, bucket=Bucket.WEEK)
    calendar = Calendar(period, UTC, start)
    rows = [GuildDayHours(0, FIRST, {}, {"members": {5: 20}}, {}, None)]
    weeks = len(calendar.edges)
    assert calendar.edges[0] < start
    known, forgotten = (
        curves_of(rows, calendar, [first, *[1] * (weeks - 1)], None).churn for first in (2, None)
    )
    assert known.partial_first
    assert known.values[0] == pytest.approx(0.1)
    assert not forgotten.partial_first
    assert forgotten.values[0] is None
    assert forgotten.values[1] == pytest.approx(0.05)


def test_no_reading_is_no_level() -> None:
    assert MemberLevels([]).at(START) is None
