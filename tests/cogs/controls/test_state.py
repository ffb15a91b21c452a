"""A control's state survives its `custom_id`; nothing else passes for one."""

from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.timeframes import (
    EARLIEST,
    MAX_DAYS,
    MAX_HOURS,
    PRESETS,
    AllTime,
    Between,
    Recent,
    Timeframe,
)
from bot.views.registry import VIEWS
from cogs.access import SEEN_BY
from cogs.controls.state import (
    MAX_LENGTH,
    MAX_NUMBERS,
    Action,
    OutdatedControlError,
    ViewState,
    action_of,
    decode,
    encode,
    is_ours,
)

ranges = st.builds(
    lambda first, length: Between(first, first + timedelta(days=length)),
    st.dates(EARLIEST, date(2160, 1, 1)),
    st.integers(0, MAX_DAYS - 1),
)
timeframes: st.SearchStrategy[Timeframe] = st.one_of(
    st.sampled_from([preset for preset, _ in PRESETS]),
    st.builds(Recent, st.integers(1, MAX_HOURS), st.just("h")),
    st.builds(Recent, st.integers(1, MAX_DAYS), st.just("d")),
    ranges,
)
states = st.builds(
    ViewState,
    st.sampled_from(sorted(VIEWS)),
    timeframes,
    st.integers(0, 2**64 - 1),
    st.lists(st.integers(0, 2**64 - 1), max_size=4).map(tuple),
    st.lists(st.integers(0, 2**64 - 1), max_size=MAX_NUMBERS - 5).map(tuple),
    st.integers(0, 255),
    st.booleans(),
)
beside = st.builds(
    lambda state, servers: replace(state, roles=(), servers=servers),
    states,
    st.lists(st.integers(0, 2**64 - 1), max_size=MAX_NUMBERS - 5).map(tuple),
)
states = st.one_of(states, beside)
actions = st.sampled_from(Action)
MOST = 2**64 - 1
FULL = ViewState(
    "overview", Between(date(2160, 1, 1), date(2170, 1, 1)), MOST, (MOST,) * 4, (MOST,) * 3, 255, table=True
)


@given(actions, states)
@example(Action.CUSTOM_RANGE, FULL)
def test_a_state_comes_back_from_an_id_that_discord_takes(action: Action, state: ViewState) -> None:
    custom_id = encode(action, state)

    assert 1 <= len(custom_id) <= MAX_LENGTH
    assert custom_id.isascii()
    assert is_ours(custom_id)
    assert decode(custom_id) == (action, state)


def test_a_full_state_uses_all_the_room() -> None:
    assert len(encode(Action.TIMEFRAME, FULL)) == MAX_LENGTH


@given(actions, states, actions, states)
def test_different_states_have_different_ids(
    one: Action, first: ViewState, other: Action, second: ViewState
) -> None:
    assert (encode(one, first) == encode(other, second)) == ((one, first) == (other, second))


def _is_refused(custom_id: str) -> bool:
    try:
        read = decode(custom_id)
    except OutdatedControlError:
        return True
    assert encode(*read) == custom_id
    return False


@given(st.text(max_size=120))
@example("")
@example("ss")
@example("ss2")
@example("ss2t")
@example("ss2t\n")
@example("ss2tÄÖÜ")
def test_garbage_is_refused(text: str) -> None:
    assert _is_refused(text)


@given(actions, st.text("AQHg_-09zZ=\n +/", max_size=100))
def test_garbage_behind_a_good_prefix_is_refused_or_canonical(action: Action, payload: str) -> None:
    _is_refused(f"ss2{action.value}{payload}")


@given(actions, st.binary(max_size=80))
def test_any_bytes_are_refused_or_canonical(action: Action, packed: bytes) -> None:
    _is_refused(f"ss2{action.value}" + urlsafe_b64encode(packed).decode().rstrip("="))


@given(actions, states, st.data())
def test_a_damaged_id_is_refused_or_means_something_else(
    action: Action, state: ViewState, data: st.DataObject
) -> None:
    custom_id = encode(action, state)
    at = data.draw(st.integers(0, len(custom_id) - 1))
    mark = data.draw(st.characters().filter(lambda mark: mark != custom_id[at]))
    damaged = custom_id[:at] + mark + custom_id[at + 1 :]

    try:
        read = decode(damaged)
    except OutdatedControlError:
        return
    assert read != (action, state)


def test_the_last_bits_have_one_spelling() -> None:
    custom_id = encode(Action.REFRESH, ViewState("overview", AllTime()))
    assert custom_id.endswith("A")
    assert _is_refused(custom_id[:-1] + "B")


def test_another_version_is_ours_but_no_action() -> None:
    custom_id = encode(Action.REFRESH, ViewState("overview", AllTime())).replace("ss2", "ss1", 1)
    assert is_ours(custom_id)
    assert action_of(custom_id) is None
    assert _is_refused(custom_id)


@pytest.mark.parametrize(
    "state",
    [
        ViewState("overview", AllTime(), channels=(1,) * (MAX_NUMBERS + 1)),
        ViewState("overview", AllTime(), subject=2**64),
        ViewState("overview", AllTime(), page=256),
        ViewState("overview", AllTime(), page=-1),
        ViewState("overview", Between(date(1989, 1, 1), date(1990, 1, 1))),
        ViewState("overview", Recent(70_000, "d")),
    ],
)
def test_what_does_not_fit_is_not_written(state: ViewState) -> None:
    with pytest.raises(ValueError, match=r"at most|out of bounds"):
        encode(Action.REFRESH, state)


def test_every_view_has_a_code_of_its_own_and_a_rule_of_access() -> None:
    codes = [view.code for view in VIEWS.values()]
    assert len(set(codes)) == len(codes)
    assert all(0 < code < 256 for code in codes)
    assert set(VIEWS) == set(SEEN_BY)


@pytest.mark.parametrize(
    ("custom_id", "timeframe"),
    [
        ("ss2tAQEAGAAAAAA", Recent(24, "h")),
        ("ss2tAQIAHAAAAAA", Recent(28, "d")),
        ("ss2tAQIAHgAAAAA", Recent(30, "d")),
        ("ss2tAQQAAAAAAAA", AllTime()),
        ("ss2tAQMzmAAeAAA", Between(date(2026, 3, 1), date(2026, 3, 31))),
    ],
)
def test_controls_that_were_sent_go_on_working(custom_id: str, timeframe: Timeframe) -> None:
    assert decode(custom_id) == (Action.TIMEFRAME, ViewState("overview", timeframe))
