"""Saying what comes again and again: the first time at once, then now and then with how often it came."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

PAUSE_MS = 3_600_000
"""Between two lines of one kind."""


@dataclass(slots=True)
class _Told:
    """When a kind was last told of, and how often it has come since."""

    at: int
    since: int = 0


class Sparsely:
    """Decides when a kind is worth a line. Whoever asks has to see to it that kinds are few."""

    def __init__(self, now_ms: Callable[[], int], pause_ms: int = PAUSE_MS) -> None:
        """``now_ms`` is a clock that nobody sets."""
        self._now_ms = now_ms
        self._pause_ms = pause_ms
        self._told: dict[Hashable, _Told] = {}

    def times(self, kind: Hashable) -> int:
        """How often a kind has come since it was last told of, this time included; 0: say nothing now."""
        told, now = self._told.get(kind), self._now_ms()
        if told is None:
            self._told[kind] = _Told(now)
            return 1
        told.since += 1
        if now - told.at < self._pause_ms:
            return 0
        times, told.at, told.since = told.since, now, 0
        return times
