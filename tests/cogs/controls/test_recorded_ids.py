"""Controls of messages that were sent long ago: each ``custom_id`` recorded here means what it meant.

The ids are literal, written down as the bot made them when it learned the form. One that no longer comes back
is a message in somebody's channel that no longer works: make the new form another version.
"""

from datetime import date

import pytest

from analytics.timeframes import AllTime, Between, Recent, Timeframe
from bot.views.registry import VIEWS
from cogs.controls.state import Action, OutdatedControlError, ViewState, decode, encode, is_ours

MONTH = Recent(30, "d")
CHANNEL = 1456074443980800006

TIMEFRAMES: dict[str, Timeframe] = {
    "ss2rAQEAGAAAAAA": Recent(24, "h"),
    "ss2rAQEAAQAAAAA": Recent(1, "h"),
    "ss2rAQEBUAAAAAA": Recent(336, "h"),
    "ss2rAQIABwAAAAA": Recent(7, "d"),
    "ss2rAQIAHgAAAAA": MONTH,
    "ss2rAQIAWgAAAAA": Recent(90, "d"),
    "ss2rAQIBbQAAAAA": Recent(365, "d"),
    "ss2rAQIOTAAAAAA": Recent(3660, "d"),
    "ss2rAQMzawARAAA": Between(date(2026, 1, 15), date(2026, 2, 1)),
    "ss2rAQMzmAAAAAA": Between(date(2026, 3, 1), date(2026, 3, 1)),
    "ss2rAQMAAAAAAAA": Between(date(1990, 1, 1), date(1990, 1, 1)),
    "ss2rAQPyiw5FAAA": Between(date(2160, 1, 1), date(2170, 1, 1)),
    "ss2rAQQAAAAAAAA": AllTime(),
}
"""Every form of a timeframe with its bounds; those of the menu are among them."""

ACTIONS = {
    "ss2tAQIAHgAAAAA": Action.TIMEFRAME,
    "ss2rAQIAHgAAAAA": Action.REFRESH,
    "ss2aAQIAHgAAAAA": Action.ASK_RANGE,
    "ss2cAQIAHgAAAAA": Action.CUSTOM_RANGE,
    "ss2vAQIAHgAAAAA": Action.VARIANT,
    "ss2hAQIAHgAAAAA": Action.CHANNELS,
    "ss2oAQIAHgAAAAA": Action.ROLES,
    "ss2fAQIAHgAAAAA": Action.FORM,
    "ss2pAQIAHgAAAAA": Action.COMPARE,
    "ss2bAQIAHgAAAAA": Action.BACK,
    "ss2nAQIAHgAAAAA": Action.ON,
    "ss2eAQIAHgAAAAA": Action.EXPORT,
    "ss2xAQIAHgAAAAA": Action.EXPORT_AS,
    "ss2sAQIAHgAAAAA": Action.SERVERS,
    "ss2wAQIAHgAAAAA": Action.PLACE,
}

STATES = {
    "ss2vMgIAHgAAACAUNQP-AAAABhQ1A_4AAAAH": ViewState(
        "channels/usage", MONTH, channels=(CHANNEL, CHANNEL + 1)
    ),
    "ss2vHgIABwAAAAAUNQP-AAAABg": ViewState("activity/messages", Recent(7, "d"), roles=(CHANNEL,)),
    "ss2vXAQAAAAAAAIUNQP-AAAABg": ViewState("channel/voice", AllTime(), subject=CHANNEL),
    "ss2vWgIAHgAABwP__________w": ViewState("member", MONTH, subject=2**64 - 1, table=True, page=7),
    "ss2vAQMzawAR_wU": ViewState(
        "overview", Between(date(2026, 1, 15), date(2026, 2, 1)), compare=False, table=True, page=255
    ),
    "ss2vjAIAWgAAAAgUNQP-AAAABhQ1A_4AAAAIFDUD_gAAAAk": ViewState(
        "compare/servers/all", Recent(90, "d"), servers=(CHANNEL, CHANNEL + 2, CHANNEL + 3)
    ),
    "ss2vbgIAHgAAAAAAAAAAAAAAAQAAAAAAAAACAAAAAAAAAAMAAAAAAAAABAAAAAAAAAAFAAAAAAAAAAYAAAAAAAAABwAAAAAAAAAI": (
        ViewState("leaderboard/messages", MONTH, roles=(1, 2, 3, 4, 5, 6, 7, 8))
    ),
    "ss2vcgIAHgAAAAIUNQP-AAAABg": ViewState("me", MONTH, subject=CHANNEL),
}
"""Subject, channels, roles and servers; page and flags."""

FIRST_VERSION = [
    "ss1tAQEAGAAAAAA",
    "ss1rAQIAHgAAAAA",
    "ss1tAQMzawARAAA",
    "ss1tAQQAAAAAAAA",
    "ss1cAQIAHgAAAAMQAAAAAAAAAA",
]
"""Of the version before, which knew neither subjects nor tables: whoever uses one is asked to begin again."""

CODES = {
    1: "overview",
    10: "members/activity",
    11: "members/growth",
    12: "members/retention",
    13: "members/newcomers",
    14: "members/engagement",
    15: "members/categories",
    30: "activity/messages",
    31: "activity/voice",
    32: "activity/reactions",
    33: "activity/threads",
    34: "activity/hours",
    35: "activity/content",
    36: "activity/sentiment",
    50: "channels/usage",
    51: "channels/peaks",
    52: "channels/voice",
    53: "channels/quiet",
    54: "channels/answers",
    70: "trends/messages",
    71: "trends/active",
    72: "trends/members",
    73: "trends/joins",
    74: "trends/voice",
    75: "trends/reactions",
    76: "trends/threads",
    90: "member",
    91: "channel/messages",
    92: "channel/voice",
    93: "channel/reactions",
    94: "compare/periods/all",
    95: "compare/periods/messages",
    96: "compare/periods/active",
    97: "compare/periods/joins",
    98: "compare/periods/voice",
    99: "compare/periods/reactions",
    100: "compare/periods/threads",
    101: "compare/channels/all",
    102: "compare/channels/messages",
    103: "compare/channels/voice",
    104: "compare/channels/reactions",
    105: "compare/roles/all",
    106: "compare/roles/messages",
    107: "compare/roles/voice",
    108: "compare/roles/given",
    109: "compare/roles/received",
    110: "leaderboard/messages",
    111: "leaderboard/voice",
    112: "leaderboard/given",
    113: "leaderboard/received",
    114: "me",
    130: "compare/member/all",
    131: "compare/member/messages",
    132: "compare/member/voice",
    133: "compare/member/given",
    134: "compare/member/received",
    135: "compare/member/days",
    140: "compare/servers/all",
    141: "compare/servers/messages",
    142: "compare/servers/active",
    143: "compare/servers/joins",
    144: "compare/servers/voice",
    145: "compare/servers/reactions",
    146: "compare/servers/threads",
}
"""The number that stands for each view; a view may come, but none may get the number of another."""


@pytest.mark.parametrize("custom_id", TIMEFRAMES)
def test_a_recorded_timeframe_is_what_it_was(custom_id: str) -> None:
    state = ViewState("overview", TIMEFRAMES[custom_id])
    assert decode(custom_id) == (Action.REFRESH, state)
    assert encode(Action.REFRESH, state) == custom_id


@pytest.mark.parametrize("custom_id", ACTIONS)
def test_a_recorded_control_does_what_it_did(custom_id: str) -> None:
    assert decode(custom_id) == (ACTIONS[custom_id], ViewState("overview", MONTH))


def test_every_action_is_recorded() -> None:
    assert {*ACTIONS.values()} == {*Action}


@pytest.mark.parametrize("custom_id", STATES)
def test_a_recorded_state_is_what_it_was(custom_id: str) -> None:
    assert decode(custom_id) == (Action.VARIANT, STATES[custom_id])


@pytest.mark.parametrize("custom_id", FIRST_VERSION)
def test_a_control_of_the_first_version_says_that_it_is_old(custom_id: str) -> None:
    assert is_ours(custom_id)
    with pytest.raises(OutdatedControlError, match="run the command again"):
        decode(custom_id)


def test_no_view_has_the_number_of_another() -> None:
    present = {view.code: kind for kind, view in VIEWS.items()}
    assert {code: present.get(code) for code in CODES} == CODES
