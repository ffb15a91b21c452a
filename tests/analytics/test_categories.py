"""Member categories, against a naive reading of the definitions member by member."""

from collections import Counter
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.categories import BEFORE, CONNECTED, HISTORY, LEAST_BEFORE, PERIOD_DAYS, Weeks
from analytics.day_columns import DatedMembers
from schemas.results.categories import Categories
from tests.support.slices import members_of_slices, spans_of

END = 20_000
COUNT = BEFORE + 3
FIRST = END - COUNT * PERIOD_DAYS
MEMBERS = (1, 2, 3, 1 << 63, (1 << 64) - 1)


class Did(NamedTuple):
    """Messages of a member in a week, on one of its days."""

    week: int
    member: int
    day: int
    messages: int


done = st.lists(
    st.builds(
        Did,
        st.integers(0, COUNT - 1),
        st.sampled_from(MEMBERS),
        st.integers(0, 6),
        st.sampled_from([1, 2, CONNECTED // 2, CONNECTED // 2 + 1, CONNECTED - 1, CONNECTED]),
    ),
    max_size=60,
    unique_by=lambda did: (did.week, did.member, did.day),
)
departures = st.dictionaries(st.sampled_from(MEMBERS), st.integers(FIRST, END - 1), max_size=2)


def dated(did: list[Did]) -> list[DatedMembers]:
    found: dict[int, list[tuple[int, dict[str, object]]]] = {}
    for each in did:
        day = FIRST + each.week * PERIOD_DAYS + each.day
        found.setdefault(day, []).append((each.member, {"hours": {"3": each.messages}}))
    return [DatedMembers(day, members_of_slices(rows)) for day, rows in sorted(found.items())]


def naive(did: list[Did], left: dict[int, int], week: int, members: int | None) -> Categories:
    """Straight from the definitions."""
    sums: Counter[tuple[int, int]] = Counter()
    for each in did:
        sums[each.member, each.week] += each.messages
    counts: Counter[str] = Counter()
    for member in {each.member for each in did}:
        if member in left and left[member] < FIRST + (week + 1) * PERIOD_DAYS:
            continue
        counts[category({at: sums[member, at] for at in range(COUNT) if sums[member, at]}, week)] += 1
    del counts["lurker"]
    seen = counts.total()
    lurkers = None if members is None or members < seen else members - seen
    return Categories(**{name: counts[name] for name in NAMES}, lurkers=lurkers)


NAMES = ("vital", "still", "consistent", "newly", "dropped", "disengaged", "occasional")


def category(weeks: dict[int, int], now: int) -> str:
    def newly(week: int) -> bool:
        return week in weeks and not any(week - HISTORY <= before < week for before in weeks)

    def often(these: list[int]) -> bool:
        return len([week for week in these if now - 4 < week <= now]) >= 3

    fits = {
        "vital": often([week for week, number in weeks.items() if number >= CONNECTED]),
        "still": newly(now - 2) and now - 1 in weeks and now in weeks,
        "consistent": often(list(weeks)),
        "newly": newly(now),
        "dropped": (newly(now - 1) or newly(now - 2)) and now not in weeks,
        "disengaged": any(now - HISTORY <= week < now - 1 for week in weeks)
        and now not in weeks
        and now - 1 not in weeks,
        "occasional": now in weeks or now - 1 in weeks,
    }
    return next((name for name in NAMES if fits[name]), "lurker")


@given(done, departures, st.lists(st.none() | st.integers(0, 9), min_size=3, max_size=3))
def test_as_the_definitions_say(did: list[Did], left: dict[int, int], members: list[int | None]) -> None:
    told = Weeks.of(spans_of(dated(did)), END, COUNT, left, FIRST).told(members)

    assert told == tuple(naive(did, left, week, members[week - BEFORE]) for week in range(BEFORE, COUNT))


def of_weeks(*weeks: int, messages: int = 1, now: int = COUNT - 1) -> dict[str, int]:
    """The category of one member who was active so many weeks ago."""
    did = [Did(now - back, 1, 2, messages) for back in weeks]
    told = Weeks.of(spans_of(dated(did)), END, COUNT, {}, FIRST).told([None])[0]
    assert told is not None
    return {name: number for name in NAMES if (number := getattr(told, name))}


@pytest.mark.parametrize(
    ("weeks", "name"),
    [
        ((0,), "newly"),
        ((0, HISTORY + 1), "newly"),
        ((0, HISTORY), "occasional"),
        ((2, 1, 0), "still"),
        ((3, 1, 0), "consistent"),
        ((3, 2, 1), "consistent"),
        ((1,), "dropped"),
        ((2,), "dropped"),
        ((2, 5), "disengaged"),
        ((HISTORY,), "disengaged"),
        ((1, 6), "occasional"),
    ],
)
def test_one_member(weeks: tuple[int, ...], name: str) -> None:
    assert of_weeks(*weeks) == {name: 1}


def test_who_was_active_longest_ago_is_in_none() -> None:
    assert of_weeks(HISTORY + 1) == {}


def test_vital_comes_before_all_else() -> None:
    assert of_weeks(2, 1, 0, messages=CONNECTED) == {"vital": 1}
    assert of_weeks(2, 1, 0, messages=CONNECTED - 1) == {"still": 1}


def test_interactions_are_messages_reactions_and_hours_in_voice() -> None:
    document = {
        "hours": {"3": 10},
        "voice": {"ms": 90, "hours": {"4": 40, "5": 50}},
        "reactionsGiven": 6,
        "reactionHours": {"3": 6},
        "reactionsReceived": 7,
    }
    days = [DatedMembers(END - 1 - 7 * back, members_of_slices([(1, document)])) for back in range(3)]
    (week,) = Weeks.of(spans_of(days), END, COUNT, {}, FIRST).told([None])
    assert week is not None
    assert week.vital == 1, "10 + 6 + 7 + 2 is 25"


def test_too_little_known_is_unknown() -> None:
    """The first known day is the second of a week: that week is not known whole."""
    since = FIRST + (BEFORE - LEAST_BEFORE) * PERIOD_DAYS + 1
    told = Weeks.of(spans_of(dated([Did(COUNT - 1, 1, 0, 1)])), END, COUNT, {}, since).told([5, 5, 5])
    assert [week is None for week in told] == [True, False, False]
    assert Weeks.of([], END, COUNT, {}, None).told([5]) == (None,)
