"""What a text is scored, and what is left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ingest.activities.messages import UNSCORED
from bot.ingest.folds.messages import NEGATIVE_FROM, POSITIVE_FROM
from bot.sentiment.words import MOST_CHARACTERS, Score, load_words, reads_foreign


@pytest.fixture(scope="module")
def score() -> Score:
    return load_words()


@pytest.mark.parametrize(
    "text",
    ["Thanks, that works great now!", "lol nice", "not bad at all :)", "I don't hate it", "I love it ❤️"],
)
def test_kind_words_are_positive(score: Score, text: str) -> None:
    assert POSITIVE_FROM <= score(text) <= 100


@pytest.mark.parametrize("text", ["This is not good.", "it crashed again, so annoying", "I hate this bug :("])
def test_angry_words_are_negative(score: Score, text: str) -> None:
    assert -100 <= score(text) <= NEGATIVE_FROM


def test_what_cancels_out_is_neutral_and_not_unknown(score: Score) -> None:
    assert NEGATIVE_FROM < score("the fun part and the ugly part") < POSITIVE_FROM


@pytest.mark.parametrize(
    "text",
    ["", " ", "which version is that?", "https://great.example/hell", "<@1234> <:sad:5678>", "12:30", "…"],
)
def test_what_has_no_known_word_is_unscored(score: Score, text: str) -> None:
    assert score(text) == UNSCORED


@pytest.mark.parametrize(
    "text",
    [
        "die Katze ist süß",
        "ich war da, das ist super",
        "no lo sé, pero es un problema",
        "c'est grave mais je suis content",
        "não gosto disso, é um horror",
        "dat is niet goed, maar ok",
        "это хорошо",
        "すごい",
    ],
)
def test_other_languages_are_left_out(score: Score, text: str) -> None:
    assert score(text) == UNSCORED


def test_words_that_german_and_english_share_say_nothing(score: Score) -> None:
    assert score("die") == score("war") == UNSCORED


def test_an_english_sentence_with_a_foreign_word_is_scored(score: Score) -> None:
    assert not reads_foreign("I love the Straße and the jalapeño pizza, you should try it mit extra cheese")
    assert score("the pizza und the beer were great") > 0


def test_only_the_beginning_of_a_long_text_is_looked_at(score: Score) -> None:
    short = "x " * (MOST_CHARACTERS // 2)
    assert score(short + "this is terrible") == UNSCORED
    assert score("this is terrible " + short) == score(("this is terrible " + short)[:MOST_CHARACTERS])


@settings(max_examples=300, deadline=None)
@given(
    st.text() | st.lists(st.sampled_from(["good", "BAD", "not", "but", "no", "😀", "❤️", ":(", "n't", "!"]))
)
def test_any_text_has_a_score_in_bounds_or_none(score: Score, text: str | list[str]) -> None:
    found = score(text if isinstance(text, str) else " ".join(text))
    assert found == UNSCORED or -100 <= found <= 100
