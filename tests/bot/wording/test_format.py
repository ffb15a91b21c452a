"""How cards write numbers, shares, days and names."""

# ruff: noqa: RUF001 - dashes, minus signs and other scripts are what is tested

import unicodedata
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.views.counting import finding
from bot.wording import format as fmt
from bot.wording.numbers import change, number
from schemas.results.board import Measure
from schemas.results.curve import Total
from tests.cogs.cards.names import HOSTILE, names
from texts import load_languages, speaking

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "unknown"), (0, "0"), (999, "999"), (1234, "1,234"), (1_234_567, "1,234,567"), (-5, "−5")],
)
def test_amounts(value: int | None, text: str) -> None:
    assert fmt.amount(value) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 10, "0%"),
        (1, 100_000, "<0.1%"),
        (1, 1000, "0.1%"),
        (1, 3, "33%"),
        (1, 30, "3.3%"),
        (2, 100, "2.0%"),
        (9949, 100_000, "9.9%"),
        (9951, 100_000, "10%"),
        (10, 10, "100%"),
        (5000, 4, "125,000%"),
        (0, 0, "0%"),
    ],
)
def test_shares(part: int, whole: int, text: str) -> None:
    assert fmt.percent(part, whole) == text


@pytest.mark.parametrize(
    ("now", "before", "text"),
    [
        (12_345, 11_000, "▲ 12% (+1,345)"),
        (97, 100, "▼ 3.0% (−3)"),
        (0, 4, "▼ 100% (−4)"),
        (5, 5, "no change"),
        (0, 0, "no change"),
        (7, 0, "▲ 7, from 0"),
        (99, 10, "▲ 890% (+89)"),
        (3_161, 100, "▲ 32 times as many (+3,061)"),
        (7, None, "change unknown"),
    ],
)
def test_changes(now: int, before: int | None, text: str) -> None:
    assert fmt.change(now, before) == text


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 20))
def test_a_bar_has_its_width_and_grows_with_the_share(part: int, whole: int, cells: int) -> None:
    drawn = fmt.bar(part, whole, cells)
    less = fmt.bar(part // 2, whole, cells)

    assert len(drawn) == cells
    assert set(drawn) <= set("█▌·")
    assert (drawn == "·" * cells) == (part == 0 or whole == 0)
    assert less.count("█") <= drawn.count("█")


@pytest.mark.parametrize(
    ("start", "stop", "text"),
    [
        ((2026, 1, 30), (2026, 1, 31), "30 Jan 2026"),
        ((2026, 1, 30), (2026, 1, 30, 15), "30 Jan 2026, up to 15:00"),
        ((2026, 1, 1), (2026, 2, 1), "1 Jan – 31 Jan 2026"),
        ((2025, 12, 3), (2026, 1, 1, 13), "3 Dec 2025 – 1 Jan 2026, up to 13:00"),
        ((2026, 3, 28, 15), (2026, 3, 29, 15), "28 Mar 2026, 15:00 – 29 Mar 2026, 15:00"),
    ],
)
def test_periods(start: tuple[int, ...], stop: tuple[int, ...], text: str) -> None:
    first, last = (
        datetime(parts[0], parts[1], parts[2], *parts[3:], tzinfo=BERLIN)  # type: ignore[misc,arg-type]
        for parts in (start, stop)
    )
    assert fmt.days(first, last) == text


def test_times_are_left_to_discord() -> None:
    moment = datetime(2026, 1, 1, 1, tzinfo=BERLIN)
    assert fmt.discord_time(moment) == "<t:1767225600:R>"
    assert fmt.discord_time(moment, "f") == "<t:1767225600:f>"


@given(names, st.integers(1, 60))
@example("x" * 100, 32)
@example("🏴" * 100, 32)
def test_a_plain_name_is_one_short_line_without_hidden_characters(name: str, limit: int) -> None:
    text = fmt.plain(name, limit)

    assert len(text) <= limit
    assert text == text.strip()
    assert not any(unicodedata.category(mark) in ("Cc", "Cs", "Zl", "Zp") for mark in text)
    assert not any(unicodedata.bidirectional(mark) in BIDI_CONTROLS for mark in text)


BIDI_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(names)
def test_an_escaped_name_reads_as_the_plain_one_and_holds_no_markup(name: str) -> None:
    text = fmt.escaped(name, 40)

    rest, read = text, ""
    while rest:
        if rest[0] == "\\":
            assert not rest[1].isalnum()
            read, rest = read + rest[1], rest[2:]
            continue
        assert rest[0] not in "*_~|<>@#:`[]()/"
        read, rest = read + rest[0], rest[1:]
    assert read.strip("\u2068\u2069") == fmt.plain(name, 40)


def test_a_name_in_another_direction_stays_in_its_place() -> None:
    assert fmt.escaped("שלום", 32) == "\u2068שלום\u2069"
    assert fmt.escaped("general", 32) == "general"


def test_names_that_paint_over_their_neighbours_are_tamed() -> None:
    assert fmt.plain("e" + "\N{COMBINING ACUTE ACCENT}" * 40, 100) == "e" + "\N{COMBINING ACUTE ACCENT}" * 3


def test_ordinary_names_stay_as_they_are() -> None:
    for name in ("general-chat", "日本語チャンネル", "नमस्ते", "👩‍🚀 crew", "it's fine, really!"):
        assert fmt.plain(name, 100) == name
    assert all(len(name) <= 100 for name in HOSTILE)


def test_a_bar_below_nothing_is_empty() -> None:
    assert fmt.bar(-5, 10, 4) == fmt.bar(-5, -2, 4) == fmt.bar(0, 10, 4)


def test_what_is_no_count_is_so_many_times_as_much() -> None:
    assert change(600.0, 60.0, Measure.MINUTES) == "▲ 10 times as much (+9 h)"
    assert change(5.0, 0.0, Measure.MINUTES) == "▲ 5 min, from 0"


def test_what_can_be_counted_is_fewer_and_what_cannot_is_less() -> None:
    assert (
        finding(Total(8, 10), "8 reactions", "", "reactions")
        == "8 reactions, 20% fewer than in the period before"
    )
    less = finding(Total(8, 10), "8 min in voice", "", "time in voice", Measure.MINUTES)
    assert less == "8 min in voice, 20% less than in the period before"
    many = finding(Total(3_161, 100), "3,161 messages", "", "messages")
    assert many == "3,161 messages, 32 times as many as in the period before"
    with speaking(load_languages().of("de")):
        assert finding(Total(320, 10), "320 Nachrichten", "", "Nachrichten") == (
            "320 Nachrichten, 32-mal so viele wie im Zeitraum davor"
        )


def test_scores_move_in_points() -> None:
    assert number(-3.25, Measure.SCORE) == "\N{MINUS SIGN}3.2"
    assert change(-2.0, 1.5, Measure.SCORE) == "▼ 3.5 points"
    assert change(2.0, 0.0, Measure.SCORE) == "▲ 2.0 points"
    assert change(2.01, 2.0, Measure.SCORE) == "no change"
