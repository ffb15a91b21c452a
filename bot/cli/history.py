"""``serverstats history``: what is not counted yet."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import kind_errors, prepared_settings, stdout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from bot.db.uncounted import UncountedChannel

MAX_ROWS = 50
"""Channels to list; a new server with many threads has thousands."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("history")(_history)


def _history(
    *,
    guild: Annotated[
        int | None, typer.Option("--guild", min=1, help="Id of a server; all if left out.")
    ] = None,
) -> None:
    """Show which channels have messages that are not counted yet, and from when.

    A bot that runs reads them back by itself, as far as its permissions go.
    """
    with kind_errors():
        channels, names = asyncio.run(_run(guild))
    if not channels:
        typer.echo("Everything is counted.")
        return
    ranges = sum(channel.ranges for channel in channels)
    stdout().print(_table(channels[:MAX_ROWS], names))
    typer.echo(f"Ranges not counted yet: {ranges}, in channels and threads: {len(channels)}.")


async def _run(guild: int | None) -> tuple[list["UncountedChannel"], dict[int, str]]:
    from bot.db.directory import Directory  # noqa: PLC0415 - same
    from bot.db.uncounted import uncounted_channels  # noqa: PLC0415 - same
    from bot.opening import open_database  # noqa: PLC0415 - keeps --help fast

    async with open_database(prepared_settings()) as opened:
        channels = await uncounted_channels(opened.db, guild)
        directory = Directory(opened.db)
        names: dict[int, str] = {}
        for guild_id in {channel.guild_id for channel in channels}:
            names |= await directory.channel_names(guild_id)
    return channels, names


def _table(channels: "Sequence[UncountedChannel]", names: dict[int, str]) -> "Table":
    from rich.table import Table  # noqa: PLC0415 - keeps --help fast
    from rich.text import Text  # noqa: PLC0415 - same

    table = Table("server", "channel", "name", "ranges", "from (UTC)", "to (UTC)", box=None)
    for channel in channels:
        table.add_row(
            str(channel.guild_id),
            str(channel.channel_id),
            Text(names.get(channel.channel_id, "")),
            str(channel.ranges),
            f"{channel.oldest:%Y-%m-%d %H:%M}",
            f"{channel.newest:%Y-%m-%d %H:%M}",
        )
    return table
