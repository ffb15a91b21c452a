"""Which files are meant: those named, those that a pattern fits, those in a folder."""

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.importing.probe import ONE_PERSONS

ENDINGS = (".json", ".jsonl", ".ndjson")
PACKED = ".gz"
_PACKAGE_CHANNEL = "channel.json"
_PACKAGE_MESSAGES = frozenset({"messages.json", "messages.csv"})
_PACKAGE_INDEX = "index.json"


@dataclass(frozen=True, slots=True)
class Failure:
    """A file or folder that is not imported, or not whole, and why."""

    path: Path
    reason: str


@dataclass(slots=True)
class Found:
    """Files to import, each once; ``passed_over``: how many in folders have other names."""

    files: list[Path] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    passed_over: int = 0


def find_files(named: Iterable[Path]) -> Found:
    """Look for what was named; blocking. What is not there is a failure, and no exception."""
    found = Found()
    known: set[Path] = set()
    for path in named:
        for each in _matching(path, found):
            files = _in_folder(each, found) if each.is_dir() else (each,)
            for file in files:
                real = file.resolve()
                if real not in known:
                    known.add(real)
                    found.files.append(file)
    return found


def _matching(path: Path, found: Found) -> list[Path]:
    """The path itself, or what it fits where it is a pattern that no shell has taken for one."""
    if path.exists() or not glob.has_magic(str(path)):
        return [path]
    matching = [Path(each) for each in sorted(glob.glob(str(path), recursive=True))]  # noqa: PTH207 - absolute ones, too
    if not matching:
        found.failures.append(Failure(path, "fits no file."))
    return matching


def _in_folder(folder: Path, found: Found) -> Iterator[Path]:
    """Files of a folder and all folders in it that may be meant."""
    seen = personal = 0

    def unreadable(error: OSError) -> None:
        found.failures.append(Failure(Path(error.filename), f"cannot be read: {error.strerror}."))

    for where, folders, names in os.walk(folder, onerror=unreadable):
        folders.sort()
        ours = [name for name in sorted(names) if _may_be_meant(name)]
        found.passed_over += len(names) - len(ours)
        seen += len(ours)
        if _PACKAGE_CHANNEL in names and not _PACKAGE_MESSAGES.isdisjoint(names):
            personal += 1
        elif not (_PACKAGE_INDEX in names and any(_is_package(Path(where, each)) for each in folders)):
            yield from (Path(where, name) for name in ours)
    if personal:
        found.failures.append(Failure(folder, f"holds {personal:,} channels that are {ONE_PERSONS}"))
    elif not seen:
        found.failures.append(
            Failure(
                folder, f"holds no file whose name ends in {', '.join(ENDINGS)} (or with {PACKED} behind)."
            )
        )


def _may_be_meant(name: str) -> bool:
    return name.lower().removesuffix(PACKED).endswith(ENDINGS) and not name.startswith(".")


def _is_package(folder: Path) -> bool:
    return (folder / _PACKAGE_CHANNEL).is_file()
