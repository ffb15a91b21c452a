"""``serverstats clean``: the monthly clean-up, now."""

import asyncio
from typing import TYPE_CHECKING

import typer

from bot.cli.console import kind_errors, prepared_settings, stdout

if TYPE_CHECKING:
    from bot.db.cleaning import Cleaned


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("clean")(_clean)


def _clean() -> None:
    """Delete what the retention no longer covers, as the bot does by itself every month."""
    with kind_errors():
        cleaned = asyncio.run(_run())
    out = stdout()
    out.print(f"{cleaned.idle_members:,} members who were not active for longer than the retention")
    out.print(f"{cleaned.threads:,} threads' authors, as long ago")
    out.print(f"{cleaned.imports:,} imports that never counted anything")
    out.print(f"{cleaned.watermarks:,} journals that nobody uses any more")


async def _run() -> "Cleaned":
    from bot.clock import SystemClock  # noqa: PLC0415 - same
    from bot.db.cleaning import Cleaner  # noqa: PLC0415 - same
    from bot.opening import open_database  # noqa: PLC0415 - keeps --help fast

    async with open_database(prepared_settings()) as opened:
        return await Cleaner(opened.db).clean(SystemClock().now_ms())
