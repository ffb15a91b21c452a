"""Ends a command that runs for long when it is told to stop."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress


async def until_told(work: Coroutine[object, object, None]) -> None:
    """Do the work until it ends or SIGINT or SIGTERM has come, which cancels it; raises what it raises.

    The handlers stand before the work begins, so that a signal in its first moment ends it cleanly, too.
    """
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as KeyboardInterrupt
            loop.add_signal_handler(number, told.set)
    working = asyncio.create_task(work, name="work")
    waiting = asyncio.create_task(told.wait(), name="signals")
    await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if working.cancel():
        with suppress(asyncio.CancelledError):
            await working
    else:
        await working
