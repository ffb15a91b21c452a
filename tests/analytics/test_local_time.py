from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.local_time import (
    BLOCK_MS,
    HourRange,
    Labeller,
    ZoneHistory,
    ZoneSpan,
    date_of,
    day_of,
    instant_of_hour,
    midnight_utc,
    weekday_of,
)

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
HALF_HOURS = ["Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Chatham"]
zones = st.sampled_from([*ZONES, *HALF_HOURS * 20]).map(ZoneInfo)
instants = st.integers(
    int(datetime(2004, 1, 1, tzinfo=UTC).timestamp() * 1000),
    int(datetime(2036, 1, 1, tzinfo=UTC).timestamp() * 1000),
)


def wall(at_ms: int, zone: ZoneInfo) -> datetime:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)).astimezone(zone)


@given(instants, zones)
def test_a_label_is_what_the_wall_clock_shows(at_ms: int, zone: ZoneInfo) -> None:
    label = ZoneHistory.single(zone).label(at_ms)
    shown = wall(at_ms, zone)
    assert (date_of(label.day), label.hour) == (shown.date(), shown.hour)
    assert weekday_of(label.day) == (shown.isoweekday() % 7)


@given(st.lists(instants, min_size=1, max_size=20), zones, zones, instants)
def test_the_labeller_says_what_the_history_says(
    stream: list[int], first: ZoneInfo, second: ZoneInfo, changed: int
) -> None:
    history = ZoneHistory((ZoneSpan(0, first, None), ZoneSpan(1, second, changed - changed % BLOCK_MS)))
    labeller = Labeller(history)
    nearby = [at + step for at in [*stream, changed] for step in (0, 1, BLOCK_MS, BLOCK_MS - 1, -1)]
    for at_ms in nearby:
        assert labeller.label(at_ms) == history.label(at_ms)


@given(instants, zones)
def test_an_hour_begins_where_its_label_begins(at_ms: int, zone: ZoneInfo) -> None:
    history = ZoneHistory.single(zone)
    label = history.label(at_ms)
    number = label.day * 24 + label.hour
    begin = instant_of_hour(number, zone)
    assert begin <= at_ms
    assert history.label(begin)[1:] == (label.day, label.hour)
    before = history.label(begin - 1)
    assert (before.day, before.hour) != (label.day, label.hour)


def within(history: ZoneHistory, start: int, stop: int, at_ms: int) -> bool:
    label = history.label(at_ms)
    return any(
        span.zone == label.zone and span.start <= label.day * 24 + label.hour < span.stop
        for span in history.ranges(start, stop)
    )


@given(instants, zones, st.integers(1, 400), st.integers(-500, 500), st.integers(-12, 12))
def test_one_zone_a_window_holds_exactly_its_hours(
    at_ms: int, zone: ZoneInfo, length: int, offset: int, minutes: int
) -> None:
    history = ZoneHistory.single(zone)
    label = history.label(at_ms)
    start = label.day * 24 + label.hour - offset
    probe = at_ms + minutes * 60_000
    shown = history.label(probe)
    assert within(history, start, start + length, probe) == (
        start <= shown.day * 24 + shown.hour < start + length
    )


@given(
    st.integers(0, 2000).map(lambda n: 1_700_000_100_000 + n * BLOCK_MS),
    zones,
    zones,
    st.integers(1, 24 * 10),
    st.integers(-24 * 8, 24 * 8),
    st.lists(st.integers(-8 * 96, 8 * 96), min_size=1, max_size=12),
)
def test_adjacent_windows_over_a_zone_change_hold_every_instant_once(
    changed: int, first: ZoneInfo, second: ZoneInfo, length: int, offset: int, probes: list[int]
) -> None:
    changed -= changed % BLOCK_MS
    history = ZoneHistory((ZoneSpan(0, first, None), ZoneSpan(1, second, changed)))
    label = history.label(changed + 40 * 3_600_000)
    start = label.day * 24 + label.hour - offset - length
    edges = [start + n * length for n in range(5)]
    span_start, span_stop = edges[0], edges[-1]
    for blocks in probes:
        at_ms = changed + blocks * BLOCK_MS
        parts = sum(within(history, a, b, at_ms) for a, b in pairwise(edges))
        assert parts == within(history, span_start, span_stop, at_ms)
        assert parts <= 1


EDGE_MS = 3 * 3_600_000
"""Farther than this from a window's edge no cut hour and no clock change matters."""


@given(
    st.lists(
        st.tuples(zones, st.integers(0, 2000).map(lambda n: 1_700_000_100_000 + n * BLOCK_MS)),
        min_size=1,
        max_size=3,
        unique_by=lambda change: change[1],
    ),
    zones,
    st.integers(12, 24 * 20),
    st.integers(-24 * 12, 24 * 12),
    st.lists(st.integers(-30 * 96, 30 * 96), min_size=1, max_size=12),
)
def test_an_instant_well_within_a_window_lies_in_one_part_and_one_outside_in_none(
    changes: list[tuple[ZoneInfo, int]], first: ZoneInfo, length: int, offset: int, probes: list[int]
) -> None:
    changes = sorted(((zone, at - at % BLOCK_MS) for zone, at in changes), key=lambda change: change[1])
    later = (ZoneSpan(epoch, zone, at) for epoch, (zone, at) in enumerate(changes, 1))
    history = ZoneHistory((ZoneSpan(0, first, None), *later))
    zone, changed = changes[-1]
    start = int(wall(changed, zone).replace(tzinfo=UTC).timestamp()) // 3600 + offset
    spans = history.ranges(start, start + length)
    begin, end = instant_of_hour(start, zone), instant_of_hour(start + length, zone)
    for at_ms in [begin + EDGE_MS, end - EDGE_MS, *(changed + blocks * BLOCK_MS for blocks in probes)]:
        label = history.label(at_ms)
        number = label.day * 24 + label.hour
        parts = sum(span.zone == label.zone and span.start <= number < span.stop for span in spans)
        if begin + EDGE_MS <= at_ms <= end - EDGE_MS:
            assert parts == 1
        elif not begin - EDGE_MS < at_ms < end + EDGE_MS:
            assert parts == 0
    assert all(span.start < span.stop for span in spans)
    assert [span.zone for span in spans] == sorted({span.zone for span in spans})


def hour(day: int, number: int) -> int:
    """An hour number of January 2026."""
    return day_of(date(2026, 1, day)) * 24 + number


def test_a_window_over_two_changes_of_zone_to_the_hour() -> None:
    utc, tokyo, new_york = (ZoneInfo(name) for name in ("UTC", "Asia/Tokyo", "America/New_York"))
    to_tokyo = int(datetime(2026, 1, 10, 12, 15, tzinfo=UTC).timestamp() * 1000)
    to_new_york = int(datetime(2026, 1, 12, 6, 0, tzinfo=UTC).timestamp() * 1000)
    history = ZoneHistory(
        (ZoneSpan(0, utc, None), ZoneSpan(1, tokyo, to_tokyo), ZoneSpan(2, new_york, to_new_york))
    )

    # 9 January 20:00 to 13 January 08:00 in New York is 10 January 01:00 to 13 January 13:00 in UTC
    assert history.ranges(hour(9, 20), hour(13, 8)) == (
        HourRange(0, hour(10, 1), hour(10, 13)),  # the hour in which Tokyo's time begins is in both
        HourRange(1, hour(10, 21), hour(12, 15)),
        HourRange(2, hour(12, 1), hour(13, 8)),
    )
    assert history.ranges(hour(9, 20), hour(10, 6)) == (HourRange(0, hour(10, 1), hour(10, 11)),)
    assert history.ranges(hour(11, 0), hour(11, 12)) == (HourRange(1, hour(11, 14), hour(12, 2)),)
    assert history.ranges(hour(12, 2), hour(13, 0)) == (HourRange(2, hour(12, 2), hour(13, 0)),)
    assert history.ranges(hour(11, 0), hour(11, 0)) == ()
    # New York's time began at its 01:00: a window that touches the change has no empty part
    assert history.ranges(hour(12, 1), hour(12, 9)) == (HourRange(2, hour(12, 1), hour(12, 9)),)
    assert history.ranges(hour(12, 0), hour(12, 1)) == (HourRange(1, hour(12, 14), hour(12, 15)),)


@pytest.mark.parametrize(
    ("zone", "change", "number", "expected"),
    [
        # a zone that is half an hour aside: an hour belongs to a window if it begins within it
        ("Asia/Kolkata", datetime(2026, 1, 20, tzinfo=UTC), hour(10, 6), hour(10, 12)),
        ("UTC", datetime(2026, 1, 20, tzinfo=UTC), hour(10, 6), hour(10, 6)),
    ],
)
def test_the_first_hour_of_an_older_zone_begins_within_the_window(
    zone: str, change: datetime, number: int, expected: int
) -> None:
    history = ZoneHistory(
        (
            ZoneSpan(0, ZoneInfo(zone), None),
            ZoneSpan(1, ZoneInfo("UTC"), int(change.timestamp() * 1000)),
        )
    )
    assert history.ranges(number, number + 24) == (HourRange(0, expected, expected + 24),)


def test_the_hour_that_a_clock_change_repeats_counts_under_one_label() -> None:
    history = ZoneHistory.single(ZoneInfo("Europe/Berlin"))
    first = int(datetime(2026, 10, 25, 0, 30, tzinfo=UTC).timestamp() * 1000)
    assert history.label(first) == history.label(first + 3_600_000)
    assert history.label(first).hour == 2


def test_a_changed_zone_never_mixes_labels() -> None:
    changed = 1_760_000_400_000 - 1_760_000_400_000 % BLOCK_MS
    history = ZoneHistory(
        (ZoneSpan(0, ZoneInfo("UTC"), None), ZoneSpan(1, ZoneInfo("Pacific/Auckland"), changed))
    )
    assert history.label(changed - 1).zone == 0
    assert history.label(changed).zone == 1


@pytest.mark.parametrize(
    "spans",
    [
        (),
        (ZoneSpan(0, ZoneInfo("UTC"), 0),),
        (ZoneSpan(0, ZoneInfo("UTC"), None), ZoneSpan(1, ZoneInfo("UTC"), 5)),
        (
            ZoneSpan(0, ZoneInfo("UTC"), None),
            ZoneSpan(1, ZoneInfo("UTC"), 2 * BLOCK_MS),
            ZoneSpan(2, ZoneInfo("UTC"), BLOCK_MS),
        ),
    ],
)
def test_a_history_with_a_hole_is_refused(spans: tuple[ZoneSpan, ...]) -> None:
    with pytest.raises(ValueError, match="time zone"):
        ZoneHistory(spans)


@given(st.integers(0, 40_000))
def test_days_are_written_as_midnight(day: int) -> None:
    assert day_of(midnight_utc(day).date()) == day
