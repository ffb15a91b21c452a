"""Files of an export, and how they are brought below the size that may be sent."""

import asyncio
import io
import zipfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.user_errors import Refusal
from texts import tr

MAX_FILES = 10
"""Files a message."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file as it is sent; ``description`` says what a picture shows.

    ``smaller`` makes files of the same that are each smaller; None: there is no smaller form. A ``packed``
    file gains nothing from being zipped.
    """

    name: str
    content: bytes
    description: str = ""
    smaller: "Callable[[], Awaitable[Sequence[ExportFile]]] | None" = None
    packed: bool = False

    def numbered(self, number: int) -> str:
        """Name of a part of it."""
        stem, dot, suffix = self.name.rpartition(".")
        return f"{stem}-{number}{dot}{suffix}"


class TooLargeError(Refusal):
    """Not even the smallest form may be sent."""

    def __init__(self, name: str) -> None:
        super().__init__(
            tr(
                "`{name}` is larger than this server lets me send. Ask for a shorter timeframe, or export it "
                "on the command line with `serverstats show`.",
                name=name,
            )
        )


async def batches(files: Sequence[ExportFile], limit: int) -> list[list[ExportFile]]:
    """Files by message, each message at most ``limit`` bytes.

    What is too large alone is zipped, and what stays too large is sent in its smaller form. Raises
    TooLargeError where that does not help.
    """
    small = [part for file in files for part in await _small_enough(file, limit)]
    found: list[list[ExportFile]] = [[]]
    size = 0
    for file in small:
        if found[-1] and (size + len(file.content) > limit or len(found[-1]) == MAX_FILES):
            found.append([])
            size = 0
        found[-1].append(file)
        size += len(file.content)
    return [batch for batch in found if batch]


def unique(files: Iterator[ExportFile]) -> list[ExportFile]:
    """Files of which no two have the same name."""
    taken: set[str] = set()
    found = []
    for file in files:
        name, number = file.name, 1
        while name in taken:
            number += 1
            name = file.numbered(number)
        taken.add(name)
        found.append(replace(file, name=name))
    return found


async def _small_enough(file: ExportFile, limit: int) -> list[ExportFile]:
    if len(file.content) <= limit:
        return [file]
    if not file.packed:
        zipped = await asyncio.to_thread(_zipped, file)
        if len(zipped.content) <= limit:
            return [zipped]
    if file.smaller is None:
        raise TooLargeError(file.name)
    return [small for part in await file.smaller() for small in await _small_enough(part, limit)]


def _zipped(file: ExportFile) -> ExportFile:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(file.name), file.content, zipfile.ZIP_DEFLATED)
    return ExportFile(f"{file.name}.zip", packed.getvalue())
