"""Files of an export, and how they are brought below the size that may be sent."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.user_errors import Refusal
from texts import tr

MAX_FILES = 10
"""Files a message."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file as it is sent."""

    name: str
    content: bytes


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


def batches(files: Sequence[ExportFile], limit: int) -> list[list[ExportFile]]:
    """Files by message, each message at most ``limit`` bytes; what is too large alone is zipped.

    Raises TooLargeError where that does not help.
    """
    found: list[list[ExportFile]] = [[]]
    size = 0
    for file in (_small_enough(file, limit) for file in files):
        if found[-1] and (size + len(file.content) > limit or len(found[-1]) == MAX_FILES):
            found.append([])
            size = 0
        found[-1].append(file)
        size += len(file.content)
    return [batch for batch in found if batch]


def unique(files: Iterator[ExportFile]) -> list[ExportFile]:
    """Files of which no two have the same name."""
    taken: dict[str, int] = {}
    found = []
    for file in files:
        taken[file.name] = taken.get(file.name, 0) + 1
        stem, dot, suffix = file.name.rpartition(".")
        name = file.name if taken[file.name] == 1 else f"{stem}-{taken[file.name]}{dot}{suffix}"
        found.append(ExportFile(name, file.content))
    return found


def _small_enough(file: ExportFile, limit: int) -> ExportFile:
    if len(file.content) <= limit:
        return file
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(file.name), file.content, zipfile.ZIP_DEFLATED)
    if packed.tell() > limit:
        raise TooLargeError(file.name)
    return ExportFile(f"{file.name}.zip", packed.getvalue())
