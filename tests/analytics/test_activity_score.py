"""The score against the formula written out for one member, and what it promises."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.activity_score import activity_scores
from analytics.day_columns import DatedMembers
from analytics.member_activity import MemberActivity, member_activity
from tests.support.slices import members_of_slices, spans_of

Row = tuple[int, int, int, int]
rows = st.tuples(st.integers(0, 28), st.integers(0, 5_000), st.integers(0, 10**9), st.integers(-3, 2_000))


def activity(members: list[Row]) -> MemberActivity:
    columns = [np.array([row[part] for row in members], np.float64) for part in range(4)]
    ids = np.arange(len(members), dtype=np.uint64)
    return MemberActivity(ids, *columns, received=np.zeros(len(members)))


def by_hand(days: int, messages: int, voice_ms: int, given_: int) -> float:
    def part(x: float, half: float) -> float:
        return 1 - math.exp(-math.log(2) * max(x, 0) / half)

    hours = voice_ms / 1_000 / 60 / 60
    return 40 * part(days, 7) + 30 * part(messages, 40) + 20 * part(hours, 4) + 10 * part(given_, 20)


@given(st.lists(rows, min_size=1, max_size=20))
def test_it_is_the_formula(members: list[Row]) -> None:
    for row, score in zip(members, activity_scores(activity(members)).tolist(), strict=True):
        assert score == pytest.approx(by_hand(*row), abs=0.0051)
        assert 0 <= score <= 100


@given(rows, st.integers(0, 3), st.integers(1, 10**6))
def test_more_is_never_less(row: Row, part: int, more: int) -> None:
    greater = tuple(value + more * (place == part) for place, value in enumerate(row))
    before, after = activity_scores(activity([row, greater])).tolist()  # type: ignore[list-item] - four of them
    assert after >= before


def test_nothing_is_0_and_a_lot_is_near_100() -> None:
    assert activity_scores(activity([(0, 0, 0, 0), (28, 9_999, 10**9, 999)])).tolist() == [0, 97.5]
    assert activity_scores(activity([(7, 40, 4 * 3_600_000, 20)])).tolist() == [50]
    assert activity_scores(member_activity([])).tolist() == []


SLICES = st.dictionaries(
    st.sampled_from([1, 2, 1 << 63]),
    st.fixed_dictionaries(
        {
            "hours": st.dictionaries(st.sampled_from(["1", "2"]), st.integers(1, 5)),
            "reactionsReceived": st.integers(-2, 2),
            "voice": st.integers(0, 9).map(lambda ms: {"ms": ms, "hours": {"4": ms}}),
        }
    ),
)


@settings(max_examples=50)
@given(st.lists(SLICES, max_size=4))
def test_sums_over_days_are_those_of_each_member(days: list[dict[int, dict[str, object]]]) -> None:
    columns = [DatedMembers(on, members_of_slices(day.items())) for on, day in enumerate(days)]
    whole = member_activity(spans_of(columns))
    for at, who in enumerate(whole.members.tolist()):
        mine = [day[who] for day in days if who in day]
        assert whole.messages[at] == sum(sum(d["hours"].values()) for d in mine)  # type: ignore[attr-defined] - a map
        assert whole.voice_ms[at] == sum(d["voice"]["ms"] for d in mine)  # type: ignore[index] - a map
        assert whole.days[at] == sum(bool(d["hours"] or d["voice"]["ms"]) for d in mine)  # type: ignore[index] - same
