"""Long work in the event loop, a little at a time, so that the gateway is read in between.

A thread would hold the gateway up for longer. The loop lets the interpreter's lock go at every message that
it decompresses, and a computing thread keeps the lock for 5 ms each time: 80 ms of folding in a thread made
messages 80 ms late, the same work in turns of 2 ms makes them 2 ms late.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

TURN_SECONDS = 0.002
PORTION = 64
"""Items between two looks at the clock."""

T = TypeVar("T")


class Turns:
    """Gives way to others when its turn is over."""

    def __init__(self, seconds: float = TURN_SECONDS) -> None:
        self._seconds = seconds
        self._ends = time.perf_counter() + seconds

    async def give_way(self) -> None:
        """Let everybody else run once, if this turn has lasted long enough."""
        if time.perf_counter() >= self._ends:
            await asyncio.sleep(0)
            self._ends = time.perf_counter() + self._seconds


def portions(items: Iterable[T], size: int = PORTION) -> Iterator[list[T]]:
    """The items, so many at a time."""
    left = iter(items)
    while portion := list(islice(left, size)):
        yield portion
