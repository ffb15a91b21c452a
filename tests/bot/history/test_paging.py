"""What is asked for next, and what an answer covers, at the edges."""

from __future__ import annotations

import pytest

from bot.history.source import PAGE_SIZE, Page, Place
from bot.history.worker import _filling, _next_page
from bot.ingest.coverage import Coverage, Range
from bot.ingest.pages import HistoryPage, Standing, admit
from tests.bot.history.test_exactly_once import sent

KEY = (7, 5)


def page_of(ids: range) -> Page:
    return Page([sent(i) for i in reversed(ids)], len(ids), min(ids, default=0), max(ids, default=0))


def place(latest: int | None) -> Place:
    return Place(*KEY, latest=latest)


def test_discord_gives_a_hundred_messages_a_call() -> None:
    assert PAGE_SIZE == 100


@pytest.mark.parametrize(("size", "is_last"), [(0, True), (99, True), (100, False)])
def test_a_page_that_is_not_full_is_the_last(size: int, *, is_last: bool) -> None:
    assert page_of(range(1_000, 1_000 + size)).is_last == is_last


def test_a_full_page_covers_from_its_oldest_message_on_and_the_last_one_everything() -> None:
    full, rest = page_of(range(1_000, 1_100)), page_of(range(1_000, 1_099))
    assert (_filling(KEY, full, 1_100, 1).after, _filling(KEY, full, 1_100, 1).before) == (999, 1_100)
    assert (_filling(KEY, rest, 1_100, 1).after, _filling(KEY, rest, 1_100, 1).before) == (0, 1_100)
    newest = _filling(KEY, full, 0, 1)
    assert (newest.after, newest.before) == (999, 1_100), "nothing beyond its newest message is covered"
    assert newest.begins is not None
    assert (newest.begins.session, newest.begins.newest) == (1, 1_099)


@pytest.mark.parametrize(("latest", "asked"), [(None, None), (99, None), (100, None), (101, 0)])
def test_the_newest_page_is_asked_for_only_if_there_is_something_new(
    latest: int | None, asked: int | None
) -> None:
    assert _next_page(Standing(session=1, floor=100, ranges=()), place(latest), session=2) == asked
    assert _next_page(Standing(session=2, floor=100, ranges=()), place(latest), session=2) is None


def test_ranges_are_read_from_the_newest_message_down() -> None:
    standing = Standing(session=2, floor=100, ranges=((60, 90), (10, 30)))
    assert _next_page(standing, place(100), session=2) == 90
    assert _next_page(standing, place(101), session=1) == 0, "what a new session missed comes first"


def test_a_page_leaves_open_what_lies_on_its_bounds() -> None:
    coverage = Coverage(session=1, floor=99, uncounted=[Range(0, 100)])
    page = HistoryPage(KEY, [sent(49), sent(11)], after=10, before=50)
    assert [each.id for each in admit(coverage, page)] == [49, 11]
    assert coverage.uncounted == [Range(0, 11), Range(49, 100)]
    wider = HistoryPage(KEY, [sent(50), sent(49), sent(11), sent(10)], after=9, before=51)
    assert [each.id for each in admit(coverage, wider)] == [50, 10]
    assert coverage.uncounted == [Range(0, 10), Range(50, 100)]


def test_a_channel_that_was_read_to_its_end_has_nothing_open() -> None:
    coverage = Coverage()
    assert len(admit(coverage, _filling(KEY, page_of(range(60, 62)), 0, 1))) == 2
    assert coverage.uncounted == []
    assert (coverage.floor, coverage.session) == (61, 1)
    assert _next_page(Standing(1, 61, ()), place(61), session=2) is None
