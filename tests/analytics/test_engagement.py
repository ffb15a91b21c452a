"""How evenly members take part, against definitions that are written out."""

from itertools import combinations
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.engagement import evenness_of, fewest_with_half, gini, pielou, scores_of
from analytics.member_activity import MemberActivity

amounts = st.lists(st.integers(1, 50), max_size=9)


def activity(messages: list[int], days: list[int] | None = None) -> MemberActivity:
    nothing = np.zeros(len(messages))
    return MemberActivity(
        np.arange(1, len(messages) + 1, dtype="<u8"),
        np.array(days if days is not None else messages, float),
        np.array(messages, float),
        nothing,
        nothing,
        nothing,
    )


@given(amounts)
def test_gini_is_the_mean_difference_of_pairs(some: list[int]) -> None:
    found = gini(np.array(some, float))
    if not some:
        assert found is None
        return
    differences = sum(abs(a - b) for a in some for b in some)
    assert found == pytest.approx(differences / (2 * len(some) * sum(some)), abs=1e-12)


@given(amounts)
def test_evenness_is_entropy_by_its_greatest(some: list[int]) -> None:
    found = pielou(np.array(some, float))
    if len(some) < 2:
        assert found is None
        return
    entropy = -sum(a / sum(some) * log(a / sum(some)) for a in some)
    assert found == pytest.approx(entropy / log(len(some)))


@given(amounts)
def test_no_fewer_wrote_half(some: list[int]) -> None:
    found = fewest_with_half(np.array(some, float))
    if not some:
        assert found is None
        return
    assert found == min(
        size
        for size in range(1, len(some) + 1)
        if any(2 * sum(who) >= sum(some) for who in combinations(some, size))
    )


def test_equal_amounts_are_even_and_one_alone_is_neither() -> None:
    assert (gini(np.full(4, 7.0)), pielou(np.full(4, 7.0))) == (0, pytest.approx(1))
    assert (gini(np.array([9.0])), pielou(np.array([9.0]))) == (0, None)


@given(st.lists(st.integers(0, 5), max_size=9))
def test_who_wrote_nothing_is_in_none_of_it(messages: list[int]) -> None:
    found = evenness_of(activity(messages))
    assert found.writers == sum(count > 0 for count in messages)
    assert found.communicators == sum(count >= 3 for count in messages)
    assert found.messages == sum(messages)
    assert found.gini == gini(np.array([count for count in messages if count], float))


@given(st.lists(st.integers(0, 28), max_size=20))
def test_every_score_is_in_its_bin(days: list[int]) -> None:
    found = scores_of(activity([0] * len(days), days))
    scores = [round(40 * (1 - 2 ** (-count / 7)), 2) for count in days if count]
    assert found.counts == tuple(sum(5 * n <= score < 5 * n + 5 for score in scores) for n in range(20))
    assert found.median == (pytest.approx(float(np.median(scores)), abs=0.011) if scores else None)
