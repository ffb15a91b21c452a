"""One bot to a folder."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.mongod.errors import MongodError

_GLANCE_SECONDS = 0.2
"""Longer than anybody takes to look whether a lock is held; Windows cannot look without taking it."""
_POLL = 0.002

if sys.platform == "win32":
    import msvcrt

    _FAR = 1024  # Windows lets nobody read a locked byte: lock one behind the text

    def _take(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _look(handle: int) -> None:
        _insist(_take, handle)
else:
    import fcntl

    def _take(handle: int) -> None:
        # Belongs to the process: a forked worker that outlives a killed bot does not keep it.
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _look(handle: int) -> None:
        # Shared: two that look at once do not take each other for an owner.
        fcntl.lockf(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)


def _insist(lock: Callable[[int], None], handle: int) -> None:
    """Lock though others look at the same moment; OSError where somebody holds it for longer."""
    until = time.monotonic() + _GLANCE_SECONDS
    while True:
        try:
            lock(handle)
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(_POLL)
        else:
            return


def is_locked(path: Path) -> bool:
    """Tell whether another process holds a ``FolderLock`` on the file.

    Not for the process that holds it: looking would drop the lock.
    """
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        _look(handle)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


class FolderLock:
    """Says that a folder is ours while this process lives; a crash frees it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def acquire(self) -> None:
        """Take the lock, if it is not ours yet; ``MongodError`` if another process has it."""
        if self._handle is not None:
            return
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _insist(_take, handle)
        except OSError as error:
            holder = os.read(handle, 32).decode(errors="replace").strip() or "unknown"
            os.close(handle)
            raise MongodError(
                f"Another Serverstats (process {holder}) uses {self._path.parent}: "
                "stop it, or give this one a data folder of its own."
            ) from error
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, f"{os.getpid()}\n".encode())
        self._handle = handle

    def release(self) -> None:
        """Give the folder free; nothing happens if it was not ours."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
