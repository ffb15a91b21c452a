"""Files that are there whole or not at all, whatever ends the process or the power, and the owner's alone.

A draft beside it is written, flushed and synced before it gets the name, and the name is synced as well: in
any other order a power cut leaves a name with nothing behind it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

OWNER_ONLY = 0o600


def write_whole(path: Path, content: bytes) -> None:
    """Put a file's new content in place of the old; blocking, for a thread where a loop runs."""
    with drafted(path.with_suffix(".new")) as file:
        file.write(content)
    put_in_place(path.with_suffix(".new"), path)


@contextmanager
def drafted(draft: Path) -> Iterator[BinaryIO]:
    """Make a file anew that only its owner can read; it is on the disk when the block ends, or gone."""
    draft.unlink(missing_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(draft, flags, OWNER_ONLY), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def put_in_place(draft: Path, path: Path) -> None:
    """Give a synced file its name, for good."""
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
