"""``serverstats run``: counts, and answers, until it is told to stop."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import typer

from bot.cli.console import kind_errors, prepared_settings
from bot.cli.signals import until_told

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.client import ServerstatsClient
    from bot.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run")(_run)


def _run() -> None:
    """Connect to Discord, count what happens and answer commands. Ctrl-C or SIGTERM ends it cleanly."""
    from bot.settings import require_token  # noqa: PLC0415 - keeps --help fast

    with kind_errors():
        settings = prepared_settings()
        token = require_token(settings)
        run_loop(until_told(_work(settings, token)))


def run_loop(main: "Coroutine[object, object, None]") -> None:
    """Run on uvloop where there is one: it is a sixth faster at reading the gateway."""
    try:
        import uvloop  # noqa: PLC0415 - not on Windows
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


async def _work(settings: "Settings", token: str) -> None:
    """Run until it is cancelled, the lease is lost, or an error comes that no retry mends."""
    from bot.app import open_app  # noqa: PLC0415 - keeps --help fast
    from bot.client import granted_options  # noqa: PLC0415 - same
    from bot.discord_silence import when_discord_answers  # noqa: PLC0415 - same
    from bot.tasks import end_all  # noqa: PLC0415 - same
    from bot.tuning import favour_the_loop  # noqa: PLC0415 - same

    favour_the_loop()
    options = await when_discord_answers(
        partial(granted_options, token, message_content=settings.message_content)
    )
    options = replace(options, shard_ids=settings.shard_ids, shard_count=settings.shard_count)
    async with open_app(settings, options) as app:
        _spare(app.client)
        tasks = {
            asyncio.create_task(_connected(app.client, token), name="discord"),
            asyncio.create_task(app.recorder.wait_lost(), name="recorder"),
        }
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await app.client.close()
            await end_all(tasks)
        for task in done:
            task.result()


async def _connected(client: "ServerstatsClient", token: str) -> None:
    """Stay connected; a network that is lost before the first connection is said in a sentence."""
    from bot.client import silence_of  # noqa: PLC0415 - keeps --help fast
    from bot.discord_silence import DiscordGone  # noqa: PLC0415 - same

    try:
        await client.start(token)
    except Exception as error:
        silent = silence_of(error)
        if silent is None:
            raise
        raise DiscordGone(silent) from error


def _spare(client: "ServerstatsClient") -> None:
    from bot.tuning import Sparing  # noqa: PLC0415 - keeps --help fast

    sparing = Sparing()

    async def ready() -> None:
        sparing.ready()

    async def disconnected() -> None:
        sparing.disconnected()

    client.add_listener(ready, "on_ready")
    client.add_listener(disconnected, "on_disconnect")
