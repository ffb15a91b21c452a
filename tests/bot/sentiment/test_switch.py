"""Who is scored and who is not, and what it costs where nobody is."""

import subprocess
import sys
from zoneinfo import ZoneInfo

from structlog.testing import capture_logs

from bot.ingest.activities.messages import UNSCORED
from bot.ingest.calendars import Calendars
from bot.preferences import PreferenceDesk, Preferences
from bot.sentiment.switch import Sentiment
from bot.sentiment.words import Score
from tests.discord.stage import FixedClock, MemoryAudit, MemoryPreferences

ON, OFF = 7, 8
SINCE = 1_000


def switch(score: Score, *, possible: bool = True) -> tuple[Sentiment, list[str]]:
    """A switch with one server that wants scores, and how often words were loaded."""
    loaded: list[str] = []

    def load() -> Score:
        loaded.append("words")
        return score

    kept = MemoryPreferences()
    known = {ON: Preferences(sentiment_after=SINCE), OFF: Preferences()}
    desk = PreferenceDesk(kept, kept, Calendars(ZoneInfo("UTC")), MemoryAudit(), FixedClock(), known)
    assert desk.wants_sentiment
    return Sentiment(desk, possible=possible, load=load), loaded


async def test_messages_since_the_switch_are_scored_and_nothing_else() -> None:
    read: list[str] = []

    def score(text: str) -> int:
        read.append(text)
        return 30

    sentiment, loaded = switch(score)
    assert sentiment.of(ON, SINCE + 1, "before the words are there") is None
    await sentiment.prepare()
    await sentiment.prepare()
    assert loaded == ["words"]
    assert sentiment.of(ON, SINCE + 1, "after") == 30
    assert sentiment.of(ON, SINCE, "before") is None
    assert sentiment.of(OFF, SINCE + 1, "elsewhere") is None
    assert read == ["after"], "nobody else's text is looked at"
    assert [sentiment.is_on(guild) for guild in (ON, OFF, 9)] == [True, False, False]


async def test_without_the_intent_nothing_is_loaded_or_scored() -> None:
    sentiment, loaded = switch(lambda _text: 30, possible=False)
    await sentiment.prepare()
    assert loaded == []
    assert sentiment.of(ON, SINCE + 1, "") is None
    assert not sentiment.is_on(ON)


async def test_a_text_that_cannot_be_scored_counts_all_the_same_and_is_not_logged() -> None:
    def refuse(text: str) -> int:
        raise ValueError(text)

    sentiment, _ = switch(refuse)
    await sentiment.prepare()
    with capture_logs() as logs:
        assert sentiment.of(ON, SINCE + 1, "secret words") == UNSCORED
    assert [entry["cause"] for entry in logs] == ["ValueError"]
    assert "secret" not in str(logs)


def test_a_bot_that_nobody_asks_for_scores_does_not_load_the_words() -> None:
    program = "import sys, bot.app, cogs.listeners, cogs.admin; sys.exit('vader' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0  # noqa: S603 - our own
