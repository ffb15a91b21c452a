from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.local_time import ZoneHistory, date_of, day_of
from analytics.periods_before import months_on
from analytics.timeframe_words import ALL, MONTHS, NAMED, TO, UNITS, Vocabulary, shown
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
from bot.wording import format as fmt
from texts import CATALOGUES, Language, load_languages, speaking

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
        ("this week", Between(date(2026, 3, 9), date(2026, 3, 15))),
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
        ("diese Woche", Between(date(2026, 3, 9), date(2026, 3, 15))),
        ("01.01.2026 bis heute", Between(date(2026, 1, 1), TODAY)),
        ("1.2.2026", Between(date(2026, 2, 1), date(2026, 2, 1))),
        ("last month", Between(date(2026, 2, 1), date(2026, 2, 28))),
        ("14d", Recent(14, "d")),
    ],
)
def test_german_forms_are_understood_beside_english_ones(text: str, expected: Timeframe) -> None:
    with speaking(LANGUAGES.of("de")):
        assert parse_timeframe(text, TODAY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02", ("2026-02-01", "2026-02-28")),
        ("02/2026", ("2026-02-01", "2026-02-28")),
        ("February", ("2026-02-01", "2026-02-28")),
        ("feb 2026", ("2026-02-01", "2026-02-28")),
        ("März", ("2026-03-01", "2026-03-31")),
        ("November", ("2025-11-01", "2025-11-30")),
        ("2025", ("2025-01-01", "2025-12-31")),
        ("week", ("2026-03-09", "2026-03-15")),
        ("Woche", ("2026-03-09", "2026-03-15")),
        ("month", ("2026-03-01", "2026-03-31")),
        ("ytd", ("2026-01-01", "2026-12-31")),
        ("2026-01-15..", ("2026-01-15", "2026-03-11")),
        ("since 15 Jan", ("2026-01-15", "2026-03-11")),
        ("seit gestern", ("2026-03-10", "2026-03-11")),
        ("2026-01-15 - 2026-02-01", ("2026-01-15", "2026-02-01")),
        ("2026-01-15-2026-02-01", ("2026-01-15", "2026-02-01")),
        ("from 2026-01-15 until 2026-02-01", ("2026-01-15", "2026-02-01")),
        ("vom 15.1.2026 bis 1.2.2026", ("2026-01-15", "2026-02-01")),
        ("01/15/2026", ("2026-01-15", "2026-01-15")),
        ("15/01/2026", ("2026-01-15", "2026-01-15")),
        ("02/02/2026", ("2026-02-02", "2026-02-02")),
        ("Jan 15, 2026", ("2026-01-15", "2026-01-15")),
        ("15th january", ("2026-01-15", "2026-01-15")),
        ("1-15 feb 2026", ("2026-02-01", "2026-02-15")),
        ("29 dec - 4 jan 2026", ("2025-12-29", "2026-01-04")),
        ("dec - feb", ("2025-12-01", "2026-02-28")),
        ("2025-11..2026-01", ("2025-11-01", "2026-01-31")),
        ("１５.１.２０２６", ("2026-01-15", "2026-01-15")),  # noqa: RUF001 - digits of another width
    ],
)
def test_days_are_understood_as_people_write_them(text: str, expected: tuple[str, str]) -> None:
    """All words in each language, whatever language is in force."""
    first, last = map(date.fromisoformat, expected)
    assert parse_timeframe(text, TODAY, LANGUAGES) == Between(first, last)
    for mark in "\N{EN DASH}\N{EM DASH}\N{NON-BREAKING HYPHEN}\N{MINUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}":
        assert parse_timeframe(text.replace("-", mark), TODAY, LANGUAGES) == Between(first, last)


@pytest.mark.parametrize("text", ["letzte Woche", "14 Tage", "gesamter Zeitraum", "dezember", "heute"])
def test_words_of_a_language_are_known_while_another_is_in_force(text: str) -> None:
    with pytest.raises(TimeframeError):
        parse_timeframe(text, TODAY)
    assert parse_timeframe(text, TODAY, LANGUAGES)


any_language = st.sampled_from(list(LANGUAGES))
calendar_units = st.tuples(st.integers(2000, 2025), st.integers(1, 12), st.sampled_from([1, 12])).map(
    lambda parts: Between(
        date(parts[0], parts[1], 1), months_on(date(parts[0], parts[1], 1), parts[2]) - timedelta(days=1)
    )
)


@given(any_language, any_language, st.one_of(timeframes, calendar_units))
def test_what_menus_and_footers_print_is_read_back(
    printed_in: Language, asked_in: Language, timeframe: Timeframe
) -> None:
    with speaking(printed_in):
        printed = describe(timeframe)
    with speaking(asked_in):
        assert parse_timeframe(printed, TODAY, LANGUAGES) == timeframe


@given(any_language, any_language, days, st.integers(0, 3000), st.sampled_from([0, 13]))
def test_the_days_that_a_card_prints_are_read_back(
    printed_in: Language, asked_in: Language, first: date, more: int, hour: int
) -> None:
    last = min(first + timedelta(days=more), TODAY)
    stop = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(hours=hour or 24)
    with speaking(printed_in):
        printed = fmt.days(datetime(first.year, first.month, first.day, tzinfo=UTC), stop)
    with speaking(asked_in):
        assert parse_timeframe(printed, TODAY, LANGUAGES) == Between(first, last)


@pytest.mark.parametrize("language", list(LANGUAGES), ids=lambda language: language.tag)
def test_all_that_a_menu_offers_is_read_by_its_label(language: Language) -> None:
    with speaking(language):
        offered = {str(name): timeframe for timeframe, name in PRESETS}
        offered |= {shown(text): parse_timeframe(name, TODAY) for name, text in NAMED.items()}
    assert {label: parse_timeframe(label, TODAY, LANGUAGES) for label in offered} == offered


def test_no_word_means_two_things() -> None:
    words = Vocabulary(LANGUAGES)
    for every in ([ALL, *NAMED.values(), *MONTHS, TO], [ALL, *UNITS.values(), *MONTHS, TO]):
        known = [word for text in every for word in words.words_of(text)]
        assert len(known) == len(set(known))


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
        ("2026-13", "not in the calendar"),
        ("13/13/2026", "not in the calendar"),
        ("2026-01-01..2026-02-30", "not in the calendar"),
        ("03/04/2026", "write `2026-03-04` or `2026-04-03`"),
        ("03-04-2026 to today", "write `2026-03-04` or `2026-04-03`"),
        ("2027", "lies in the future"),
        ("..", "Try one of"),
        ("- 2026-01-15", "Try one of"),
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


pieces = st.sampled_from(
    [
        "2026",
        "-",
        "..",
        "15",
        "11",
        "/",
        ".",
        " ",
        "nov",
        "to",
        "bis",
        "since",
        "week",
        "\N{EN DASH}",
        "0",
        "9999",
        "d",
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(pieces, max_size=12).map("".join)))
def test_any_text_is_a_timeframe_or_a_kind_error(text: str) -> None:
    try:
        found = parse_timeframe(text, TODAY, LANGUAGES)
        assert parse_timeframe(describe(found), TODAY, LANGUAGES) == found
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
    assert len({str(timeframe) for timeframe, _ in PRESETS}) == len(PRESETS) == 7
