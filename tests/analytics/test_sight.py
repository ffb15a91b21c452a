"""Channels under numbers: nothing of what is not seen is left but its amounts."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.day_columns import ChannelDayColumns
from analytics.day_counts import ChannelDayHours, messages, totals, voice
from analytics.packs import ChannelColumns, totals_by_id
from analytics.sight import EVERYTHING, NOTHING, Sight, Veil, counted_only, is_unseen, not_shown, seen
from schemas.results.board import NotShown

ids = st.integers(1, 2**63 - 1)
amounts = st.dictionaries(ids, st.integers(1, 2**20), max_size=12)
HOURS = range(24)


def a_day(day: int, amounts: dict[int, int]) -> ChannelDayHours:
    """A day on which each channel has the same of everything, in one hour."""
    channels = np.array(sorted(amounts), "<u8")
    by_hour = np.zeros((len(channels), 24), "<u4")
    by_hour[:, 9] = [amounts[channel] for channel in channels.tolist()]
    return ChannelDayHours(
        0,
        day,
        HOURS,
        ChannelDayColumns(
            channels=channels,
            messages=by_hour,
            voice_channels=channels,
            voice=by_hour.astype("<u8"),
            reacted_channels=channels,
            reactions=by_hour[:, 9].astype("<i4"),
            sentiment_channels=channels,
            sentiment=np.zeros((len(channels), 5), "<i4"),
        ),
    )


def columns_of(day: ChannelDayHours) -> list[list[int]]:
    columns = day.columns
    every = (columns.channels, columns.voice_channels, columns.reacted_channels, columns.sentiment_channels)
    return [column.tolist() for column in every]


@given(st.lists(amounts, max_size=4), st.frozensets(ids, max_size=6), st.data())
def test_what_is_not_seen_keeps_its_amounts_and_nothing_else(
    days: list[dict[int, int]], others: frozenset[int], data: st.DataObject
) -> None:
    there = {channel for day in days for channel in day}
    shown = others | data.draw(st.frozensets(st.sampled_from(sorted(there)))) if there else others
    veil = Veil(Sight(frozenset(shown)))
    before = [a_day(number, day) for number, day in enumerate(days)]

    after = veil.days(before)

    for what in (messages, voice):
        real, veiled = totals(before, what), totals(after, what)
        assert seen(veiled) == {channel: real[channel] for channel in real if channel in shown}
        assert sorted(veiled.values()) == sorted(real.values()), "each channel stays one"
        assert {veil.channel(number): amount for number, amount in veiled.items()} == real
        left_out = [amount for channel, amount in real.items() if channel not in shown]
        expected = NotShown(len(left_out), sum(left_out)) if left_out else None
        assert not_shown(veiled) == expected
        assert counted_only(veiled) == (NotShown(len(left_out)) if left_out else None)
    for day, real_day in zip(after, before, strict=True):
        for column in columns_of(day):
            assert {channel for channel in column if not is_unseen(channel)} <= shown
        assert (day.day, day.hours) == (real_day.day, real_day.hours)
        assert len({tuple(column) for column in columns_of(day)}) == 1, "one number in all columns"


@given(amounts, st.frozensets(ids, max_size=6))
def test_messages_of_a_period_too(day: dict[int, int], shown: frozenset[int]) -> None:
    channels = np.array(sorted(day), "<u8")
    sent = np.array([day[channel] for channel in sorted(day)], "<u4")
    (veiled,) = Veil(Sight(shown)).written([ChannelColumns(0, 1, channels, sent, np.zeros(24, "<u4"))])
    sums = totals_by_id([veiled.channels], [veiled.messages])
    assert sum(sums.values()) == sum(day.values())
    assert seen(sums) == {channel: count for channel, count in day.items() if channel in shown}


@given(amounts)
def test_who_sees_everything_has_all_ids_and_who_sees_nothing_none(day: dict[int, int]) -> None:
    real = a_day(1, day)
    assert columns_of(Veil(EVERYTHING).days([real])[0]) == columns_of(real)
    assert all(map(is_unseen, Veil(NOTHING).days([real])[0].columns.channels.tolist()))
    assert Veil(EVERYTHING).names(dict.fromkeys(day, "x")) == dict.fromkeys(day, "x")
    assert Veil(NOTHING).names(dict.fromkeys(day, "x")) == {}


@given(st.lists(ids, min_size=2, unique=True))
def test_a_number_says_nothing_of_the_channel_but_the_order_in_which_it_came(channels: list[int]) -> None:
    veil = Veil(NOTHING)
    numbers = [veil.number(channel) for channel in channels]
    assert all(later - earlier == 1 for earlier, later in pairwise(numbers))
    assert numbers == [Veil(NOTHING).number(channels[0]) + at for at in range(len(channels))]
    assert [veil.number(channel) for channel in channels] == numbers


def test_the_period_before_is_summed_up_of_all_that_are_not_seen() -> None:
    veil = Veil(Sight(frozenset({1})))
    now, before = veil.keys({1: 10, 2: 20, 3: 5}), veil.keys({1: 4, 2: 8, 4: 3})
    assert not_shown(now, before) == NotShown(2, 25, 11)
    assert not_shown(now, before, divisor=5) == NotShown(2, 5, 11 / 5)
    assert not_shown({1: 10}, before) is None
