"""How long each label of an hour lasted, against walking through the time by the quarter of an hour."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.day_counts import Calendar
from analytics.hours_passed import odd_hours
from analytics.local_time import BLOCK_MS, HourRange, ZoneHistory, ZoneSpan, day_of
from analytics.timeframes import Between, Bucket, Period

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kolkata", "UTC", "Asia/Beirut"]
zones = st.sampled_from(ZONES).map(ZoneInfo)
HOUR_MS = 3_600_000


def at_hour(day: date, hour: int) -> int:
    return day_of(day) * 24 + hour


def walked(history: ZoneHistory, spans: tuple[HourRange, ...]) -> dict[int, float]:
    """Hours by label within the ranges; also of the numbers between them, which no clock showed."""
    numbers = range(min(span.start for span in spans), max(span.stop for span in spans))
    lasted = dict.fromkeys(numbers, 0.0)
    for at in range((numbers.start - 48) * HOUR_MS, (numbers.stop + 48) * HOUR_MS, BLOCK_MS):
        label = history.label(at)
        number = label.day * 24 + label.hour
        if any(span.zone == label.zone and span.start <= number < span.stop for span in spans):
            lasted[number] += BLOCK_MS / HOUR_MS
    return {number: hours for number, hours in lasted.items() if hours != 1}


@given(zones, zones, st.integers(0, 96 * 400), st.integers(-200, 200), st.integers(1, 24 * 16))
def test_hours_last_as_long_as_clocks_showed_them(
    first: ZoneInfo, second: ZoneInfo, quarters: int, offset: int, length: int
) -> None:
    changed = int(datetime(2017, 10, 1, tzinfo=UTC).timestamp() * 1000) + quarters * BLOCK_MS
    history = ZoneHistory((ZoneSpan(0, first, None), ZoneSpan(1, second, changed)))
    start = changed // HOUR_MS + offset
    spans = history.ranges(start, start + length)
    assert odd_hours(history, spans) == walked(history, spans)


def calendar(first: date, last: date, bucket: Bucket) -> Calendar:
    start, stop = at_hour(first, 0), at_hour(last, 24)
    days = (stop - start) // 24
    period = Period(
        Between(first, last), start, stop, running=False, previous=(start - days * 24, start), bucket=bucket
    )
    return Calendar(period, BERLIN, 0)


def test_an_hour_that_never_was_is_unknown_and_the_others_are_not() -> None:
    march = date(2026, 3, 29)
    curve = calendar(march, march, Bucket.HOUR).curve({at_hour(march, 5): 3}, {})
    assert curve.values == (0, 0, None, 0, 0, 3, *[0] * 18)
    assert curve.previous == (0,) * 24
    after = calendar(date(2026, 3, 30), date(2026, 3, 30), Bucket.HOUR).curve({}, {})
    assert after.previous == (0, 0, None, *[0] * 21)
    assert calendar(march, march, Bucket.DAY).curve({}, None).values == (0,)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 3, 8), date(2026, 3, 29), 3.0),  # of four Sundays one has no such hour
        (date(2026, 3, 29), date(2026, 3, 29), None),
        (date(2026, 10, 25), date(2026, 10, 25), 4.5),  # one label of two hours
        (date(2026, 10, 18), date(2026, 10, 25), 3.0),
    ],
)
def test_an_average_hour_of_the_week_divides_by_the_hours_that_passed(
    first: date, last: date, expected: float | None
) -> None:
    sunday, amounts = 0, {at_hour(last, 2): 9} if expected else {}
    week = calendar(first, last, Bucket.DAY).average_week(amounts)
    assert week[sunday][2] == expected
    assert week[sunday][4] == 0
