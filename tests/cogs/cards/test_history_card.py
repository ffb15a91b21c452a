from __future__ import annotations

import pytest

from bot.history.progress import HistoryProgress
from cogs.cards.history import history_card


def progress(**given: float | None) -> HistoryProgress:
    usual: dict[str, float | None] = {
        "reading": 0,
        "blocked": 0,
        "retrying": 0,
        "counted": 0,
        "messages_per_second": 0.0,
        "seconds_left": 0.0,
    }
    return HistoryProgress(**{**usual, **given})  # type: ignore[arg-type] # counts are whole numbers


def test_nothing_left_says_so() -> None:
    embed = history_card(progress(counted=1234))
    assert embed.description == "All that I may read is counted."
    assert [field.value for field in embed.fields] == ["1,234 messages"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "not known yet"),
        (20.0, "less than a minute"),
        (60.0, "about 1 minute"),
        (5 * 3600.0, "about 5 hours"),
        (3 * 86_400.0, "about 3 days"),
    ],
)
def test_rate_and_time_left(seconds: float | None, words: str) -> None:
    embed = history_card(progress(reading=12, messages_per_second=1499.6, seconds_left=seconds))
    assert embed.description == "12 channels and threads have messages that are not counted yet."
    assert [field.value for field in embed.fields[1:]] == ["1,500 messages a second", words]


def test_what_is_closed_names_the_permissions_that_open_it() -> None:
    (_, closed, waiting) = history_card(progress(blocked=2, retrying=1)).fields
    assert closed.value is not None
    assert closed.value.startswith("2 channels or threads: give me View Channels and Read Message History")
    assert waiting.value == "1 channel or thread; I try again by myself."
