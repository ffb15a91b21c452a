"""From typed text to a timeframe on the server's own calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.timeframes import DEFAULT, Recent, TimeframeError, parse_timeframe
from bot.ingest.calendars import Calendars
from cogs.asking import MAX_SUGGESTIONS, MAX_TYPED, read_timeframe, suggestions, today
from texts import load_languages

if TYPE_CHECKING:
    from bot.services import Services

TODAY = date(2026, 1, 31)
LANGUAGES = load_languages()


@dataclass
class Evening:
    calendars: Calendars
    clock: "Evening | None" = None

    def __post_init__(self) -> None:
        self.clock = self

    def now_ms(self) -> int:
        return int(datetime(2026, 1, 31, 20, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("UTC", 31), ("Pacific/Kiritimati", 1), ("America/Los_Angeles", 31), ("Asia/Kolkata", 1)],
)
def test_today_is_the_servers_own_date(zone: str, day: int) -> None:
    assert today(1, cast("Services", Evening(Calendars(ZoneInfo(zone))))).day == day


@pytest.mark.parametrize("text", [None, "", " ", "\n"])
def test_nothing_typed_is_the_default(text: str | None) -> None:
    assert read_timeframe(text, TODAY) == DEFAULT


def test_words_are_read_and_mistakes_told() -> None:
    assert read_timeframe(" 14d ", TODAY) == Recent(14, "d")
    with pytest.raises(TimeframeError, match="is not a timeframe I know"):
        read_timeframe("soon", TODAY)


@given(st.text(max_size=200))
def test_suggestions_are_what_discord_takes_and_what_the_command_reads(typed: str) -> None:
    offered = suggestions(typed, TODAY, LANGUAGES)

    assert len(offered) <= MAX_SUGGESTIONS
    assert len({value for _, value in offered}) == len(offered)
    for name, value in offered:
        assert 1 <= len(name) <= MAX_TYPED
        assert 1 <= len(value) <= MAX_TYPED
        parse_timeframe(value, TODAY, LANGUAGES)


def test_what_is_typed_comes_first() -> None:
    assert suggestions("45d", TODAY) == [("45 days", "45d")]
    assert suggestions(" Last  ", TODAY) == [
        ("Last week", "last week"),
        ("Last month", "last month"),
        ("Last year", "last year"),
    ]
    assert suggestions("7d", TODAY) == [("7 days", "7d")]
    assert suggestions("2026-01-05..2026-01-09", TODAY) == [
        ("2026-01-05 to 2026-01-09", "2026-01-05..2026-01-09")
    ]
    assert suggestions("nonsense", TODAY) == []
    assert suggestions("2025-11", TODAY) == [("November 2025", "2025-11")]
    assert suggestions("nov", TODAY) == [("November 2025", "nov")]
    assert suggestions("decem", TODAY) == [("December 2025", "2025-12")]
    assert suggestions("ytd", TODAY) == [("2026", "ytd"), ("This year", "this year")]
    assert suggestions("03/04/2025", TODAY) == [("2025-03-04", "2025-03-04"), ("2025-04-03", "2025-04-03")]
    assert suggestions("2026-01-15..", TODAY) == [("2026-01-15 to 2026-01-31", "2026-01-15..")]
    assert suggestions("letzte w", TODAY, LANGUAGES) == [("Last week", "last week")]
    assert len(suggestions("", TODAY)) == 15
