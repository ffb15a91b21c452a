"""A clock for looking at the past."""


class StandingClock:
    """Stands still where it is set, in ms since 1970 UTC."""

    def __init__(self, at_ms: int) -> None:
        self._at_ms = at_ms

    def now_ms(self) -> int:
        """Milliseconds since 1970 UTC."""
        return self._at_ms

    def set(self, at_ms: int) -> None:
        """Stand somewhere else from now on."""
        self._at_ms = at_ms
