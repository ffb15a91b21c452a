"""What hours a timeframe means, and with which it is compared: at any instant, over clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.local_time import (
    HOURS_PER_DAY,
    ZoneHistory,
    ZoneSpan,
    clock_number,
    date_of,
    day_of,
    instant_of_hour,
    weekday_of,
)
from analytics.periods_before import WEEK_HOURS, months_on, whole_months
from analytics.timeframes import AllTime, Between, Bucket, Period, Recent, Timeframe, resolve

HOUR_MS = 3_600_000
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Santiago",
)
LONG_AGO = day_of(date(1995, 1, 1))

zones = st.sampled_from(ZONES).map(ZoneInfo)
instants = st.datetimes(datetime(2019, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - UTC is put to it
    lambda moment: int(moment.timestamp() * 1000)
)
recents = st.one_of(
    st.builds(Recent, st.integers(1, 336), st.just("h")), st.builds(Recent, st.integers(1, 800), st.just("d"))
)
ranges = st.tuples(st.dates(date(2018, 6, 1), date(2027, 6, 1)), st.integers(0, 500)).map(
    lambda pair: Between(pair[0], pair[0] + timedelta(days=pair[1]))
)
months = st.tuples(st.integers(2018, 2026), st.integers(1, 12), st.sampled_from([1, 3, 12])).map(
    lambda parts: Between(
        date(parts[0], parts[1], 1), months_on(date(parts[0], parts[1], 1), parts[2]) - timedelta(1)
    )
)
timeframes: st.SearchStrategy[Timeframe] = st.one_of(recents, ranges, months, st.just(AllTime()))


def at(*moment: int, zone: str = "UTC") -> int:
    year, month, day, hour, minute = (*moment, 0, 0)[:5]
    return int(datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def period_of(timeframe: Timeframe, now_ms: int, zone: str = "UTC", first: int | None = LONG_AGO) -> Period:
    return resolve(timeframe, now_ms, ZoneHistory.single(ZoneInfo(zone)), first)


def said(period: Period) -> tuple[str, str, str, str]:
    """Both as clock readings."""
    assert period.previous is not None
    hours = (period.start, period.stop, *period.previous)
    start, stop, before, until = (f"{date_of(hour // 24)} {hour % 24:02}h" for hour in hours)
    return start, stop, before, until


def test_a_zone_that_begins_within_minutes_puts_no_end_into_the_future() -> None:
    now = at(2026, 3, 11, 15, 5)
    later = now // 900_000 * 900_000 + 900_000
    spans = (ZoneSpan(0, ZoneInfo("Asia/Tokyo"), None), ZoneSpan(1, ZoneInfo("UTC"), later))
    period = resolve(Recent(24, "h"), now, ZoneHistory(spans), LONG_AGO)
    assert said(period)[:2] == ("2026-03-10 15h", "2026-03-11 15h")


def real_hours(period: Period, zone: ZoneInfo) -> tuple[float, float]:
    assert period.previous is not None
    starts = [instant_of_hour(hour, zone) for hour in (period.start, period.stop, *period.previous)]
    return (starts[1] - starts[0]) / HOUR_MS, (starts[3] - starts[2]) / HOUR_MS


@given(timeframes, instants, zones, st.one_of(st.none(), st.integers(LONG_AGO, LONG_AGO + 11_000)))
@example(Recent(1, "h"), at(2026, 3, 29, 3, 5, zone="Europe/Berlin"), ZoneInfo("Europe/Berlin"), LONG_AGO)
@example(Recent(24, "h"), at(2026, 10, 25, 1, 30), ZoneInfo("Europe/Berlin"), LONG_AGO)
def test_a_period_ends_at_present_at_latest_and_the_one_before_ends_before_it(
    timeframe: Timeframe, now_ms: int, zone: ZoneInfo, first: int | None
) -> None:
    period = resolve(timeframe, now_ms, ZoneHistory.single(zone), first)

    assert period.start < period.stop
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    begins = instant_of_hour(period.start, zone)
    if begins <= now_ms:
        assert period.end(zone) <= now
        assert period.end(zone).timestamp() * 1000 >= begins
    if period.previous is not None:
        start, stop = period.previous
        assert start < stop <= period.start, "half-open, and no hour is in both"
    if period.open_until is None:
        assert period.over == period.stop
        assert instant_of_hour(period.stop, zone) <= now_ms, "all of its hours are over"
    else:
        assert (period.over, period.running) == (period.stop - 1, True)
        uncounted = period.previous is None or first is None or period.previous[0] < first * HOURS_PER_DAY
        assert uncounted, "the running hour is in nothing that is compared"


@given(recents, instants, zones)
def test_recent_hours_and_days_are_compared_with_as_many(
    timeframe: Recent, now_ms: int, zone: ZoneInfo
) -> None:
    period = resolve(timeframe, now_ms, ZoneHistory.single(zone), LONG_AGO)
    if period.previous is None:
        assert timeframe == Recent(1, "d"), "no hour of today is over"
        return
    start, stop = period.previous
    if timeframe.unit == "h":
        now, before = real_hours(period, zone)
        repeated = any(_repeated(hour, zone) for hour in (period.start, period.stop, start, stop))
        if not repeated:
            assert now == before == timeframe.count, "real hours, whatever the clock does"
        expected = period.stop - WEEK_HOURS if timeframe.count < WEEK_HOURS else period.start
        assert stop == expected
        return
    shift = max(timeframe.count, 7) * HOURS_PER_DAY
    assert (start, stop) == (period.start - shift, period.stop - shift), "to the same hour of the clock"
    assert period.start % HOURS_PER_DAY == 0


def _repeated(hour: int, zone: ZoneInfo) -> bool:
    """Whether the clock shows an hour for another time than one hour, or begins it within one."""
    began = instant_of_hour(hour, zone)
    return (
        instant_of_hour(hour + 1, zone) - began != HOUR_MS or clock_number(began - HOUR_MS, zone) != hour - 1
    )


@given(st.one_of(recents, ranges), instants, zones)
def test_what_is_shorter_than_a_week_is_compared_with_the_same_weekdays(
    timeframe: Recent | Between, now_ms: int, zone: ZoneInfo
) -> None:
    period = resolve(timeframe, now_ms, ZoneHistory.single(zone), LONG_AGO)
    months = isinstance(timeframe, Between) and whole_months(timeframe.first, timeframe.last)
    if period.previous is None or period.stop - period.start >= WEEK_HOURS - HOURS_PER_DAY or months:
        return
    if isinstance(timeframe, Recent) and timeframe.count >= (168 if timeframe.unit == "h" else 7):
        return
    assert period.stop - period.previous[1] == WEEK_HOURS
    assert weekday_of(period.stop // 24) == weekday_of(period.previous[1] // 24)


@given(months, instants, zones)
def test_months_are_compared_with_as_many_months_before(
    timeframe: Between, now_ms: int, zone: ZoneInfo
) -> None:
    period = resolve(timeframe, now_ms, ZoneHistory.single(zone), LONG_AGO)
    if period.previous is None:
        return
    count = whole_months(timeframe.first, timeframe.last)
    start, stop = period.previous
    assert start == day_of(months_on(timeframe.first, -count)) * HOURS_PER_DAY
    if period.running:
        assert stop == min(start + period.stop - period.start, period.start)
    else:
        assert stop == period.start == day_of(timeframe.first) * HOURS_PER_DAY, "whole months, of any length"


@given(timeframes, instants, zones)
def test_whole_days_are_compared_with_as_many_whole_days(
    timeframe: Timeframe, now_ms: int, zone: ZoneInfo
) -> None:
    period = resolve(timeframe, now_ms, ZoneHistory.single(zone), LONG_AGO)
    days = period.in_days()
    assert days.in_days() == days
    assert days.start % HOURS_PER_DAY == 0
    assert days.start < days.stop
    if days.open_until is None:
        assert days.stop % HOURS_PER_DAY == 0
        assert days.stop <= period.stop
    if days == period or days.previous is None:
        return
    start, stop = days.previous
    assert start % HOURS_PER_DAY == stop % HOURS_PER_DAY == 0
    assert start < stop <= days.start
    longer = isinstance(timeframe, Between) and whole_months(timeframe.first, timeframe.last)
    assert stop - start == days.stop - days.start or longer
    inside = range(-(-period.start // 24), period.stop // 24)
    assert range(days.start // 24, days.stop // 24) == inside or not inside


def test_the_running_hour_is_not_compared_with_a_full_one() -> None:
    two_past = at(2026, 3, 11, 15, 2)
    assert said(period_of(Recent(1, "h"), two_past)) == (
        "2026-03-11 14h",
        "2026-03-11 15h",
        "2026-03-04 14h",
        "2026-03-04 15h",
    )
    day = period_of(Recent(24, "h"), two_past)
    assert said(day) == ("2026-03-10 15h", "2026-03-11 15h", "2026-03-03 15h", "2026-03-04 15h")
    assert (day.running, day.bucket, day.end(ZoneInfo("UTC"))) == (
        False,
        Bucket.HOUR,
        datetime(2026, 3, 11, 15, tzinfo=UTC),
    )


def test_where_nothing_is_compared_the_running_hour_counts() -> None:
    period = period_of(Recent(7, "d"), at(2026, 3, 11, 15, 20), first=day_of(date(2026, 3, 9)))
    assert period.stop == day_of(date(2026, 3, 11)) * 24 + 16
    assert period.end(ZoneInfo("UTC")) == datetime(2026, 3, 11, 15, 20, tzinfo=UTC)
    assert period.running


def test_a_day_is_compared_with_its_weekday_and_a_week_with_the_week_before() -> None:
    now = at(2026, 3, 11, 15, 20)
    assert said(period_of(Recent(1, "d"), now))[2:] == ("2026-03-04 00h", "2026-03-04 15h")
    assert said(period_of(Between(date(2026, 3, 11), date(2026, 3, 11)), now))[2:] == (
        "2026-03-04 00h",
        "2026-03-04 15h",
    ), "the same thing over the same time"
    assert said(period_of(Between(date(2026, 3, 9), date(2026, 3, 15)), now)) == (
        "2026-03-09 00h",
        "2026-03-11 15h",
        "2026-03-02 00h",
        "2026-03-04 15h",
    )
    assert said(period_of(Recent(28, "d"), now))[2:] == ("2026-01-15 00h", "2026-02-11 15h")


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        (date(2026, 2, 1), date(2026, 2, 28), ("2026-01-01 00h", "2026-02-01 00h")),
        (date(2026, 3, 1), date(2026, 3, 31), ("2026-02-01 00h", "2026-02-11 15h")),
        (date(2025, 10, 1), date(2025, 12, 31), ("2025-07-01 00h", "2025-10-01 00h")),
        (date(2025, 1, 1), date(2025, 12, 31), ("2024-01-01 00h", "2025-01-01 00h")),
        (date(2026, 1, 1), date(2026, 12, 31), ("2025-01-01 00h", "2025-03-11 15h")),
        (date(2026, 2, 2), date(2026, 2, 28), ("2026-01-06 00h", "2026-02-02 00h")),
    ],
)
def test_a_month_is_compared_with_the_month_before(first: date, last: date, before: tuple[str, str]) -> None:
    assert said(period_of(Between(first, last), at(2026, 3, 11, 15, 20)))[2:] == before


def test_the_end_of_a_long_month_never_reaches_into_itself() -> None:
    march = Between(date(2026, 3, 1), date(2026, 3, 31))
    assert said(period_of(march, at(2026, 3, 31, 15, 20))) == (
        "2026-03-01 00h",
        "2026-03-31 15h",
        "2026-02-01 00h",
        "2026-03-01 00h",
    )


def test_a_range_into_the_future_is_clamped_before_it_is_compared() -> None:
    now = at(2026, 3, 11, 15, 20)
    long = period_of(Between(date(2026, 3, 2), date(2026, 6, 30)), now)
    assert (long.start, long.stop, long.previous) == (
        (same := period_of(Between(date(2026, 3, 2), date(2026, 3, 11)), now)).start,
        same.stop,
        same.previous,
    )
    assert said(long)[2:] == ("2026-02-20 00h", "2026-03-01 15h")


def test_a_day_before_its_first_hour_is_over_is_not_compared() -> None:
    period = period_of(Recent(1, "d"), at(2026, 3, 11, 0, 20))
    assert period.previous is None
    assert period.end(ZoneInfo("UTC")) == datetime(2026, 3, 11, 0, 20, tzinfo=UTC)


def test_hours_over_a_clock_change_are_real_hours() -> None:
    berlin = "Europe/Berlin"
    spring = period_of(Recent(24, "h"), at(2026, 3, 29, 15, 20, zone=berlin), berlin)
    assert said(spring) == ("2026-03-28 14h", "2026-03-29 15h", "2026-03-21 15h", "2026-03-22 15h")
    assert real_hours(spring, ZoneInfo(berlin)) == (24, 24)
    assert spring.shift == WEEK_HOURS, "hours stand over hours of the same name"


def test_of_a_server_of_files_the_last_hour_of_data_is_over() -> None:
    last = at(2026, 3, 11) + 24 * HOUR_MS - 1
    period = resolve(
        Recent(7, "d"), last, ZoneHistory.single(ZoneInfo("UTC")), day_of(date(2026, 1, 1)), over=True
    )
    assert said(period) == ("2026-03-05 00h", "2026-03-12 00h", "2026-02-26 00h", "2026-03-05 00h")
    assert not period.running


def test_days_that_stand_for_hours() -> None:
    now = at(2026, 3, 11, 15, 20)
    found = {
        str(timeframe): said(period_of(timeframe, now).in_days())
        for timeframe in (Recent(1, "h"), Recent(24, "h"), Recent(7, "d"), Recent(200, "h"))
    }
    assert found == {
        "1h": ("2026-03-10 00h", "2026-03-11 00h", "2026-03-03 00h", "2026-03-04 00h"),
        "24h": ("2026-03-10 00h", "2026-03-11 00h", "2026-03-03 00h", "2026-03-04 00h"),
        "7d": ("2026-03-05 00h", "2026-03-11 00h", "2026-02-26 00h", "2026-03-04 00h"),
        "200h": ("2026-03-04 00h", "2026-03-11 00h", "2026-02-25 00h", "2026-03-04 00h"),
    }
