"""A mongod that an earlier run of the bot left on its folder."""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from bot.mongod.errors import MongodError
from bot.mongod.files import kept_number

_POLL = 0.02

if sys.platform == "win32":

    def _try_lock(lock: Path) -> None:
        with lock.open("r+b"):  # mongod opens it for itself alone
            pass
else:
    import fcntl

    def _try_lock(lock: Path) -> None:
        with lock.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the kind of lock that mongod takes


def mongod_holds(lock: Path) -> bool:
    """Tell whether a mongod holds its mongod.lock file; false where there is no such file."""
    try:
        _try_lock(lock)
    except FileNotFoundError:
        return False
    except (BlockingIOError, PermissionError):
        return True
    return False


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a leftover gets, in seconds, for each step."""

    by_itself: float = 1.0
    """It dies with its bot; this is the time until that has happened."""
    asked: float = 10.0
    """From being asked to end until it is killed."""
    killed: float = 5.0


@dataclass(frozen=True, slots=True)
class _Process:
    name: str
    parent: int


def _look_up(pid: int) -> _Process | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    name, _, rest = stat.partition("(")[2].rpartition(")")
    return _Process(name=name, parent=int(rest.split()[1]))


async def _freed(lock: Path, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            while mongod_holds(lock):  # noqa: ASYNC110 - another process's state
                await asyncio.sleep(_POLL)
    except TimeoutError:
        return False
    return True


def _holder(lock: Path) -> int:
    """Process id of the mongod that holds the lock, if it is one that may be ended."""
    pid = kept_number(lock)
    process = _look_up(pid) if pid else None
    # Elsewhere (a container, another system than Linux) the number may mean a process of somebody else.
    if pid is None or process is None or process.name != "mongod":
        raise MongodError(
            f"A mongod (process {pid or 'unknown'}) still uses {lock.parent}: end it and start again."
        )
    if process.parent == os.getpid():
        raise MongodError(f"This process already runs a mongod on {lock.parent}.")
    return pid


async def end_leftover(lock: Path, patience: Patience | None = None) -> None:
    """Return once no mongod holds ``lock``, its mongod.lock file.

    A leftover is waited for, then asked, then killed. Raises ``MongodError`` when it stays, or when nothing
    shows that the process is a mongod.
    """
    patience = patience or Patience()
    if not mongod_holds(lock) or await _freed(lock, patience.by_itself):
        return
    pid = _holder(lock)
    if sys.platform == "win32":  # its watcher ends it; there is nothing gentler to do than to wait
        steps = [(None, patience.asked)]
    else:
        steps = [(signal.SIGTERM, patience.asked), (signal.SIGKILL, patience.killed)]
    for step, seconds in steps:
        if step is not None:
            _send(pid, step)
        if await _freed(lock, seconds):
            return
    raise MongodError(f"The mongod of an earlier run (process {pid}) does not end: kill it and start again.")


def _send(pid: int, step: signal.Signals) -> None:
    try:
        os.kill(pid, step)
    except ProcessLookupError:
        return  # it ended just now, which is what was wanted
