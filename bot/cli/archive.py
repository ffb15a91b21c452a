"""``serverstats archive``: old days into files, and back."""

import asyncio
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import kind_errors, prepared_settings, stdout

if TYPE_CHECKING:
    from bot.datacare.archive import Archived, PutBack

KEPT_DAYS = 365
DAY_MS = 86_400_000
LEAST_DAYS = 35
"""What scores and member categories still ask for by day and hour."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("archive")(_archive)


def _archive(
    *,
    before: Annotated[
        datetime | None,
        typer.Option(
            "--before",
            formats=["%Y-%m-%d"],
            help=f"Months that ended before this date; left out, {KEPT_DAYS} days ago.",
            show_default=False,
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", help="Folder for the files; left out, `archive` in the data folder."),
    ] = None,
    back: Annotated[
        Path | None, typer.Option("--read-back", help="Put the days of this file back into the database.")
    ] = None,
) -> None:
    """Move what each member and channel did on old days into one compressed file a server and month.

    Views, rankings and snapshots go on showing those days; the bot may go on counting meanwhile.
    """
    if back is not None and (before is not None or to is not None):
        raise typer.BadParameter("--read-back takes neither --before nor --to.")
    with kind_errors():
        if back is not None:
            _say_back(back, asyncio.run(_read_back(back)))
        elif not asyncio.run(_archive_until(None if before is None else before.date(), to)):
            stdout().print(
                "No month that has ended before that date is still to be archived. Days can go once "
                "the bot has packed them and made their snapshots."
            )


def _say(month: "Archived") -> None:
    stayed = f"; {month.stayed} changed meanwhile and stay until the next time" if month.stayed else ""
    stdout().print(f"{month.days} days, {month.documents:,} documents in {month.file}{stayed}")


def _say_back(file: Path, found: "PutBack") -> None:
    stdout().print(f"{found.days} days, {found.documents:,} documents of {file} are in the database again")
    if found.left_out:
        stdout().print(f"{found.left_out:,} documents of members who were erased since then stay out")
    if found.other_days:
        stdout().print(f"{found.other_days} days of it were there already, or are in another file")


async def _archive_until(before: date | None, to: Path | None) -> int:
    from analytics.local_time import day_of  # noqa: PLC0415 - keeps --help fast
    from bot.clock import SystemClock  # noqa: PLC0415 - same
    from bot.datacare.archive import archive_months  # noqa: PLC0415 - same
    from bot.datafolder import DataFolder  # noqa: PLC0415 - same
    from bot.opening import open_database  # noqa: PLC0415 - same

    settings, clock = prepared_settings(), SystemClock()
    today = clock.now_ms() // DAY_MS
    until = today - KEPT_DAYS if before is None else day_of(before)
    if until > today - LEAST_DAYS:
        raise typer.BadParameter(f"The last {LEAST_DAYS} days stay in the database: name an earlier date.")
    folder = to or DataFolder(settings.data_dir).archives
    done = 0

    def say(month: "Archived") -> None:
        nonlocal done
        done += 1
        _say(month)

    async with open_database(settings) as opened:
        await archive_months(opened.db, until, folder, clock, say)
    return done


async def _read_back(file: Path) -> "PutBack":
    from bot.datacare.archive import read_back  # noqa: PLC0415 - same
    from bot.datafolder import DataFolder  # noqa: PLC0415 - same
    from bot.db.consents import known_consents  # noqa: PLC0415 - same
    from bot.db.identity import require_same_key  # noqa: PLC0415 - same
    from bot.opening import open_database  # noqa: PLC0415 - keeps --help fast
    from bot.privacy.keyfile import KeyFileError, existing_key  # noqa: PLC0415 - same
    from bot.privacy.pseudonym import Pseudonyms  # noqa: PLC0415 - same

    settings = prepared_settings()
    configured = settings.pseudonym_key
    key = existing_key(None if configured is None else configured.get_secret_value(), settings.data_dir)
    if key is None:
        raise KeyFileError(
            "There is no pseudonym key, without which nobody can tell who was erased. Put the file "
            "pseudonym.key that belongs to the database into the data folder, or its digits into "
            "SERVERSTATS_PSEUDONYM_KEY, and run this again."
        )
    async with open_database(settings) as opened:
        await require_same_key(opened.db, key)
        consents = partial(known_consents, opened.db, DataFolder(settings.data_dir).consents, Pseudonyms(key))
        return await read_back(opened.db, file, consents)
