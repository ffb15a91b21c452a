"""The demo as a whole: the bot, its own database, a simulated Discord and a page for the browser."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

from bot.clock import Clock
from bot.demo.folder import demo_folder
from bot.demo.imported import imported
from bot.demo.liveliness import keep_time
from bot.demo.made_up import made_up
from bot.demo.needs import DemoError
from bot.demo.scene import Scene, Steps, Wish, Work

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that runs: the page's address, which lets in whoever has it, its end, and what it shows."""

    url: str
    wait_closed: Callable[[], Awaitable[None]]
    scene: Scene


@asynccontextmanager
async def open_demo(wish: Wish, clock: Clock, steps: Steps) -> AsyncIterator[Demo]:
    """Start everything and take it down again, in reverse order.

    Raises DemoError, MongodError, ImportFileError and what the store raises.
    """
    _require_free(wish.port)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(demo_folder(wish.keep_in))
        prepare = made_up if wish.data is None else imported
        scene = await prepare(wish, folder, clock, steps, stack)
        steps.begin("Connecting the bot")
        scene.stage.keep_time(clock.now_ms())
        await stack.enter_async_context(scene.stage.connected())
        background: tuple[Work, ...] = (partial(keep_time, scene.stage, clock), *scene.background)
        for work in background:
            stack.push_async_callback(_end, asyncio.create_task(work()))
        steps.begin("Asking for the first card")
        scene.stage.guide(scene.room, scene.hint)
        await scene.stage.ask(scene.room, "serverstats overview", timeframe=scene.timeframe)
        page = await stack.enter_async_context(
            scene.stage.page(scene.room, scene.viewers, scene.zone, wish.port)
        )
        yield Demo(page.url, page.wait_closed, scene)


def _require_free(port: int) -> None:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((LOOPBACK, port))
        except OSError as error:
            raise DemoError(
                f"Port {port} cannot be had: {error.strerror}. Mend: choose another one with --port, "
                "or leave it out."
            ) from error


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
