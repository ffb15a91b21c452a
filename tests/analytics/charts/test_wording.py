import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.charts.wording import ELLIPSIS, MAX_LENGTH, clusters, is_right_to_left, shorten, tidy, wrap

FAMILY = "👩‍👩‍👧"
PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
ENGLAND = "🏴󠁧󠁢󠁥󠁮󠁧󠁿"


def measure(text: str) -> float:
    return float(len(list(clusters(text))))


@pytest.mark.parametrize("whole", [FAMILY, "🇩🇪", "👍🏽", "❤️", "नी", "é", "น้ำ", ENGLAND, "1️⃣"])
def test_what_a_reader_sees_as_one_is_one(whole: str) -> None:
    assert list(clusters(f"a{whole}b")) == ["a", whole, "b"]


def test_flags_side_by_side_are_two() -> None:
    assert list(clusters("🇩🇪🇫🇷")) == ["🇩🇪", "🇫🇷"]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  two\n words\t ", "two words"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("bell\a null\0", "bell null"),
        ("zero\u200bwidth", "zerowidth"),
        (FAMILY, FAMILY),
        (PERSIAN, PERSIAN),
        ("e\u0301", "é"),
    ],
)
def test_tidy(text: str, clean: str) -> None:
    assert tidy(text) == clean


def test_piles_of_marks_are_cut_down() -> None:
    pile = tidy("Z" + "\u0300\u0301\u0302\u0303" * 20)
    assert len(pile) == 3
    assert len(tidy("Z" + "\u0316\u0323\u0331\u0332" * 20)) == 4


def test_endless_text_is_cut_before_work_is_done_on_it() -> None:
    assert len(tidy("a" * 100_000)) == MAX_LENGTH


def test_shortened_text_says_so() -> None:
    assert shorten("a name that is long", 8, measure) == "a name…"
    assert shorten("fits", 4, measure) == "fits"
    assert shorten(FAMILY * 4, 3, measure) == FAMILY * 2 + ELLIPSIS


def test_wrapping_breaks_at_spaces() -> None:
    assert wrap("one two three", 8, measure, 2) == ("one two", "three")
    assert wrap("one", 8, measure, 2) == ("one",)
    assert wrap("", 8, measure, 2) == ()


def test_a_word_longer_than_the_line_is_broken() -> None:
    assert wrap("漢字" * 10, 8, measure, 2) == ("漢字" * 4, "漢字" * 3 + "漢…")


@given(st.text(max_size=60), st.integers(2, 30), st.integers(1, 3))
def test_wrapped_lines_fit(text: str, width: int, lines: int) -> None:
    wrapped = wrap(tidy(text), width, measure, lines)
    assert len(wrapped) <= lines
    assert all(measure(line) <= width for line in wrapped)


@given(st.text(max_size=60))
def test_tidy_text_stays_as_it_is_and_holds_no_controls(text: str) -> None:
    clean = tidy(text)
    assert tidy(clean) == clean
    assert not any(unicodedata.category(character) == "Cc" for character in clean)


def test_the_first_letter_gives_the_direction() -> None:
    assert is_right_to_left(f"12. {PERSIAN} abc")
    assert not is_right_to_left(f"abc {PERSIAN}")
    assert not is_right_to_left("123")
