"""Looking at the host: Python, data folder, disk, open files, pseudonym key, fonts."""

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.datafolder import DataFolder
from bot.privacy.keyfile import FILE_NAME, KeyFileError, load_key

SAMPLES = {
    "Latin": "Aé",
    "Greek": "Ω",
    "Cyrillic": "Ж",
    "Arabic": "ع",
    "Hebrew": "ש",
    "Hindi": "ह",
    "Thai": "ไ",
    "Chinese": "中",
    "Japanese": "あ",
    "Korean": "한",
    "emoji": "😀",
}
"""A letter of every script that a chart is likely to meet."""


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """A folder that is there or could be made. ``obstacle``: why nothing can be written (None: it can).

    ``exposed``: files in it that more than their owner can reach.
    """

    path: Path
    exists: bool
    obstacle: str | None
    free_bytes: int
    exposed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """The key file: whether it is there, and what is wrong with it."""

    exists: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class FontFacts:
    """Scripts whose letters would be drawn as boxes, and packages that bring them."""

    missing_scripts: tuple[str, ...]
    missing_packages: tuple[str, ...]


def python_version() -> tuple[int, int]:
    """Version of the running Python."""
    return sys.version_info[:2]


def look_at_folder(path: Path) -> FolderFacts:
    """Try to write where the folder is, or where it would be made; leaves nothing behind."""
    existing = next(folder for folder in (path, *path.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    return FolderFacts(path, path.exists(), _obstacle(existing), free, _exposed(path))


def look_at_key(data_dir: Path) -> KeyFacts:
    """Read the key file, if there is one."""
    path = data_dir / FILE_NAME
    if not path.exists():
        return KeyFacts(exists=False, problem=None)
    try:
        load_key(path)
    except KeyFileError as error:
        return KeyFacts(exists=True, problem=str(error))
    return KeyFacts(exists=True, problem=None)


def open_files_limit() -> int | None:
    """How many files this process may have open; None where the system does not say."""
    if os.name != "posix":
        return None
    import resource  # noqa: PLC0415 - only Unix has it

    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def look_at_fonts() -> FontFacts:
    """Try a letter of every script (opens all fonts: takes a second)."""
    from analytics.charts.fonts import missing_glyphs, missing_packages  # noqa: PLC0415 - slow to import

    missing = missing_glyphs("".join(SAMPLES.values()))
    scripts = tuple(name for name, letters in SAMPLES.items() if missing.intersection(letters))
    return FontFacts(scripts, missing_packages())


def _exposed(path: Path) -> tuple[str, ...]:
    try:
        return tuple(str(each.relative_to(path)) for each in DataFolder(path).open_to_others())
    except OSError:  # not ours to look into, which the obstacle says
        return ()


def _obstacle(folder: Path) -> str | None:
    if not folder.is_dir():
        return f"{folder} is no folder"
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
            file.flush()
    except OSError as error:
        return f"{folder}: {error.strerror}"
    return None
