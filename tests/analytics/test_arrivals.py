"""What those who joined did, against a naive look at each of them."""

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from analytics.arrivals import FirstDays, arrivals, came_back, first_days
from analytics.local_time import ZoneHistory
from tests.analytics.test_participation import ACTIVE, FIRST, SPEAKS, WRITES, Did, dated, done
from tests.support.slices import spans_of

MEMBERS = [1, 2, 3, 1 << 63, (1 << 64) - 1]
UTC = ZoneHistory.single(ZoneInfo("UTC"))
joins = st.dictionaries(st.sampled_from([*MEMBERS, 4]), st.integers(FIRST - 2, FIRST + 10), max_size=6)


def did_after(did: list[Did], member: int, joined: int, days: range, *what: int) -> int:
    """In how many hours of the days after joining."""
    return sum(d.member == member and d.what in what and d.day - joined in days for d in did)


@given(joins, done)
def test_first_day_and_first_week(joined: dict[int, int], did: list[Did]) -> None:
    found = first_days(
        arrivals({who: day * 86_400_000 for who, day in joined.items()}, UTC), spans_of(dated(did))
    )
    assert set(found) == set(joined.values())
    for day, steps in found.items():
        new = [who for who, joined_on in joined.items() if joined_on == day]
        spoke = [did_after(did, who, day, range(1), SPEAKS) for who in new]
        wrote = [7 * did_after(did, who, day, range(1), WRITES) for who in new]
        week = [did_after(did, who, day, range(7), WRITES, SPEAKS) for who in new]
        both = list(zip(wrote, spoke, strict=True))
        assert steps == FirstDays(
            sum(bool(w or s) for w, s in both), sum(w >= 3 or s > 0 for w, s in both), sum(map(bool, week))
        )


@given(joins, done)
def test_who_came_back_in_each_window(joined: dict[int, int], did: list[Did]) -> None:
    windows = [range(7), range(1, 31), range(7, 14)]
    who = arrivals({member: day * 86_400_000 + 5 for member, day in joined.items()}, UTC)
    found = came_back(who, spans_of(dated(did)), windows)
    assert found.shape == (len(joined), 3)
    for member, row in zip(who.members.tolist(), found.tolist(), strict=True):
        assert row == [bool(did_after(did, member, joined[member], window, *ACTIVE)) for window in windows]
