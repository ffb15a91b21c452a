"""How long the event loop of this very process was kept from coming round."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_TICK = 0.001


@dataclass(slots=True)
class Pauses:
    """Times in ms in which the loop did not come round while the process had a processor."""

    own: list[float] = field(default_factory=list)

    @property
    def longest(self) -> float:
        """The longest of them."""
        return max(self.own, default=0.0)

    async def watch(self) -> None:
        """Tick until cancelled."""
        while True:
            began, used = time.perf_counter(), time.process_time()
            await asyncio.sleep(_TICK)
            late = time.perf_counter() - began - _TICK
            self.own.append(max(0.0, min(late, time.process_time() - used)) * 1000)


@asynccontextmanager
async def pauses() -> AsyncIterator[Pauses]:
    """Watch the loop meanwhile."""
    found = Pauses()
    watching = asyncio.create_task(found.watch())
    try:
        yield found
    finally:
        watching.cancel()
