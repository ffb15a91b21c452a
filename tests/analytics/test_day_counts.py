"""Hours, buckets and weeks of a period's counts, against naive counts of the same things."""

from collections import Counter
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.channel_days import channels_of_slices
from analytics.charts.spec.series import partial_places
from analytics.day_counts import Calendar, ChannelDayHours, hourly, hourly_of, messages, totals
from analytics.local_time import day_of, weekday_of
from analytics.timeframes import Bucket, Period, bucket_starts, parse_timeframe

UTC = ZoneInfo("UTC")
MONDAY = day_of(date(2026, 3, 2))
START, STOP = MONDAY * 24 + 5, (MONDAY + 17) * 24 + 7
MESSAGES = st.lists(
    st.tuples(st.integers(START - 40, STOP + 40), st.sampled_from([1, 2, 1 << 62])), max_size=60
)
HOUR_MS = 3_600_000


def period(bucket: Bucket, before: bool = True) -> Period:  # noqa: FBT001, FBT002 - a test's helper
    shift = STOP - START
    return Period(
        parse_timeframe("30d", date(2026, 3, 2)),
        START,
        STOP,
        running=True,
        previous=(START - shift, START) if before else None,
        bucket=bucket,
        open_until=STOP * HOUR_MS - 1,
    )


def days(sent: list[tuple[int, int]]) -> list[ChannelDayHours]:
    by_day: dict[int, dict[int, Counter[str]]] = {}
    for at, channel in sent:
        by_day.setdefault(at // 24, {}).setdefault(channel, Counter())[str(at % 24)] += 1
    return [
        ChannelDayHours(
            0,
            day,
            range(max(START - day * 24, 0), max(0, min(STOP - day * 24, 24))),
            channels_of_slices((channel, {"hours": hours}) for channel, hours in rows.items()),
        )
        for day, rows in by_day.items()
        if (day + 1) * 24 > START and day * 24 < STOP
    ]


@given(MESSAGES, st.sampled_from([(), (1,), (2, 1 << 62)]))
def test_amounts_by_hour_and_channel_are_those_within_the_period(
    sent: list[tuple[int, int]], only: tuple[int, ...]
) -> None:
    inside = [(at, c) for at, c in sent if START <= at < STOP and (not only or c in only)]

    assert hourly(days(sent), messages, only) == Counter(at for at, _ in inside)
    assert totals(days(sent), messages, only) == Counter(c for _, c in inside)
    assert hourly_of(days(sent), messages, only) == {
        channel: Counter(at for at, c in inside if c == channel) for channel in only
    }


@given(MESSAGES, st.sampled_from(list(Bucket)), st.integers(START - 100, STOP + 5))
def test_a_curve_holds_each_message_once_and_nothing_before_counting(
    sent: list[tuple[int, int]], bucket: Bucket, first: int
) -> None:
    counted = Counter(at for at, _ in sent if max(START, first) <= at < STOP)
    curve = Calendar(period(bucket), UTC, first).curve(counted, None)

    assert len(curve.starts) == len(curve.values)
    assert sum(value or 0 for value in curve.values) == sum(counted.values())
    for start, end, value in zip(curve.starts, [*curve.starts[1:], None], curve.values, strict=True):
        begin = day_of(start.date()) * 24 + start.hour
        stop = STOP if end is None else day_of(end.date()) * 24 + end.hour
        expected = sum(count for at, count in counted.items() if begin <= at < stop)
        assert value == (expected if first < stop else None)


@given(MESSAGES, st.integers(START - 100, STOP + 5))
def test_an_average_week_divides_by_how_often_each_hour_was_counted(
    sent: list[tuple[int, int]], first: int
) -> None:
    hours = range(max(START, first), STOP - 1)  # the last one is not over
    counted = Counter(at for at, _ in sent if at in range(max(START, first), STOP))
    cells = Calendar(period(Bucket.DAY), UTC, first).average_week(counted)

    for weekday in range(7):
        for hour in range(24):
            same = [at for at in hours if (weekday_of(at // 24), at % 24) == (weekday, hour)]
            expected = sum(counted[at] for at in same) / len(same) if same else None
            assert cells[weekday][hour] == pytest.approx(expected)


def test_the_period_before_lies_under_the_same_buckets() -> None:
    shift = STOP - START
    curve = Calendar(period(Bucket.DAY), UTC, 0).curve({START: 1}, {START - shift: 7, START - 1: 2})

    assert curve.previous is not None
    assert (curve.previous[0], curve.previous[-1], sum(v or 0 for v in curve.previous)) == (7, 2, 9)


def test_nothing_counted_is_unknown() -> None:
    calendar = Calendar(period(Bucket.DAY), UTC, None)

    assert set(calendar.curve({}, None).values) == {None}
    assert calendar.counted_days() is None
    assert {cell for row in calendar.average_week({}) for cell in row} == {None}
    assert Calendar(period(Bucket.HOUR), UTC, 0).by_day().period.bucket is Bucket.DAY
    assert Calendar(period(Bucket.WEEK), UTC, 0).by_day().period.bucket is Bucket.WEEK


@given(st.sampled_from(list(Bucket)), st.integers(START - 100, STOP + 5), st.booleans())
def test_a_bucket_is_partial_that_lacks_some_of_its_hours(bucket: Bucket, first: int, running: bool) -> None:  # noqa: FBT001 - drawn
    calendar = Calendar(
        replace(period(bucket), open_until=STOP * HOUR_MS - 1 if running else None), UTC, first
    )
    known = set(range(max(START, first), STOP - running))
    edges = calendar.edges
    ends = [*edges[1:], bucket_starts(edges[-1], edges[-1] + 32 * 24, bucket)[1]]
    lacking = [not known.issuperset(range(*bounds)) for bounds in zip(edges, ends, strict=True)]
    values = calendar.curve({}, None).values

    with_value = [at for at, value in enumerate(values) if value is not None]
    expected = {at for at in with_value if lacking[at]}
    marked = partial_places(values, first=calendar.partial_first, last=calendar.partial_last)
    assert marked & set(with_value) == expected
