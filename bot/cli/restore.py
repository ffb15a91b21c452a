"""``serverstats restore``: a backup into an empty database."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import counting_bar, kind_errors, prepared_settings, stdout

if TYPE_CHECKING:
    from bot.datacare.container import Manifest


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("restore")(_restore)


def _restore(
    file: Annotated[Path, typer.Argument(help="A file of `serverstats backup`.")],
    *,
    into: Annotated[
        str | None,
        typer.Option("--into", help="Name of the database; left out, that of SERVERSTATS_DATABASE."),
    ] = None,
) -> None:
    """Put a backup into an empty database: checked before, compared document by document after."""
    with kind_errors():
        manifest, name, erased = asyncio.run(_run(file, into))
    out = stdout()
    out.print(
        f"{manifest.documents:,} documents restored into the database {name}, as they were on "
        f"{manifest.taken_at:%Y-%m-%d %H:%M} UTC"
    )
    if erased:
        out.print(f"{erased:,} members who were erased since then are erased again")
    out.print(
        "What was sent since then is not counted yet; an import of it, or of the history, counts it once."
    )


async def _run(file: Path, into: str | None) -> tuple["Manifest", str, int]:
    from bot.datacare.restore import restore  # noqa: PLC0415 - same
    from bot.datafolder import DataFolder  # noqa: PLC0415 - same
    from bot.db.consents import reconcile  # noqa: PLC0415 - same
    from bot.db.database import database  # noqa: PLC0415 - same
    from bot.opening import open_server  # noqa: PLC0415 - keeps --help fast
    from bot.privacy.consents import Consents  # noqa: PLC0415 - same
    from bot.privacy.keyfile import existing_key  # noqa: PLC0415 - same
    from bot.privacy.pseudonym import Pseudonyms  # noqa: PLC0415 - same
    from bot.settings import database_name  # noqa: PLC0415 - same

    settings = prepared_settings()
    name = settings.database if into is None else database_name(into, "--into")
    configured = settings.pseudonym_key
    key = existing_key(None if configured is None else configured.get_secret_value(), settings.data_dir)
    async with open_server(settings.model_copy(update={"database": name})) as driver:
        with counting_bar("") as bar:
            tasks = {}

            def show(what: str, done: int, size: int) -> None:
                if what not in tasks:
                    tasks[what] = bar.add_task(what)
                bar.update(tasks[what], completed=done, total=size)

            db = database(driver, name)
            manifest = await restore(db, file, key, show)
        if key is None:
            return manifest, name, 0
        pseudonyms = Pseudonyms(key)
        consents = Consents(pseudonyms.seal, DataFolder(settings.data_dir).consents)
        return manifest, name, await reconcile(db, consents, pseudonyms)
