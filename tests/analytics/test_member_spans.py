"""A packed month gives the figures that its days give, and a span holds what a plain look at them says."""

from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.arrivals import arrivals, came_back, first_days
from analytics.categories import BEFORE, CONNECTED, Weeks
from analytics.day_columns import DatedMembers
from analytics.local_time import ZoneHistory, date_of, day_of
from analytics.member_activity import MemberActivity, member_activity, messages_by_day, values_of
from analytics.member_spans import (
    MANY,
    MemberSpan,
    SpanPart,
    first_day,
    joined,
    month_columns,
    month_pack,
    only_members,
    span_of_day,
    span_of_month,
)
from analytics.months import month_of, whole_months
from analytics.participation import daily_active, participation, reach
from analytics.stays import Join
from tests.analytics.test_day_columns import hours, member_slice
from tests.support.slices import members_of_slices, spans_of

FIRST = 20_454  # the first of a month
MONTHS = (month_of(FIRST), month_of(FIRST + 31))
DAYS = range(FIRST - 3, MONTHS[1].stop + 3)
WHO = (1, 2, 3, 1 << 63, (1 << 64) - 1)
FEW = settings(max_examples=60, deadline=None)

much = member_slice() | st.builds(
    lambda each, by_hour: {**each, "hours": by_hour}, member_slice(), hours(400)
)
lived = st.dictionaries(
    st.sampled_from(DAYS), st.dictionaries(st.sampled_from(WHO), much, max_size=4), max_size=12
)
members = st.sets(st.sampled_from(WHO))
History = dict[int, dict[int, dict[str, Any]]]


def dated(history: History) -> list[DatedMembers]:
    return [DatedMembers(day, members_of_slices(history[day].items())) for day in sorted(history)]


def through_months(days: list[DatedMembers], *parts: SpanPart) -> list[MemberSpan]:
    """The same days, those of whole months packed and read again."""
    columns = month_columns(parts or tuple(SpanPart))
    packed = []
    for month in MONTHS:
        pack = month_pack(joined([each for each in days if each.day in month], month))
        packed.append(span_of_month(month, {name: pack[name] for name in columns}))
    loose = [each for each in days if not any(each.day in month for month in MONTHS)]
    return [*packed, *spans_of(loose)]


def rows(activity: MemberActivity) -> dict[str, dict[int, float]]:
    return {by: values_of(activity, by) for by in ("days", "messages", "voice_ms", "given", "received")}  # type: ignore[arg-type, misc] - a row each


@FEW
@given(lived, members)
def test_figures_are_the_same_with_months_and_without(history: History, kept: set[int]) -> None:
    days = dated(history)
    one, two = spans_of(days), through_months(days)
    for some, others in (
        (one, two),
        *[[only_members(each, np.array(sorted(kept), "<u8")) for each in (one, two)]],
    ):
        assert participation(some) == participation(others)
        assert {day: n for day, n in daily_active(some).items() if n} == {
            day: n for day, n in daily_active(others).items() if n
        }
        for end in (MONTHS[1].stop, MONTHS[0].stop, FIRST + 10):
            assert reach(some, end) == reach(others, end)
        assert rows(member_activity(some)) == rows(member_activity(others))
        for who in WHO:
            by_day = [Counter(messages_by_day(each, who)) for each in (some, others)]
            assert +by_day[0] == +by_day[1]
        assert first_day(some) == first_day(others) or not kept


@FEW
@given(lived, st.lists(st.tuples(st.sampled_from([*WHO, 4]), st.sampled_from(DAYS)), max_size=5))
def test_newcomers_are_the_same_with_months_and_without(
    history: History, joins: list[tuple[int, int]]
) -> None:
    days = dated(history)
    who = arrivals([Join(member, day * 86_400_000) for member, day in joins], ZoneHistory.single(UTC))
    windows = [range(1, 31), range(7, 14), range(31, 61)]
    by_part = through_months(days, SpanPart.DAILY, SpanPart.SPOKE)
    assert first_days(who, spans_of(days)) == first_days(who, by_part)
    by_part = through_months(days, SpanPart.PRESENCE)
    assert came_back(who, spans_of(days), windows).tolist() == came_back(who, by_part, windows).tolist()


UTC = ZoneInfo("UTC")


@FEW
@given(lived)
def test_categories_are_the_same_with_months_and_without(history: History) -> None:
    days = dated(history)
    for end in (DAYS.stop, MONTHS[1].stop - 3):
        one, two = (
            Weeks.of(spans, end, BEFORE + 2, {}, FIRST - 90).told([9, 9])
            for spans in (spans_of(days), through_months(days, SpanPart.INTERACTIONS))
        )
        assert one == two
    assert CONNECTED <= MANY, "what a packed month keeps of a day is enough to tell"


@FEW
@given(lived)
def test_a_month_holds_what_a_plain_look_says(history: History) -> None:
    month = MONTHS[0]
    span = joined([each for each in dated(history) if each.day in month], month)
    here = {day: who for day, who in history.items() if day in month}
    assert span.members.tolist() == sorted(span.members.tolist())
    for row, who in enumerate(span.members.tolist()):
        mine = {day: each[who] for day, each in here.items() if who in each}
        wrote = sum(1 << (day - month.start) for day, each in mine.items() if each["hours"])
        spoke = sum(
            1 << (day - month.start)
            for day, each in mine.items()
            if each["voice"]["ms"] > each["voice"]["afkMs"]
        )
        reacted = sum(
            1 << (day - month.start)
            for day, each in mine.items()
            if any(number > 0 for number in each["reactionHours"].values())
        )
        assert (span.wrote[row], span.spoke[row], span.reacted[row]) == (wrote, spoke, reacted)
        assert span.messages[row] == sum(sum(each["hours"].values()) for each in mine.values())
        assert span.received[row] == sum(each["reactionsReceived"] for each in mine.values())
        assert span.given[row] == sum(each["reactionsGiven"] for each in mine.values())
    for day, there, numbers in span.messages_by_day():
        told = dict(zip(span.members[there].tolist(), numbers.tolist(), strict=True))
        assert told == {
            who: sum(each["hours"].values()) for who, each in here.get(day, {}).items() if each["hours"]
        }


@FEW
@given(lived)
def test_a_month_that_is_packed_and_read_is_the_same(history: History) -> None:
    span = joined([each for each in dated(history) if each.day in MONTHS[0]], MONTHS[0])
    again = span_of_month(MONTHS[0], month_pack(span))
    for name in ("members", "there", "wrote", "spoke", "reacted", "messages", "voice", "given", "daily"):
        assert getattr(again, name).tolist() == getattr(span, name).tolist()
    assert again.interactions.tolist() == np.minimum(span.interactions, MANY).tolist()
    assert month_pack(again) == month_pack(span)


@given(st.integers(0, 40_000), st.integers(0, 400))
def test_whole_months(first: int, length: int) -> None:
    days = range(first, first + length)
    found = whole_months(days)
    whole = {month_of(day) for day in days if set(month_of(day)) <= set(days)}
    assert set(found) == whole
    assert all(date_of(month.start).day == 1 for month in found)
    assert all(date_of(month.stop).day == 1 for month in found)


def test_a_day_is_a_span_of_one_bit() -> None:
    day = day_of(date_of(FIRST))
    span = span_of_day(DatedMembers(day, members_of_slices([(5, {"hours": {"3": 300}})])))
    assert span.of_days(range(day, day + 1)) == 1
    assert span.of_days(range(day + 1, day + 9)) == 0
    assert span.of_days(range(day - 9, day + 9)) == 1
    assert [(on, there.tolist(), n.tolist()) for on, there, n in span.messages_by_day()] == [
        (day, [0], [300])
    ]
