"""Intervals against calendars: each instant lies in intervals that begin before it and end after."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.intervals import DayInterval, begin_of, interval_of, start_of_hour
from analytics.local_time import HOURS_PER_DAY, Label, ZoneHistory, ZoneSpan, date_of, day_of

BERLIN, HAVANA, LORD_HOWE = (
    ZoneInfo(key) for key in ("Europe/Berlin", "America/Havana", "Australia/Lord_Howe")
)
CHANGE = int(datetime(2026, 3, 29, 0, 45, tzinfo=UTC).timestamp() * 1000)
HISTORIES = (
    ZoneHistory.single(BERLIN),
    ZoneHistory.single(HAVANA),
    ZoneHistory((ZoneSpan(0, LORD_HOWE, None), ZoneSpan(1, BERLIN, CHANGE))),
)
instants = st.integers(
    int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000),
    int(datetime(2027, 1, 1, tzinfo=UTC).timestamp() * 1000),
) | st.integers(CHANGE - 90_000_000, CHANGE + 90_000_000)
intervals: st.SearchStrategy[DayInterval] = st.sampled_from(("1d", "1w", "1m"))


@given(st.sampled_from(HISTORIES), instants, intervals)
def test_an_instant_lies_in_its_interval(zones: ZoneHistory, at: int, interval: DayInterval) -> None:
    label = zones.label(at)
    span = interval_of(label.zone, label.day, interval)
    assert label.day in span.days
    begin = begin_of(zones, label.zone, span.days.start * HOURS_PER_DAY)
    assert begin <= at
    assert not span.over(label)
    if begin > 0:
        before = zones.label(begin - 1)
        assert before.zone != label.zone or before.day < span.days.start
    hour = start_of_hour(zones, label.zone, label.day * HOURS_PER_DAY + label.hour)
    assert hour is not None
    assert hour <= at
    assert zones.label(hour) == label


def test_weeks_begin_on_monday_and_months_are_those_of_the_calendar() -> None:
    week = interval_of(0, day_of(date(2026, 3, 1)), "1w")
    assert (date_of(week.days[0]), date_of(week.days[-1])) == (date(2026, 2, 23), date(2026, 3, 1))
    assert [len(interval_of(0, day_of(date(2028, month, 9)), "1m").days) for month in (1, 2, 4, 12)] == [
        31, 29, 30, 31,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "on", "hour"), [(BERLIN, date(2026, 3, 29), 2), (HAVANA, date(2026, 3, 8), 0)]
)
def test_an_hour_that_no_clock_showed_has_no_start(zone: ZoneInfo, on: date, hour: int) -> None:
    zones = ZoneHistory.single(zone)
    starts = [start_of_hour(zones, 0, day_of(on) * HOURS_PER_DAY + each) for each in range(24)]
    assert [each for each, start in enumerate(starts) if start is None] == [hour]


def test_a_changed_zone_ends_what_is_running() -> None:
    old = interval_of(0, day_of(date(2026, 3, 29)), "1m")
    assert old.over(Label(1, old.days.start, 0))
    assert not old.over(Label(0, old.days.start, 23))
