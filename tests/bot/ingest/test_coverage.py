"""Coverage against a naive model that remembers every id."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.ingest.coverage import (
    RECENT_LIMIT,
    RECENT_MS,
    Coverage,
    Range,
    admit_live,
    admit_page,
    begin_session,
)

SECOND = 1000 << 22


def counted_ids(coverage: Coverage, universe: range) -> set[int]:
    """Which ids of a universe the coverage holds for counted or not to be counted any more."""
    open_ids = {
        i
        for span in coverage.uncounted
        for i in universe
        if span.after < i < span.before and i not in span.counted
    }
    above = {i for i in universe if i > coverage.floor and i not in coverage.recent}
    return set(universe) - open_ids - above


def test_the_first_live_message_opens_a_range_over_all_that_was_before() -> None:
    coverage = Coverage()
    assert admit_live(coverage, 1000, session=1)
    assert coverage.uncounted == [Range(0, 1000)]


def test_a_redelivered_message_is_not_counted_again() -> None:
    coverage = Coverage()
    assert admit_live(coverage, 1000, session=1)
    assert not admit_live(coverage, 1000, session=1)
    assert not admit_live(coverage, 1000, session=2)


def test_messages_out_of_order_within_the_minute_count() -> None:
    coverage = Coverage()
    base = 10 * RECENT_MS << 22
    assert admit_live(coverage, base, 1)
    assert admit_live(coverage, base + 2 * SECOND, 1)
    assert admit_live(coverage, base + SECOND, 1)
    assert not admit_live(coverage, base + SECOND, 1)


def test_a_new_session_opens_a_range_a_minute_early_without_the_remembered_ids() -> None:
    coverage = Coverage()
    base = 10 * RECENT_MS << 22
    first, second, third = base, base + 50 * SECOND, base + 100 * SECOND
    assert admit_live(coverage, first, 1)
    assert admit_live(coverage, second, 1)
    assert admit_live(coverage, third, 1)
    later = third + 500 * SECOND
    assert admit_live(coverage, later, 2)
    assert coverage.uncounted[-1] == Range(first, later, [second, third])
    assert not admit_live(coverage, second + 1, 2), "history owns what lies in a range"


def test_memory_of_a_busy_channel_is_bounded() -> None:
    coverage = Coverage()
    for number in range(1, 3 * RECENT_LIMIT):
        assert admit_live(coverage, number, 1)
    assert len(coverage.recent) == RECENT_LIMIT
    assert coverage.floor == 2 * RECENT_LIMIT - 1


def test_a_page_counts_what_ranges_hold_and_cuts_what_it_covers() -> None:
    coverage = Coverage(session=1, floor=99, recent=[100, 120], uncounted=[Range(0, 100, [50])])
    assert admit_page(coverage, [40, 50, 60], covers_from=40) == [True, False, True]
    assert coverage.uncounted == [Range(0, 40), Range(60, 100)]
    assert admit_page(coverage, [40, 50, 60], covers_from=40) == [False, False, False]


def test_a_page_newer_than_all_that_was_live_counts_what_was_missed() -> None:
    coverage = Coverage(session=1, floor=99, recent=[100, 120])
    assert admit_page(coverage, [110, 120, 130], covers_from=110) == [True, False, True]
    assert coverage.uncounted == [Range(99, 110, [100])]
    assert coverage.floor == 130
    assert not coverage.recent
    assert not admit_live(coverage, 130, 2)
    assert admit_live(coverage, 140, 2)
    assert coverage.uncounted[-1] == Range(130, 140)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("live"), st.integers(1, 60)),
        st.tuples(st.just("session"), st.just(0)),
        st.tuples(st.just("page"), st.lists(st.integers(1, 60), min_size=1, unique=True).map(sorted)),
    ),
    max_size=30,
)


@given(steps)
def test_no_id_counts_twice_and_every_range_knows_it(script: list[tuple[str, Any]]) -> None:
    coverage, session = Coverage(), 1
    counted: list[int] = []
    covered: set[int] = set()
    universe = range(1, 61)
    for kind, value in script:
        if kind == "session":
            session += 1
        elif kind == "live":
            if admit_live(coverage, value, session):
                counted.append(value)
        else:
            admitted = admit_page(coverage, value, covers_from=value[0])
            counted += [i for i, yes in zip(value, admitted, strict=True) if yes]
            covered |= set(range(value[0], value[-1] + 1))
            session += 1  # a file is read while nobody listens
        assert len(counted) == len(set(counted))
        settled = counted_ids(coverage, universe)
        assert set(counted) <= settled
        assert settled <= set(counted) | covered, "an id is settled only if it was counted or covered"


def test_single_ids_are_remembered_for_a_minute_and_not_longer() -> None:
    assert RECENT_MS == 60_000
    coverage, base = Coverage(), 10 * RECENT_MS << 22
    edge = base + (RECENT_MS << 22)
    assert admit_live(coverage, base, 1)
    assert admit_live(coverage, edge, 1)
    assert (coverage.floor, coverage.recent) == (base - 1, [base, edge])
    assert admit_live(coverage, edge + 1, 1)
    assert (coverage.floor, coverage.recent) == (base, [edge, edge + 1])
    assert not admit_live(coverage, base, 1), "what is settled is no news"
    assert admit_live(coverage, base + 1, 1), "what comes late within the minute is"


def test_the_last_five_hundred_ids_are_remembered_and_no_more() -> None:
    assert RECENT_LIMIT == 500
    coverage, first = Coverage(), 10
    ids = range(first, first + 2 * RECENT_LIMIT, 2)
    assert all(admit_live(coverage, each, 1) for each in ids)
    assert (coverage.floor, len(coverage.recent)) == (first - 1, RECENT_LIMIT)
    assert admit_live(coverage, first + 1, 1)
    assert (coverage.floor, len(coverage.recent)) == (first, RECENT_LIMIT), "the least is forgotten"
    assert not admit_live(coverage, first, 1)
    assert not admit_live(coverage, first + 1, 1)
    assert coverage.uncounted == [Range(0, first)]


def test_one_that_comes_late_below_a_full_memory_settles_itself() -> None:
    coverage = Coverage()
    assert all(admit_live(coverage, each, 1) for each in range(10, 10 + 2 * RECENT_LIMIT, 2))
    coverage.floor = 5
    assert admit_live(coverage, 7, 1)
    assert (coverage.floor, coverage.recent[0]) == (7, 10)


def test_between_neighbours_nothing_was_missed() -> None:
    coverage = Coverage(session=1, floor=99)
    assert admit_live(coverage, 100, 2)
    assert coverage.uncounted == []
    gap = Coverage(session=1, floor=99)
    assert admit_live(gap, 101, 2)
    assert gap.uncounted == [Range(99, 101)]


def test_a_session_that_begins_with_nothing_new_opens_nothing() -> None:
    for newest, ranges in ((99, []), (100, [Range(99, 101)])):
        coverage = Coverage(session=1, floor=99)
        begin_session(coverage, newest, 2)
        assert coverage.uncounted == ranges
        assert (coverage.session, coverage.floor) == (2, newest)
        begin_session(coverage, 500, 2)
        assert coverage.floor == newest, "it has begun already"


def test_a_range_without_an_id_between_its_bounds_is_empty() -> None:
    assert Range(5, 6).empty
    assert not Range(5, 7).empty
