"""Trends against naive computations of the same things."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.day_columns import DatedMembers
from analytics.day_counts import Calendar
from analytics.local_time import HourRange, day_of, weekday_of
from analytics.packs import channel_columns
from analytics.period_days import PeriodDays
from analytics.timeframes import Bucket, Period, parse_timeframe
from analytics.trends import extremes, levels, summed, weekday_averages, writers
from tests.support.slices import members_of_slices, spans_of

FIRST_DAY = day_of(date(2026, 3, 2))
DAYS = 17
START, STOP = FIRST_DAY * 24, (FIRST_DAY + DAYS) * 24 + 7
AMOUNTS = st.dictionaries(st.integers(START, STOP - 1), st.integers(1, 9), max_size=40)


def calendar(bucket: Bucket = Bucket.DAY, first: int = 0, *, running: bool = True) -> Calendar:
    shift = (DAYS + 1) * 24
    period = Period(
        parse_timeframe("18d", date(2026, 3, 19)),
        START,
        STOP,
        running=running,
        previous=(START - shift, STOP - shift),
        bucket=bucket,
        open_until=0 if running else None,
    )
    return Calendar(period, ZoneInfo("UTC"), first)


@given(AMOUNTS, st.integers(START - 50, STOP))
def test_best_worst_and_weekdays_are_of_whole_days(amounts: dict[int, int], first: int) -> None:
    counted = {at: number for at, number in amounts.items() if at >= first}
    at = calendar(first=first)
    course = summed(at, counted, None)
    whole = [day for day in range(FIRST_DAY, FIRST_DAY + DAYS) if day * 24 >= first]
    sums = {day: sum(counted.get(day * 24 + hour, 0) for hour in range(24)) for day in whole}

    found = extremes(course.curve)
    if any(sums.values()):
        assert found.best == whole[[*sums.values()].index(max(sums.values()))] - FIRST_DAY
        assert found.worst == whole[[*sums.values()].index(min(sums.values()))] - FIRST_DAY
    else:
        assert (found.best, found.worst) == (None, None)
    for weekday in range(7):
        same = [sums[day] for day in whole if weekday_of(day) == weekday]
        average = weekday_averages(at, course)[weekday]
        assert average == (pytest.approx(sum(same) / len(same)) if same else None)


@pytest.mark.parametrize(
    ("bucket", "running", "best"),
    [(Bucket.MONTH, True, None), (Bucket.WEEK, True, 1), (Bucket.HOUR, True, 5), (Bucket.HOUR, False, 414)],
)
def test_a_bucket_that_the_period_cuts_is_neither_best_nor_worst(
    bucket: Bucket,
    running: bool,  # noqa: FBT001 - a case
    best: int | None,
) -> None:
    at = calendar(bucket, running=running)
    course = summed(at, {START + 5: 4, START + 7 * 24: 5, STOP - 1: 1000}, None)
    if bucket is Bucket.HOUR and running:
        assert course.curve.values[-1] == 1000
        best = 7 * 24
    assert extremes(course.curve).best == best


def test_a_scale_holds_for_level_buckets_and_days() -> None:
    course = summed(calendar(), {START: 90}, {START - 18 * 24: 30}, scale=60)

    assert (course.level.now, course.level.before) == (1.5, 0.5)
    assert (course.curve.values[0], course.curve.previous) == (1.5, (0.5, *[0.0] * 17))
    assert course.days == {FIRST_DAY: 1.5}


def test_of_readings_the_latest_stands_and_none_is_unknown() -> None:
    readings = {START + 2: 10, START + 20: 12, START + 30: 11}
    course = levels(calendar(), readings, {})

    assert (course.level.now, course.level.before) == (11, None)
    assert course.curve.values[:3] == (12, 11, None)
    assert course.curve.previous == (None,) * 18
    assert FIRST_DAY + 2 in course.unknown
    assert weekday_averages(calendar(), course)[weekday_of(FIRST_DAY)] == 12


WROTE = st.dictionaries(
    st.integers(FIRST_DAY, FIRST_DAY + DAYS), st.sets(st.integers(1, 2**64 - 1), min_size=1, max_size=5)
)


@given(WROTE, st.sets(st.integers(FIRST_DAY, FIRST_DAY + DAYS)), st.sampled_from([Bucket.DAY, Bucket.WEEK]))
def test_writers_count_once_a_bucket_and_lost_days_are_unknown(
    wrote: dict[int, set[int]], lost: set[int], bucket: Bucket
) -> None:
    days = PeriodDays(
        (HourRange(0, START, STOP),),
        [channel_columns(0, day, [(1, {"3": len(who)})]) for day, who in wrote.items()],
        [
            spans_of(
                DatedMembers(day, members_of_slices((each, {"hours": {"3": 1}}) for each in who))
                for day, who in wrote.items()
                if day not in lost
            )
        ],
    )
    course = writers(calendar(bucket), days, None)

    def naive(which: set[int]) -> int | None:
        here = which & wrote.keys()
        return None if here & lost else len(set().union(*(wrote[day] for day in here)))

    assert course.level.now == naive(set(wrote))
    width = 1 if bucket is Bucket.DAY else 7
    for place, value in enumerate(course.curve.values):
        begin = FIRST_DAY + place * width
        assert value == naive(set(range(begin, begin + width)))
    assert course.unknown == lost & wrote.keys()


def test_nobody_is_said_to_have_been_silent_before_counting_began() -> None:
    days = PeriodDays((HourRange(0, START, STOP),), [], [[]])
    third = FIRST_DAY + 2
    values = writers(calendar(Bucket.DAY, first=third * 24 + 5), days, None).curve.values
    assert values[:2] == (None, None)
    assert set(values[2:]) == {0}
