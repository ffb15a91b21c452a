"""``serverstats import``: counts what a file of messages holds."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import kind_errors, prepared_settings, stderr, stdout

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from bot.importing.importer import ImportReport, Progress

BROKEN_SHOWN = 50


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(_import)


def _import(
    file: Annotated[
        Path,
        typer.Argument(
            help="JSON lines (ts, channel, author, kind) or DiscordChatExporter JSON, plain or gzip.",
            exists=True,
            dir_okay=False,
        ),
    ],
    *,
    guild: Annotated[int, typer.Option("--guild", min=1, help="Id of the server to count for.")],
    name: Annotated[
        str | None, typer.Option("--name", help="What to call a server that is not known yet.")
    ] = None,
    zone: Annotated[
        str | None, typer.Option("--zone", help="Time zone of a server that is not known yet.")
    ] = None,
) -> None:
    """Count the messages of a file, each once; an import that was stopped goes on where it was."""
    with kind_errors():
        report = asyncio.run(_run(file, guild, name, zone))
    _tell(report)


async def _run(file: Path, guild: int, name: str | None, zone: str | None) -> "ImportReport":
    from bot.app import make_importer  # noqa: PLC0415 - keeps --help fast
    from bot.claims import Claim  # noqa: PLC0415 - same
    from bot.clock import SystemClock  # noqa: PLC0415 - same
    from bot.db.packing import Packer  # noqa: PLC0415 - same
    from bot.importing.importer import NewGuild  # noqa: PLC0415 - same
    from bot.opening import open_writing  # noqa: PLC0415 - keeps --help fast
    from bot.settings import time_zone  # noqa: PLC0415 - same

    settings = prepared_settings()
    new = NewGuild(name, settings.default_time_zone if zone is None else time_zone(zone))
    claim = Claim(servers=(guild,))
    async with open_writing(settings, claim) as writing:
        importer = await make_importer(settings, writing, guild)
        with _bar() as bar:
            task = bar.add_task("Counting", total=None, messages=0)

            def show(progress: "Progress") -> None:
                bar.update(
                    task,
                    total=progress.size,
                    completed=progress.consumed,
                    messages=progress.report.messages,
                )

            report = await importer.run(file, new, show)
        with stderr().status("Packing days"):
            await Packer(writing.opened.db, claim).pack_all(SystemClock().now_ms())
    return report


def _bar() -> "Bar":
    from rich.progress import (  # noqa: PLC0415 - keeps --help fast
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[messages]:,} messages"),
        TimeRemainingColumn(),
        console=stderr(),
    )


def _tell(report: "ImportReport") -> None:
    out = stdout()
    if report.resumed_at:
        out.print(f"{report.resumed_at:,} rows had been imported before")
    out.print(f"{report.messages:,} messages counted")
    for count, what in (
        (report.already_counted, "messages were counted already"),
        (
            report.kept_out,
            "messages kept out: their members opted out or were erased, or the channel is excluded",
        ),
        (report.bots, "messages of bots and webhooks left out"),
        (report.system, "messages written by Discord left out"),
        *((count, f"rows of kind “{kind}” not counted yet") for kind, count in sorted(report.other.items())),
    ):
        if count:
            out.print(f"{count:,} {what}")
    for line in report.broken[:BROKEN_SHOWN]:
        stderr().print(f"line {line.number:,} {line.reason}", style="yellow", markup=False)
    if len(report.broken) > BROKEN_SHOWN:
        stderr().print(f"… and {len(report.broken) - BROKEN_SHOWN:,} more broken lines", style="yellow")
