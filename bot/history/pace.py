"""How fast Discord is asked: below its limit for everything, and slower after it complained."""

import asyncio

REQUESTS_PER_SECOND = 45.0
"""Discord allows 50 a second in all; what is left is for answers to people."""


class Pace:
    """Hands out moments at which a request may be made."""

    def __init__(self, per_second: float = REQUESTS_PER_SECOND) -> None:
        self._interval = 1 / per_second
        self._next = 0.0
        self._resting = 0.0

    async def turn(self) -> None:
        """Wait for the next moment."""
        loop = asyncio.get_running_loop()
        while True:
            now = loop.time()
            mine = max(self._next, now)
            self._next = mine + self._interval
            await asyncio.sleep(mine - now)
            if loop.time() >= self._resting:
                return

    def rest(self, seconds: float) -> None:
        """Let nobody ask for so long."""
        self._resting = max(self._resting, asyncio.get_running_loop().time() + seconds)
        self._next = max(self._next, self._resting)
