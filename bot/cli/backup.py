"""``serverstats backup``: the whole database into one file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import counting_bar, kind_errors, prepared_settings, stdout

if TYPE_CHECKING:
    from bot.datacare.container import Manifest
    from bot.db.dumping import Dump
    from bot.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("backup")(_backup)


def _backup(
    file: Annotated[Path, typer.Argument(help="Where to write it; a file that is there is never replaced.")],
    *,
    still: Annotated[
        bool,
        typer.Option(
            "--still", help="The bot is stopped: keep it so meanwhile, instead of holding on to one instant."
        ),
    ] = False,
) -> None:
    """Write the whole database, as it is at this instant, into one file; the bot goes on counting."""
    with kind_errors():
        manifest = asyncio.run(_run(file, still=still))
    out = stdout()
    out.print(f"{manifest.documents:,} documents of the database {manifest.database} in {file}")
    out.print(
        "Keep the pseudonym key (pseudonym.key) apart from it: a backup can only be restored under its key."
    )


async def _run(file: Path, *, still: bool) -> "Manifest":
    from bot.clock import SystemClock  # noqa: PLC0415 - keeps --help fast
    from bot.datacare.backup import back_up  # noqa: PLC0415 - same

    settings = prepared_settings()
    async with _dump(settings, still=still) as dump:
        with counting_bar("documents") as bar:
            task = bar.add_task("Backing up", total=None)
            return await back_up(
                dump,
                settings.database,
                file,
                SystemClock(),
                lambda done, size: bar.update(task, completed=done, total=size),
            )


@asynccontextmanager
async def _dump(settings: "Settings", *, still: bool) -> AsyncIterator["Dump"]:
    from bot.db.dumping import Dump, one_instant  # noqa: PLC0415 - same
    from bot.opening import open_database, open_writing  # noqa: PLC0415 - keeps --help fast

    if still:
        async with open_writing(settings) as writing, writing.kept():
            yield Dump(writing.opened.db)
    else:
        async with open_database(settings) as opened, one_instant(opened.driver, opened.db) as dump:
            yield dump
