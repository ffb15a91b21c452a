import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from bot.mongod.errors import MongodError
from bot.mongod.leftover import Patience, end_leftover, mongod_holds
from bot.mongod.lock import FolderLock, is_locked
from bot.mongod.options import MongodOptions, mongod_arguments
from bot.mongod.parent_death import with_libraries
from bot.mongod.ports import free_port
from tests.support.mongod import some_mongod

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a leftover is identified through /proc")

SHORT = Patience(by_itself=0.1, asked=10, killed=5)
OWN = """
import sys, time
from pathlib import Path
from bot.mongod.lock import FolderLock
FolderLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
time.sleep(60)
"""
LOOK = """
import sys
from pathlib import Path
from bot.mongod.lock import is_locked
print("held", flush=True)
while True:
    is_locked(Path(sys.argv[1]))
"""
HOLD = """
import fcntl, os, sys, time
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print(os.getpid(), file=file, flush=True)
print("held", flush=True)
time.sleep(60)
"""


@contextmanager
def holder(lock: Path, code: str = HOLD) -> Iterator[subprocess.Popen[str]]:
    """Process that is no mongod and holds the lock, with its id in the file."""
    command = [sys.executable, "-c", code, str(lock)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - fixed argv
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def orphan(folder: Path) -> Iterator[psutil.Process]:
    """A mongod that nobody will end: its parent is gone and it was started without our launcher."""
    binary = some_mongod(folder)
    data = folder / "db"
    data.mkdir()
    arguments = mongod_arguments(MongodOptions(), data=data, port=free_port())
    log = folder / "mongod.log"
    subprocess.run(  # noqa: S603 - fixed argv
        [binary.path, *arguments, "--fork", "--logpath", log],
        env=with_libraries({}, str(binary.library_path or "")),
        stdout=subprocess.DEVNULL,
        check=True,
    )
    orphan = psutil.Process(int((data / "mongod.lock").read_text()))
    yield orphan
    with suppress(psutil.NoSuchProcess):
        orphan.kill()


def gone(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


async def test_an_orphan_is_asked_to_end_and_ends_cleanly(folder: Path, orphan: psutil.Process) -> None:
    lock = folder / "db" / "mongod.lock"
    assert mongod_holds(lock)

    await end_leftover(lock, SHORT)

    assert not mongod_holds(lock)
    assert gone(orphan)
    assert lock.read_text() == ""  # which mongod leaves when it ends cleanly


async def test_an_orphan_that_does_not_listen_is_killed(folder: Path, orphan: psutil.Process) -> None:
    orphan.suspend()

    await end_leftover(folder / "db" / "mongod.lock", Patience(by_itself=0.05, asked=0.2, killed=5))

    assert gone(orphan)


async def test_a_leftover_that_dies_by_itself_is_waited_for(tmp_path: Path) -> None:
    lock = tmp_path / "mongod.lock"
    with holder(lock) as process:
        waiting = asyncio.create_task(end_leftover(lock, Patience(by_itself=10)))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        process.kill()
        await waiting


async def test_a_process_that_is_no_mongod_is_left_alone(tmp_path: Path) -> None:
    lock = tmp_path / "mongod.lock"
    with holder(lock) as process:
        with pytest.raises(MongodError, match=f"process {process.pid}"):
            await end_leftover(lock, SHORT)
        assert process.poll() is None


async def test_a_free_or_missing_lock_is_no_leftover(tmp_path: Path) -> None:
    lock = tmp_path / "mongod.lock"
    await end_leftover(lock)
    lock.write_text("1\n")
    await end_leftover(lock)
    assert not mongod_holds(lock)


def test_a_folder_has_one_owner_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "owner.lock"
    mine = FolderLock(path)
    assert not is_locked(path)
    with holder(path, OWN) as other, pytest.raises(MongodError, match=f"process {other.pid}"):
        assert is_locked(path)
        mine.acquire()
    assert not is_locked(path)

    mine.acquire()
    mine.acquire()
    theirs = subprocess.run([sys.executable, "-c", OWN, path], capture_output=True, text=True, check=False)  # noqa: S603 - fixed argv
    assert f"process {os.getpid()}" in theirs.stderr

    mine.release()
    with holder(path, OWN) as other:
        assert path.read_text() == f"{other.pid}\n"


def test_who_only_looks_keeps_nobody_out_and_is_taken_for_no_owner(tmp_path: Path) -> None:
    """`running_uri` looks at each start; taken for an owner, the one would wait for the other's mongod."""
    path = tmp_path / "owner.lock"
    mine = FolderLock(path)
    mine.acquire()
    mine.release()
    with holder(path, LOOK):
        for _ in range(500):
            assert not is_locked(path)
            mine.acquire()
            mine.release()
