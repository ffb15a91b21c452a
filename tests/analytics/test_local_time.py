from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.local_time import (
    BLOCK_MS,
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
