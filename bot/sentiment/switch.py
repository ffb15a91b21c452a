"""Whether a server has its messages scored."""

import asyncio
from collections.abc import Callable

import structlog

from bot.ingest.activities.messages import UNSCORED
from bot.preferences import PreferenceDesk
from bot.sentiment.words import Score, load_words

_log = structlog.get_logger(__name__)


class Sentiment:
    """Scores messages of servers whose admins want it, from the moment on in which they did.

    A text is looked at in memory, and nothing of it stays but the score. ``possible``: Discord shows the bot
    what is written. Until ``prepare`` nothing is scored.
    """

    def __init__(
        self, preferences: PreferenceDesk, *, possible: bool, load: Callable[[], Score] = load_words
    ) -> None:
        self.possible = possible
        self._preferences = preferences
        self._load = load
        self._score: Score | None = None

    def is_on(self, guild: int) -> bool:
        """Whether messages of a server are scored now."""
        return self.possible and self._preferences.present(guild).sentiment_after is not None

    async def prepare(self) -> None:
        """Load the list of words, once, in a thread."""
        if self._score is None and self.possible:
            self._score = await asyncio.to_thread(self._load)

    def of(self, guild: int, message_id: int, text: str) -> int | None:
        """Score of a message that counts; None: nobody wants it, or it was sent before somebody did."""
        score = self._score
        if score is None:
            return None
        after = self._preferences.present(guild).sentiment_after
        if after is None or message_id <= after:
            return None
        try:
            return score(text)
        except Exception as error:  # noqa: BLE001 - whatever a text does to the list, the message counts
            _log.error("a message cannot be scored", cause=type(error).__name__)
            return UNSCORED
