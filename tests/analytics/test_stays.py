"""Stays that ended, against a look at whether each member was there at each instant."""

from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from analytics.stays import Join, PastStay, gone, joins_within, lost

NOW = 40
lives = st.dictionaries(
    st.integers(1, 4), st.lists(st.integers(1, NOW - 1), min_size=1, max_size=9, unique=True).map(sorted)
)
"""By member when each joined, left, joined, left ...; an odd number: still there."""
edges = st.lists(st.integers(1, NOW), min_size=2, max_size=6, unique=True).map(sorted)


def past_of(lives: dict[int, list[int]]) -> list[PastStay]:
    return [
        PastStay(member, times[at], times[at + 1], times[at + 2] if at + 2 < len(times) else 0)
        for member, times in lives.items()
        for at in range(0, len(times) - 1, 2)
    ]


def last_joins(lives: dict[int, list[int]]) -> dict[int, int]:
    return {member: times[(len(times) - 1) // 2 * 2] for member, times in lives.items()}


def there(times: list[int], at: int) -> bool:
    """Whether somebody is there just before an instant."""
    return sum(time < at for time in times) % 2 == 1


@given(lives, st.integers(0, NOW), st.integers(0, NOW))
def test_every_join_is_found_once(lives: dict[int, list[int]], first: int, stop: int) -> None:
    found = joins_within(last_joins(lives), past_of(lives), first, stop)
    assert sorted(found) == sorted(
        Join(member, at) for member, times in lives.items() for at in times[::2] if first <= at < stop
    )


@given(lives, edges)
@example({1: [1, 5, 7]}, [2, 10])  # left and came back
@example({1: [3, 5]}, [2, 10])  # was not there at the beginning
def test_who_was_there_at_the_beginning_and_is_not_at_the_end_is_lost(
    lives: dict[int, list[int]], edges: list[int]
) -> None:
    assert lost(past_of(lives), edges) == [
        sum(there(times, start) and not there(times, stop) for times in lives.values())
        for start, stop in pairwise(edges)
    ]


@given(lives, edges)
def test_who_left_and_is_away_at_the_end_is_gone(lives: dict[int, list[int]], edges: list[int]) -> None:
    start, stop = edges[0], edges[-1]
    assert gone(past_of(lives), start, stop) == {
        member
        for member, times in lives.items()
        if any(start <= left < stop for left in times[1::2]) and not there(times, stop)
    }
