from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.local_time import ZoneHistory, date_of, day_of
from analytics.timeframes import (
    PRESETS,
    AllTime,
    Between,
    Bucket,
    Recent,
    Timeframe,
    TimeframeError,
    bucket_starts,
    describe,
    parse_timeframe,
    resolve,
)
from texts import CATALOGUES, load_languages, speaking

LANGUAGES = load_languages()
TODAY = date(2026, 3, 11)  # a Wednesday
UTC_ZONE = ZoneHistory.single(ZoneInfo("UTC"))
NOW = int(datetime(2026, 3, 11, 15, 20, tzinfo=UTC).timestamp() * 1000)

days = st.dates(date(2000, 1, 1), TODAY)
timeframes: st.SearchStrategy[Timeframe] = st.one_of(
    st.builds(Recent, st.integers(1, 336), st.just("h")),
    st.builds(Recent, st.integers(1, 3660), st.just("d")),
    st.tuples(days, st.integers(0, 3000)).map(
        lambda pair: Between(pair[0], min(TODAY, pair[0] + timedelta(days=pair[1])))
    ),
    st.just(AllTime()),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24h", Recent(24, "h")),
        ("14d", Recent(14, "d")),
        ("14 days", Recent(14, "d")),
        ("last 14 days", Recent(14, "d")),
        ("  6W ", Recent(42, "d")),
        ("3 months", Recent(90, "d")),
        ("1y", Recent(365, "d")),
        ("all", AllTime()),
        ("yesterday", Between(date(2026, 3, 10), date(2026, 3, 10))),
        ("this week", Between(date(2026, 3, 9), TODAY)),
        ("last week", Between(date(2026, 3, 2), date(2026, 3, 8))),
        ("last month", Between(date(2026, 2, 1), date(2026, 2, 28))),
        ("last year", Between(date(2025, 1, 1), date(2025, 12, 31))),
        ("2026-01-01..2026-02-01", Between(date(2026, 1, 1), date(2026, 2, 1))),
        ("2026-01-01 to today", Between(date(2026, 1, 1), TODAY)),
        ("2026-1-5", Between(date(2026, 1, 5), date(2026, 1, 5))),
    ],
)
def test_natural_forms_are_understood(text: str, expected: Timeframe) -> None:
    assert parse_timeframe(text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14 Tage", Recent(14, "d")),
        ("letzte 6 Wochen", Recent(42, "d")),
        ("die letzten 3 Monate", Recent(90, "d")),
        ("24 Std", Recent(24, "h")),
        ("alles", AllTime()),
        ("Gestern", Between(date(2026, 3, 10), date(2026, 3, 10))),
        ("letzten Monat", Between(date(2026, 2, 1), date(2026, 2, 28))),
        ("diese Woche", Between(date(2026, 3, 9), TODAY)),
        ("01.01.2026 bis heute", Between(date(2026, 1, 1), TODAY)),
        ("1.2.2026", Between(date(2026, 2, 1), date(2026, 2, 1))),
        ("last month", Between(date(2026, 2, 1), date(2026, 2, 28))),
        ("14d", Recent(14, "d")),
    ],
)
def test_german_forms_are_understood_beside_english_ones(text: str, expected: Timeframe) -> None:
    with speaking(LANGUAGES.of("de")):
        assert parse_timeframe(text, TODAY) == expected


@given(st.sampled_from([row.tag for row in CATALOGUES]), timeframes)
def test_no_language_loses_the_short_form(tag: str, timeframe: Timeframe) -> None:
    with speaking(LANGUAGES.of(tag)):
        assert parse_timeframe(str(timeframe), TODAY) == timeframe
        assert describe(timeframe)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a timeframe"),
        ("soon", "Try one of"),
        ("0d", "at least"),
        ("9999d", "ask for `all`"),
        ("400h", "`17d` instead"),
        ("2026-02-30", "not in the calendar"),
        ("2026-02-01..2026-01-01", "did you mean `2026-01-01..2026-02-01`"),
        ("2027-01-01..2027-02-01", "lies in the future"),
        ("1901-01-01..2020-01-01", "earliest day"),
        ("2000-01-01..2026-01-01", "3660 days at most"),
        ("@everyone `x` " + "y" * 200, "“everyone x yyyy"),
    ],
)
def test_what_is_no_timeframe_gets_an_exact_answer(text: str, said: str) -> None:
    with pytest.raises(TimeframeError) as caught:
        parse_timeframe(text, TODAY)
    assert said in str(caught.value)
    assert "@" not in str(caught.value)
    assert len(str(caught.value)) < 260


@given(st.text(max_size=60))
def test_any_text_is_a_timeframe_or_a_kind_error(text: str) -> None:
    try:
        parse_timeframe(text, TODAY)
    except TimeframeError as error:
        assert len(str(error)) < 300


@given(timeframes)
def test_the_short_form_reads_back(timeframe: Timeframe) -> None:
    assert parse_timeframe(str(timeframe), TODAY) == timeframe
    assert describe(timeframe)


@given(timeframes, st.integers(-3000, 0))
def test_buckets_tile_the_period(timeframe: Timeframe, first: int) -> None:
    period = resolve(timeframe, NOW, UTC_ZONE, day_of(TODAY) + first)
    starts = bucket_starts(period.start, period.stop, period.bucket)
    assert starts == sorted(set(starts))
    assert starts[0] <= period.start
    assert starts[-1] < period.stop
    assert len(starts) <= 340


def test_months_are_calendar_months() -> None:
    period = resolve(AllTime(), NOW, UTC_ZONE, day_of(date(2022, 5, 20)))
    starts = bucket_starts(period.start, period.stop, period.bucket)
    assert period.bucket is Bucket.MONTH
    assert all(date_of(start // 24).day == 1 for start in starts)
    assert len(starts) == 47


def test_the_menu_offers_each_timeframe_once() -> None:
    assert len({str(timeframe) for timeframe, _ in PRESETS}) == len(PRESETS) == 6
