"""``serverstats import``: counts what files of messages hold."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import FAILED, kind_errors, plain, prepared_settings, stderr, stdout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.progress import Progress as Bar

    from bot.db.database import Handle
    from bot.importing.finding import Failure
    from bot.importing.run import RunProgress, RunReport

SHOWN = 50
"""Of broken lines, and of files that cannot be imported."""
SETTLED = "messages lie in a time that was taken to be complete before and are not counted again"
LEFT_OUT = "of them, or more, were not counted then either: what was read then lacked them (docs/import.md)"
DAY_MS = 86_400_000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import")(_import)


def _import(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="Files, folders of them or patterns: JSON lines (ts, channel, author, kind) or "
            "DiscordChatExporter JSON, plain or gzip.",
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
    anew: Annotated[
        bool,
        typer.Option(
            "--anew",
            help="Remove first all that was imported for this server: give all its files, and the right "
            "--zone. Not for a server that the bot counts from Discord.",
        ),
    ] = False,
) -> None:
    """Count the messages of files, each once; an import that was stopped goes on where it was."""
    with kind_errors():
        report = asyncio.run(_run(paths, guild, name, zone, anew=anew))
    _tell(report)
    if report.failures:
        raise typer.Exit(FAILED)


async def _run(
    paths: list[Path], guild: int, name: str | None, zone: str | None, *, anew: bool
) -> "RunReport":
    from bot.app import make_importer  # noqa: PLC0415 - keeps --help fast
    from bot.claims import Claim  # noqa: PLC0415 - same
    from bot.clock import SystemClock  # noqa: PLC0415 - same
    from bot.db.packing import Packer  # noqa: PLC0415 - same
    from bot.importing.finding import find_files  # noqa: PLC0415 - same
    from bot.importing.importer import NewGuild  # noqa: PLC0415 - same
    from bot.importing.run import ImportRun  # noqa: PLC0415 - same
    from bot.opening import open_writing  # noqa: PLC0415 - keeps --help fast
    from bot.settings import time_zone  # noqa: PLC0415 - same

    settings = prepared_settings()
    new = NewGuild(
        None if name is None else plain(name),
        settings.default_time_zone if zone is None else time_zone(zone),
        insists=zone is not None,
    )
    found = await asyncio.to_thread(find_files, paths)
    claim = Claim(servers=(guild,))
    async with open_writing(settings, claim) as writing:
        importer = await make_importer(settings, writing, guild)
        if not anew:
            await importer.require_zone(new)
        with _bar() as bar:
            run = ImportRun(importer, new, _shown_on(bar))
            async with writing.kept():
                some = await run.look_through(found.files)
                if some and anew:
                    await importer.forget()
            report = await run.count()
        with stderr().status("Packing days"):
            await Packer(writing.opened.db, claim).pack_all(SystemClock().now_ms())
            report.left_out = await _left_out(writing.opened.db, guild, report)
    report.failures[:0] = found.failures
    report.passed_over = found.passed_over
    return report


async def _left_out(db: "Handle", guild: int, report: "RunReport") -> int:
    """How many messages of a time taken to be complete were not counted then, at least."""
    from bot.clock import SystemClock  # noqa: PLC0415 - keeps --help fast
    from bot.db.reader import Reader  # noqa: PLC0415 - same
    from bot.db.retention import kept_days  # noqa: PLC0415 - same
    from bot.importing.missing import left_out  # noqa: PLC0415 - same
    from schemas.day_slices import CHANNEL_DAYS  # noqa: PLC0415 - same

    if not report.total(lambda each: each.settled):
        return 0
    kept = await kept_days(db, guild, CHANNEL_DAYS)
    today = SystemClock().now_ms() // DAY_MS
    oldest = 0 if kept is None else today - kept + 1
    return await left_out(Reader(db), guild, (each.held for _, each in report.files), oldest)


def _shown_on(bar: "Bar") -> "Callable[[RunProgress], None]":
    task = bar.add_task("", total=None, messages=0)

    def show(progress: "RunProgress") -> None:
        bar.update(
            task,
            description=progress.stage,
            total=progress.size,
            completed=progress.done,
            messages=progress.messages,
        )

    return show


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


def _tell(report: "RunReport") -> None:
    out = stdout()
    if len(report.files) > 1:
        out.print(f"{len(report.files):,} files read")
    resumed = report.total(lambda each: each.resumed_at)
    if resumed:
        out.print(f"{resumed:,} rows had been imported before")
    out.print(f"{report.total(lambda each: each.messages):,} messages counted")
    for count, what in (
        (
            report.total(lambda each: each.settled),
            SETTLED,
        ),
        (report.left_out, LEFT_OUT),
        (
            report.total(lambda each: each.kept_out),
            "messages kept out: their members opted out or were erased, or the channel is excluded",
        ),
        (report.total(lambda each: each.bots), "messages of bots and webhooks left out"),
        (report.total(lambda each: each.system), "messages written by Discord left out"),
        *((count, f"rows of kind “{kind}” not counted yet") for kind, count in sorted(report.other.items())),
        (report.passed_over, "other files in the folders not looked at, for their names"),
    ):
        if count:
            out.print(plain(f"{count:,} {what}"), markup=False)
    _warn(_broken(report))
    _warn(_failed(report.failures), style="red")


def _warn(lines: "Iterable[str]", style: str = "yellow") -> None:
    for line in lines:
        stderr().print(plain(line), style=style, markup=False)


def _broken(report: "RunReport") -> "Iterator[str]":
    """The first broken lines, and how many more there are for which reasons."""
    several = len(report.files) > 1
    shown = [
        (f"{path}: " if several else "", line) for path, each in report.files for line in each.broken.first
    ][:SHOWN]
    for where, line in shown:
        yield f"{where}line {line.number:,} {line.reason}"
    more = report.reasons - Counter(line.reason for _, line in shown)
    if more:
        yield f"… and {more.total():,} more broken lines: " + "; ".join(
            f"{count:,} times: {reason}" for reason, count in more.most_common()
        )


def _failed(failures: "list[Failure]") -> "Iterator[str]":
    """What was not imported; files for which the reason is the same together."""
    by_reason: dict[str, list[Path]] = {}
    for failure in failures:
        by_reason.setdefault(failure.reason, []).append(failure.path)
    for reason, paths in list(by_reason.items())[:SHOWN]:
        others = len(paths) - 1
        more = f" and {others:,} more file{'s' if others > 1 else ''}" if others else ""
        yield f"{paths[0]}{more}: {reason}"
    if len(by_reason) > SHOWN:
        yield f"… and {len(by_reason) - SHOWN:,} more reasons"
