"""Figures of groups and of the member in the middle, against Python's own statistics."""

from datetime import UTC, datetime, timedelta
from itertools import accumulate
from statistics import fmean, median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.comparing import group_figures, median_a_day, median_of, running_sum
from analytics.member_activity import MemberActivity
from schemas.results.curve import Curve

did = st.dictionaries(st.integers(1, 30), st.tuples(st.integers(0, 5), st.integers(0, 50)), max_size=12)
groups = st.sets(st.integers(1, 40), max_size=12)
START = datetime(2026, 1, 1, tzinfo=UTC)


def activity(each: dict[int, tuple[int, int]]) -> MemberActivity:
    ids = sorted(each)
    days, messages = (np.array([each[who][at] for who in ids], float) for at in (0, 1))
    nothing = np.zeros(len(ids))
    return MemberActivity(np.array(ids, "<u8"), days, messages, nothing, nothing, nothing)


@given(did, groups)
def test_a_group_is_all_who_are_in_it(each: dict[int, tuple[int, int]], group: set[int]) -> None:
    found = group_figures(activity(each), np.array(sorted(group), "<u8"), "messages")

    written = [each.get(who, (0, 0))[1] for who in group]
    assert (found.members, found.total) == (len(group), sum(written))
    some = [number for number in written if number]
    assert found.doing == len(some)
    assert found.median == (median(some) if some else None)
    assert found.mean == (pytest.approx(fmean(written)) if group else None)
    assert found.share == (pytest.approx(len(some) / len(group)) if group else None)


@given(did)
def test_the_member_in_the_middle_is_one_who_did_any(each: dict[int, tuple[int, int]]) -> None:
    some = [number for _, number in each.values() if number]
    assert median_of(activity(each), "messages") == (median(some) if some else None)
    a_day = [number / days for days, number in each.values() if number and days]
    assert median_a_day(activity(each), "messages") == (pytest.approx(median(a_day)) if a_day else None)


@given(st.lists(st.none(), max_size=3), st.lists(st.integers(0, 9), max_size=9))
def test_a_running_sum_begins_with_what_is_known(unknown: list[None], known: list[int]) -> None:
    values = (*unknown, *known)
    starts = tuple(START + timedelta(days=day) for day in range(len(values)))
    found = running_sum(Curve("day", starts, values, values))
    assert found.values == found.previous == (*unknown, *accumulate(known))
    assert running_sum(Curve("day", starts, values)).previous is None
