"""A day as columns, against plain dictionaries of the same slices."""

from collections import Counter
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.channel_days import add_channels, channels_of_slices
from analytics.day_columns import (
    CHANNEL_SUMS,
    UNKNOWN_HOUR,
    ChannelDayColumns,
    MemberDayColumns,
    MemberHours,
    MemberPart,
)
from analytics.day_packs import channel_pack, channels_of_pack, member_pack, members_of_pack
from analytics.member_days import add_members, members_within
from schemas.day_packs import PACK_FORM
from tests.support.slices import members_of_slices, slice_within

Columns = MemberDayColumns | ChannelDayColumns | MemberHours
FEW = settings(max_examples=50, deadline=None)
IDS = st.sampled_from([1, 2, 3, 1 << 63, (1 << 64) - 1])
HOUR = st.sampled_from(["0", "5", "23"])
HOURS = frozenset(("messagesBy", "voiceAt", "voiceBy"))


def hours(most: int, least: int = 1) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(HOUR, st.integers(least, most).filter(bool), max_size=3)


@st.composite
def member_slice(draw: st.DrawFn) -> dict[str, Any]:
    voice, afk, given = draw(hours(9_000)), draw(st.sets(HOUR)), draw(hours(4, -4))
    in_afk = {hour: draw(st.integers(1, ms)) for hour, ms in voice.items() if hour in afk}
    return {
        "hours": draw(hours(5)),
        "voice": {
            "ms": sum(voice.values()),
            "hours": voice,
            "afkMs": sum(in_afk.values()),
            "afkHours": in_afk,
        },
        "reactionsGiven": sum(given.values()),
        "reactionHours": given,
        "reactionsReceived": draw(st.integers(-3, 3)),
    }


@st.composite
def channel_slice(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "hours": draw(hours(5)),
        "voice": {"hours": draw(hours(1 << 40))},
        "reactions": draw(st.integers(-3, 3)),
        **{name: draw(st.integers(0, 4)) for name in CHANNEL_SUMS},
        **draw(st.just({}) | sentiment().map(lambda sums: {"sentiment": sums})),
    }


def sentiment() -> st.SearchStrategy[dict[str, int]]:
    """Sums of a channel in which somebody looked; what is 0 is not stored."""
    sums = dict.fromkeys(("scored", "positive", "negative"), st.integers(1, 3))
    return st.fixed_dictionaries(
        {"lookedAt": st.integers(1, 5)}, optional={**sums, "hundredths": st.integers(-300, 300)}
    )


members = st.dictionaries(IDS, member_slice(), max_size=5)
channels = st.dictionaries(IDS, channel_slice(), max_size=5)


def same(one: Columns, other: Columns) -> bool:
    pairs = [(getattr(one, f.name), getattr(other, f.name)) for f in fields(one)]
    return all(np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in pairs)


def same_members(one: MemberDayColumns, other: MemberDayColumns) -> bool:
    hours = [columns.by_hour for columns in (one, other)]
    if None in hours:
        return hours == [None, None] and same(one, other)
    return same(replace(one, by_hour=None), replace(other, by_hour=None)) and same(*hours)


def total(a: Any, b: Any) -> Any:  # noqa: ANN401 - two stored values of any kind
    if not isinstance(a, dict):
        return a + b
    shared = {key: total(a[key], b[key]) for key in a.keys() & b.keys()}
    summed = {**a, **b, **shared}
    return {key: value for key, value in summed.items() if value or not key.isdecimal()}


@FEW
@given(members)
def test_columns_say_what_the_slices_say(slices: dict[int, dict[str, Any]]) -> None:
    columns = members_of_slices(slices.items())
    assert set(columns.wrote.tolist()) == {who for who, s in slices.items() if s["hours"]}
    assert dict(zip(columns.members.tolist(), columns.given.tolist(), strict=True)) == {
        who: s["reactionsGiven"] for who, s in slices.items() if who in columns.members
    }
    masks = dict(zip(columns.members.tolist(), columns.active_hours.tolist(), strict=True))
    for who, stored in slices.items():
        voice = Counter(stored["voice"]["hours"])
        voice.subtract(stored["voice"]["afkHours"])
        given_in = {h for h, n in stored["reactionHours"].items() if n > 0}
        there = {int(h) for h in stored["hours"].keys() | {h for h, n in voice.items() if n} | given_in}
        assert masks.get(who, 0) == sum(1 << hour for hour in there)


@FEW
@given(members, channels)
def test_a_pack_is_read_as_it_was_made(m: dict[int, dict[str, Any]], c: dict[int, dict[str, Any]]) -> None:
    of_members, of_channels = members_of_slices(m.items()), channels_of_slices(c.items())
    assert same_members(members_of_pack(member_pack(of_members)), of_members)
    assert same(channels_of_pack(channel_pack(of_channels)), of_channels)


@FEW
@given(members, members)
def test_members_of_two_parts_of_a_day_add_up(
    one: dict[int, dict[str, Any]], two: dict[int, dict[str, Any]]
) -> None:
    both = total(one, two)
    summed = add_members(members_of_slices(one.items()), members_of_slices(two.items()))
    assert same_members(summed, members_of_slices(both.items()))


@FEW
@given(channels, channels)
def test_channels_of_two_parts_of_a_day_add_up(
    one: dict[int, dict[str, Any]], two: dict[int, dict[str, Any]]
) -> None:
    both = total(one, two)
    summed = add_channels(channels_of_slices(one.items()), channels_of_slices(two.items()))
    assert same(summed, channels_of_slices(both.items()))


def test_hours_that_version_0_1_did_not_keep_are_unknown() -> None:
    old = {"hours": {}, "voice": {"ms": 9, "afkMs": 4, "hours": {"3": 9}}, "reactionsGiven": 2}
    columns = members_of_slices([(7, old)])
    assert columns.active.tolist() == [7]
    assert columns.active_hours.tolist() == [1 << 31]
    assert columns.given.tolist() == [2]


@st.composite
def any_slice(draw: st.DrawFn) -> dict[str, Any]:
    """As a version has stored it: fields that nothing was added to are missing, some hours were not kept."""
    stored = draw(member_slice())
    if draw(st.booleans()):
        stored["reactionHours"] = {}
    if draw(st.booleans()):
        stored["voice"]["afkHours"] = {}
    for name in draw(st.sets(st.sampled_from(("voice", "reactionsGiven", "reactionsReceived")))):
        del stored[name]
    if "reactionsGiven" not in stored:
        del stored["reactionHours"]
    return stored


all_hours = st.builds(range, st.integers(0, 23), st.integers(1, 24)).filter(len)


@given(st.dictionaries(IDS, any_slice(), max_size=5), all_hours)
def test_a_day_that_is_cut_is_as_if_every_member_was_cut_alone(
    slices: dict[int, dict[str, Any]], hours: range
) -> None:
    expected = {who: cut_alone(stored, hours) for who, stored in slices.items()}
    whole = members_of_slices(slices.items())
    for columns in (whole, members_of_pack(member_pack(whole))):
        cut = members_within(columns, hours)
        assert rows(cut) == {who: row for who, row in expected.items() if any(row)}
        again = members_of_slices((who, slice_within(stored, hours)) for who, stored in slices.items())
        assert same_members(cut, again)


def rows(columns: MemberDayColumns) -> dict[int, tuple[Any, ...]]:
    """Each member's figures: messages, hours, voice, its hours, received, given, hours with a reaction."""
    by_row: dict[int, dict[int, int]] = {}
    for at, number in zip(columns.given_at.tolist(), columns.given_by.tolist(), strict=True):
        by_row.setdefault(at // 32, {})[at % 32] = number
    return {
        who: (
            *(
                getattr(columns, name)[row].item()
                for name in ("messages", "hours", "voice", "voice_hours", "received")
            ),
            columns.given[row].item(),
            tuple(by_row.get(row, {}).items()),
        )
        for row, who in enumerate(columns.members.tolist())
    }


def cut_alone(stored: dict[str, Any], hours: range) -> tuple[Any, ...]:
    """The same of one document, by plain loops."""
    voice, given_in = stored.get("voice", {}), stored.get("reactionHours", {})
    spent, afk = voice.get("hours", {}), voice.get("afkHours", {})
    names = [str(hour) for hour in hours]
    spoke = {name: spent.get(name, 0) - afk.get(name, 0) for name in names}
    given_by = tuple((int(name), given_in[name]) for name in names if given_in.get(name, 0))
    return (
        sum(stored["hours"].get(name, 0) for name in names),
        sum(1 << int(name) for name in names if stored["hours"].get(name, 0)),
        sum(spoke.values()),
        sum(1 << int(name) for name in names if spoke[name]),
        stored.get("reactionsReceived", 0),
        sum(number for _, number in given_by),
        given_by,
    )


@given(members, members)
def test_hours_are_known_of_a_sum_where_they_are_of_both(
    one: dict[int, dict[str, Any]], two: dict[int, dict[str, Any]]
) -> None:
    of_one, of_two = members_of_slices(one.items()), members_of_slices(two.items())
    form_2 = {name: part for name, part in member_pack(of_one).items() if name not in HOURS}
    summed = add_members(members_of_pack({**form_2, "form": PACK_FORM}), of_two)
    assert summed.by_hour is None
    assert same(summed, replace(add_members(of_one, of_two), by_hour=None))
    stored = member_pack(summed)
    assert stored["form"] == PACK_FORM
    assert not HOURS & stored.keys()
    with pytest.raises(ValueError, match="hours of this day"):
        members_within(members_of_pack(stored), range(3))


@FEW
@given(members, st.sets(st.sampled_from(MemberPart), min_size=1))
def test_what_is_not_read_of_a_pack_is_as_of_nothing(
    slices: dict[int, dict[str, Any]], parts: set[MemberPart]
) -> None:
    whole = members_of_slices(slices.items())
    read = {name for part in parts for name in part.value}
    some = members_of_pack({name: part for name, part in member_pack(whole).items() if name in read})
    everybody = "others" in read
    rows = len(whole.members) if everybody else whole.writers
    assert some.members.tolist() == whole.members[:rows].tolist()
    columns = {"messages": "messages", "hours": "hours", "voice": "voice", "voiceHours": "voice_hours"}
    for stored, name in {**columns, "received": "received"}.items():
        expected = getattr(whole, name)[:rows] if stored in read else np.zeros(rows)
        if stored == "hours" and stored not in read:
            expected[: whole.writers] = 1 << UNKNOWN_HOUR
        assert getattr(some, name).tolist() == expected.tolist()
    assert some.given_by.tolist() == (whole.given_by.tolist() if "givenBy" in read else [])


def test_a_pack_of_before_there_was_sentiment_says_that_nobody_looked() -> None:
    pack = channel_pack(channels_of_slices([(7, {"hours": {"3": 2}, "reactions": 1})]))
    old = {name: column for name, column in pack.items() if not name.startswith("sentiment")}
    columns = channels_of_pack(old)
    assert columns.sentiment_channels.tolist() == []
    assert columns.sentiment.shape == (0, 5)
    assert same(columns, channels_of_pack(pack))
