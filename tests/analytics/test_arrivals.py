"""What those who joined did, against a naive look at each join."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from analytics.arrivals import FirstDays, arrivals, came_back, first_days
from analytics.local_time import ZoneHistory
from analytics.retention import WAYS, Came, CohortDays
from analytics.stays import Join
from schemas.results.arrivals import JoinCohort, Retained
from tests.analytics.test_participation import (
    ACTIVE,
    FIRST,
    MEMBERS,
    SPEAKS,
    WRITES,
    Did,
    dated,
    done,
    some_done,
)
from tests.support.slices import spans_of

DAY_MS = 86_400_000
UTC = ZoneHistory.single(ZoneInfo("UTC"))
Joined = Sequence[tuple[int, int]]
joins = st.lists(
    st.tuples(st.sampled_from([*MEMBERS, 4]), st.sampled_from(range(FIRST - 2, FIRST + 10))),
    max_size=8,
    unique=True,
)
"""A member may join on several days; who did so before the first days is there, too."""
soon = done | some_done(range(FIRST, FIRST + 10), (1, 2)) | some_done(range(FIRST, FIRST + 2), (1, 2))
"""With much on the day of joining, by few members."""


def joined_at(joined: Joined) -> list[Join]:
    return [Join(member, day * DAY_MS + 5 + place) for place, (member, day) in enumerate(joined)]


def did_after(did: list[Did], member: int, joined: int, days: range, *what: int) -> list[Did]:
    return [d for d in did if d.member == member and d.what in what and d.day - joined in days]


@given(joins, soon)
def test_first_day_and_first_week(joined: Joined, did: list[Did]) -> None:
    found = first_days(arrivals(joined_at(joined), UTC), spans_of(dated(did)))
    assert set(found) == {day for _, day in joined}
    for day, steps in found.items():
        new = [who for who, joined_on in joined if joined_on == day]
        spoke = [len(did_after(did, who, day, range(1), SPEAKS)) for who in new]
        wrote = [sum(d.times for d in did_after(did, who, day, range(1), WRITES)) for who in new]
        week = [len(did_after(did, who, day, range(7), WRITES, SPEAKS)) for who in new]
        both = list(zip(wrote, spoke, strict=True))
        assert steps == FirstDays(
            len(new),
            sum(bool(w or s) for w, s in both),
            sum(w >= 3 or s > 0 for w, s in both),
            sum(map(bool, week)),
        )


@given(joins, soon)
def test_who_came_back_in_each_window(joined: Joined, did: list[Did]) -> None:
    windows = [range(7), range(1, 31), range(7, 14), range(30, 31), range(2, 1 << 20)]
    who = arrivals(joined_at(joined), UTC)
    found = came_back(who, spans_of(dated(did)), windows)
    assert found.shape == (len(joined), len(windows))
    rows = zip(who.members.tolist(), who.days.tolist(), found.tolist(), strict=True)
    assert sorted(rows) == sorted(
        (member, day, [bool(did_after(did, member, day, window, *ACTIVE)) for window in windows])
        for member, day in joined
    )


@given(joins, soon, st.integers(FIRST - 2, FIRST + 10), st.integers(1, 8))
def test_each_way_of_retention_is_a_naive_share_of_joins(
    joined: Joined, did: list[Did], first: int, length: int
) -> None:
    counts = {day: sum(on == day for _, on in joined) + 1 for _, day in joined}
    windows = [*(way.days for way in WAYS), range(7)]
    came = Came.of(arrivals(joined_at(joined), UTC), spans_of(dated(did)), windows, counts)
    days = range(first, first + length)
    asked = [(member, day) for member, day in joined if day in days]
    for way in WAYS:
        found = came.returned(way, days)
        last = {Retained.BOUNDED: found.first, Retained.ROLLING: 10_000}.get(found.retained, found.last)
        assert last is not None
        assert found.followed == len(asked)
        assert found.active == sum(
            bool(did_after(did, member, day, range(found.first, last + 1), *ACTIVE)) for member, day in asked
        )
    in_week = sum(bool(did_after(did, member, day, range(7), *ACTIVE)) for member, day in asked)
    counted = sum(counts.get(day, 0) for day in days)
    assert came.cohort(CohortDays("one", days), [(range(7), True)], told=True) == JoinCohort(
        "one", counted, len(asked), (in_week,)
    )


def test_ways_of_retention_are_told_apart_by_the_same_member() -> None:
    """Active on the days 29, 31 and 45 after joining: in two ranges and from day 30 on, but not on it."""
    did = [Did(FIRST + after, 3, 1, WRITES) for after in (29, 31, 45)]
    came = Came.of(
        arrivals([Join(1, FIRST * DAY_MS)], UTC), spans_of(dated(did)), (way.days for way in WAYS), {FIRST: 1}
    )
    found = [came.returned(way, range(FIRST, FIRST + 1)) for way in WAYS]
    assert [(each.retained.value, each.first, each.last, each.active) for each in found] == [
        ("bounded", 30, None, 0),
        ("rolling", 30, None, 1),
        ("range", 1, 30, 1),
        ("range", 31, 60, 1),
        ("range", 61, 90, 0),
    ]
