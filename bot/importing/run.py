"""Several files in one run: each looked through first, then counted in the order that loses nothing.

Of two files of a channel the one that was exported first may hold what was deleted afterwards. Whatever comes
second in a time that is taken to be complete does not count, so the older one comes first.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bot.importing.finding import Failure
from bot.importing.importer import Importer, ImportReport, NewGuild, Progress
from bot.importing.rows import FileFormat, ImportFileError
from bot.importing.survey import Survey, survey

CHECKING, COUNTING = "Checking", "Counting"


@dataclass(frozen=True, slots=True)
class RunProgress:
    """What is being done, with how many of how many bytes on disk, and how many messages have counted."""

    stage: str
    done: int
    size: int
    messages: int


@dataclass(slots=True)
class RunReport:
    """What became of each file, in the order in which they were counted.

    ``passed_over``: files in folders whose names say that they are others. ``left_out``: how many messages of
    a time taken to be complete are not counted, at least.
    """

    files: list[tuple[Path, ImportReport]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    passed_over: int = 0
    left_out: int = 0

    def total(self, what: Callable[[ImportReport], int]) -> int:
        """Sum of something over all files."""
        return sum(what(report) for _, report in self.files)

    @property
    def other(self) -> Counter[str]:
        """Rows of kinds that do not count yet."""
        return sum((report.other for _, report in self.files), Counter[str]())

    @property
    def reasons(self) -> Counter[str]:
        """Why lines are broken, and how many."""
        return sum((report.broken.reasons for _, report in self.files), Counter[str]())


class ImportRun:
    """Imports files one after the other; one that is bad stops none of the others."""

    def __init__(self, importer: Importer, new: NewGuild, on_progress: Callable[[RunProgress], None]) -> None:
        self._importer = importer
        self._new = new
        self._on_progress = on_progress
        self._surveyed: dict[Path, Survey] = {}
        self._report = RunReport()

    async def look_through(self, paths: Iterable[Path]) -> bool:
        """Look through files; whether any of them can be imported."""
        known = list(paths)
        sizes = await asyncio.to_thread(lambda: [_size(path) for path in known])
        done = 0
        for path, size in zip(known, sizes, strict=True):

            def show(read: int, before: int = done) -> None:
                self._on_progress(RunProgress(CHECKING, before + read, sum(sizes), 0))

            try:
                self._surveyed[path] = await asyncio.to_thread(survey, path, show)
            except (ImportFileError, OSError) as error:
                self._fail(path, error)
            done += size
        return bool(self._surveyed)

    async def count(self) -> RunReport:
        """Import the files that were looked through.

        Raises what the store raises; the next run then goes on where this one was.
        """
        done, size = 0, sum(each.facts.size_bytes for each in self._surveyed.values())
        for path, each in sorted(self._surveyed.items(), key=_place):
            await self._import(path, each, done, size)
            done += each.facts.size_bytes
        return self._report

    async def _import(self, path: Path, surveyed: Survey, done: int, size: int) -> None:
        report = ImportReport()
        counted = self._report.total(_messages)
        self._report.files.append((path, report))

        def show(progress: Progress) -> None:
            self._on_progress(
                RunProgress(COUNTING, done + progress.consumed, size, counted + progress.report.messages)
            )

        try:
            await self._importer.run(path, self._new, show, surveyed=surveyed, report=report)
        except (ImportFileError, OSError) as error:
            self._fail(path, error)

    def _fail(self, path: Path, error: ImportFileError | OSError) -> None:
        reason = f"cannot be read: {error.strerror}." if isinstance(error, OSError) else str(error)
        self._report.failures.append(Failure(path, reason.removeprefix(str(path)).lstrip(": ")))


def _messages(report: ImportReport) -> int:
    return report.messages


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # looking at it says why


def _place(item: tuple[Path, Survey]) -> tuple[object, ...]:
    """Where a file comes among others, however they were given.

    Channels before threads, of which the first message may stand in both. The older of two exports first; of
    two of the same time the one that holds more. Files without ids from the shortest, for one may be the
    beginning of another.
    """
    path, each = item
    facts = each.facts
    if not facts.has_ids:
        return (2, each.size, str(path))
    channel = facts.channel
    if facts.format is FileFormat.JSON_LINES or channel is None:
        return (1, -each.rows, str(path))
    return (0, channel.is_thread, channel.id or 0, facts.exported_ms or 0, -each.rows, str(path))
