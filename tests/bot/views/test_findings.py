"""How titles say that an amount has changed."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.views.counting import finding
from schemas.results.board import Measure
from schemas.results.curve import Total


@given(st.integers(1, 10_000), st.integers(1, 10_000), st.sampled_from([Measure.COUNT, Measure.MINUTES]))
@example(201, 200, Measure.COUNT)
@example(199, 200, Measure.MINUTES)
def test_no_title_says_0_percent_and_equal_amounts_read_alike(
    now: int, before: int, measure: Measure
) -> None:
    title = finding(Total(now, before), "so much", "none", "it", measure)

    assert not re.search(r"\b0%", title)
    if abs(now - before) / before < 0.005:
        assert title == "so much, as in the period before"
    elif abs(now - before) / before > 0.005:
        many = "as many" if measure is Measure.COUNT else "as much"
        fewer = "fewer" if measure is Measure.COUNT else "less"
        assert (many if now >= 10 * before else "more" if now > before else fewer) in title


@pytest.mark.parametrize(
    ("amount", "title"),
    [
        (Total(None, None), "Not known of this period: joins"),
        (Total(0, 4), "No joins"),
        (Total(4, None), "4 joins"),
        (Total(4, 0), "4 joins"),
        (Total(4, 4), "4 joins, as in the period before"),
        (Total(3, 4), "4 joins, 25% fewer than in the period before"),
    ],
)
def test_unknown_and_nothing_are_told_apart(amount: Total, title: str) -> None:
    assert finding(amount, "4 joins", "No joins", "joins") == title
