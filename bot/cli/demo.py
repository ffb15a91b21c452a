"""``serverstats demo``: the real bot on a simulated Discord, in the browser."""

import asyncio
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import WRONG_SET_UP, kind_errors, stderr, stdout
from bot.cli.signals import until_told

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from bot.demo.scene import Wish

MOST_DAYS = 730


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(_demo)


def _demo(  # noqa: PLR0913 - one parameter an option
    *,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            help="Show this file (as `serverstats import` reads it) instead of the made-up community.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="What to call the server of --data.")] = None,
    zone: Annotated[
        str | None, typer.Option("--zone", help="Time zone of the server; Europe/Berlin, with --data UTC.")
    ] = None,
    days: Annotated[
        int, typer.Option("--days", min=1, max=MOST_DAYS, help="How long the made-up history is.")
    ] = 200,
    data_dir: Annotated[
        Path | None,
        typer.Option("--data-dir", help="Keep the demo's data here; left out, it goes with the demo."),
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port of the page; 0 is any free one.")
    ] = 0,
    open_page: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Let nobody write by himself meanwhile.")] = False,
) -> None:
    """Try the bot in the browser: no Discord account, no token, a database of its own. Ctrl-C ends it."""
    from bot.demo.needs import DemoError, require_extra  # noqa: PLC0415 - keeps --help fast

    try:
        require_extra()
        from bot.demo.scene import Wish  # noqa: PLC0415 - needs what was just asked for
        from bot.settings import time_zone  # noqa: PLC0415 - keeps --help fast

        with kind_errors():
            asyncio.run(
                _run(
                    Wish(
                        data=data,
                        name=name,
                        zone=None if zone is None else time_zone(zone),
                        keep_in=data_dir,
                        port=port,
                        days=days,
                        chatty=not quiet,
                    ),
                    open_page=open_page,
                )
            )
    except DemoError as error:
        stderr().print(str(error), style="red", markup=False)
        raise typer.Exit(WRONG_SET_UP) from None


async def _run(wish: "Wish", *, open_page: bool) -> None:
    """Show the demo until it is told to stop; a signal ends the start as well."""
    from bot.logs import configure_logging  # noqa: PLC0415 - keeps --help fast
    from bot.privacy.redaction import Redactor  # noqa: PLC0415 - same
    from bot.settings import LogFormat, LogLevel  # noqa: PLC0415 - same

    configure_logging(LogLevel.WARNING, LogFormat.CONSOLE, Redactor())
    await until_told(_show(wish, open_page=open_page))
    stdout().print("The demo has ended." if wish.keep_in is None else f"The demo is kept in {wish.keep_in}.")


async def _show(wish: "Wish", *, open_page: bool) -> None:
    from bot.clock import SystemClock  # noqa: PLC0415 - keeps --help fast
    from bot.demo.demo import open_demo  # noqa: PLC0415 - same

    async with AsyncExitStack() as stack:
        with _steps() as steps:
            demo = await stack.enter_async_context(open_demo(wish, SystemClock(), steps))
        out = stdout()
        out.print("The demo runs. Open this address in a browser; Ctrl-C ends it.", style="bold")
        out.print(demo.url, markup=False)
        sys.stdout.flush()
        if open_page:
            await asyncio.to_thread(webbrowser.open, demo.url)
        await demo.wait_closed()


class _Steps:
    """Draws a line a step, with a bar where it is known how much there is to do."""

    def __init__(self, progress: "Progress") -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def begin(self, title: str, total: int | None = None) -> None:
        self.end()
        self._task = self._progress.add_task(title, total=total)

    def advance(self, done: int) -> None:
        if self._task is not None:
            self._progress.update(self._task, completed=done)

    def end(self) -> None:
        if self._task is not None:
            self._progress.update(self._task, total=1, completed=1)
            self._task = None


@contextmanager
def _steps() -> Iterator[_Steps]:
    from rich.progress import (  # noqa: PLC0415 - keeps --help fast
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    with Progress(
        TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn(), console=stderr()
    ) as progress:
        steps = _Steps(progress)
        yield steps
        steps.end()
