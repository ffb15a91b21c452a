"""What some members did, against adding it up one by one."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.day_columns import DatedMembers
from analytics.day_packs import member_pack
from analytics.local_time import HOURS_PER_DAY
from analytics.member_activity import member_activity, of_members, values_of
from analytics.member_days import days_with, without_members
from analytics.role_activity import doing
from tests.support.slices import members_of_slices, spans_of

WHO = range(1, 9)
slices = st.builds(
    lambda hours, ms, given: {
        "hours": hours,
        "voice": {"ms": ms, "hours": {"5": ms} if ms else {}},
        "reactionsGiven": given,
        "reactionHours": {"7": given} if given else {},
    },
    st.dictionaries(st.integers(0, 23).map(str), st.integers(1, 9), max_size=3),
    st.sampled_from([0, 60_000, 90_000]),
    st.integers(-1, 3),
)
days = st.dictionaries(st.sampled_from(WHO), slices)
lived = st.lists(st.tuples(st.integers(20_000, 20_006), days), max_size=8)
holders = st.sets(st.sampled_from(WHO))


def columns(history: list[tuple[int, dict[int, dict[str, Any]]]]) -> list[DatedMembers]:
    return [DatedMembers(day, members_of_slices(each.items())) for day, each in history]


def ids(who: set[int]) -> "np.ndarray[Any, Any]":
    return np.array(sorted(who), "<u8")


@given(lived, holders)
def test_amounts_are_those_of_the_members_alone(
    history: list[tuple[int, dict[int, dict[str, Any]]]], kept: set[int]
) -> None:
    found = doing(columns(history), lambda day: day.messages, ids(kept))
    by_day: dict[int, int] = {}
    wrote = set()
    for day, each in history:
        for who, what in each.items():
            number = sum(what["hours"].values())
            if who in kept and number:
                by_day[day * HOURS_PER_DAY] = by_day.get(day * HOURS_PER_DAY, 0) + number
                wrote.add(who)
    assert (found.by_day, found.members, found.total) == (by_day, len(wrote), sum(by_day.values()))


@given(lived, holders)
def test_a_reaction_taken_back_counts_less_and_makes_nobody_take_part(
    history: list[tuple[int, dict[int, dict[str, Any]]]], kept: set[int]
) -> None:
    found = doing(columns(history), lambda day: day.given, ids(kept))
    given_by = [
        (who, what["reactionsGiven"]) for _, each in history for who, what in each.items() if who in kept
    ]
    assert found.total == sum(number for _, number in given_by)
    assert found.members == len({who for who, number in given_by if number > 0})


@given(lived, holders)
def test_the_rows_of_others_are_gone_and_those_of_the_members_as_they_were(
    history: list[tuple[int, dict[int, dict[str, Any]]]], kept: set[int]
) -> None:
    whole = columns(history)
    cut = days_with(whole, ids(kept))
    assert [each.day for each in cut] == [each.day for each in whole]
    for before, after in zip(whole, cut, strict=True):
        gone = ids(set(WHO) - kept)
        assert member_pack(after.columns) == member_pack(without_members(before.columns, gone))
    assert days_with(whole, None) is whole
    summed = of_members(member_activity(spans_of(whole)), ids(kept))
    again = member_activity(spans_of(cut))
    for by in ("messages", "voice_ms", "given", "days"):
        assert values_of(summed, by) == values_of(again, by)
