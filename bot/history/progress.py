"""How far the reading of history is, and how long it will take."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

WINDOW_SECONDS = 120.0
"""Over how long the rate is taken."""
_MS_SHIFT = 22


@dataclass(frozen=True, slots=True)
class HistoryProgress:
    """How far a server is. ``reading``, ``blocked`` and ``retrying`` count channels and threads.

    ``counted`` is since the bot was started; ``seconds_left`` is None while that cannot be told.
    """

    reading: int
    blocked: int
    retrying: int
    counted: int
    messages_per_second: float
    seconds_left: float | None


@dataclass(slots=True)
class Gauge:
    """Measures one server: messages counted, and hours of history gone through."""

    counted: int = 0
    _since: float | None = None
    _pages: deque[tuple[float, int, int]] = field(default_factory=deque)

    def note(self, now: float, messages: int, span_ms: int) -> None:
        """Take in a page: what it counted and the span of time it went through, at ``now`` (monotonic)."""
        self.counted += messages
        if self._since is None or not self._pages:
            self._since = now
        self._pages.append((now, messages, span_ms))
        self._forget(now)

    def rates(self, now: float) -> tuple[float, float]:
        """Messages a second, and ms of history a second."""
        self._forget(now)
        if not self._pages or self._since is None:
            return 0.0, 0.0
        seconds = max(1.0, min(WINDOW_SECONDS, now - self._since))
        messages = sum(page[1] for page in self._pages)
        return messages / seconds, sum(page[2] for page in self._pages) / seconds

    def _forget(self, now: float) -> None:
        while self._pages and self._pages[0][0] < now - WINDOW_SECONDS:
            self._pages.popleft()


def span_ms(place: int, ranges: Iterable[tuple[int, int]]) -> int:
    """Time that ranges of a channel or thread span: nothing in it is older than itself, whose id tells."""
    return sum(
        max(0, (before >> _MS_SHIFT) - (max(after, place) >> _MS_SHIFT)) + 1 for after, before in ranges
    )
