"""Nothing is left behind, however the bot ends."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from bot.mongod.embedded import EmbeddedMongod
from bot.mongod.parent_death import with_libraries
from tests.support.mongod import some_mongod

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")

BOT = """
import asyncio, sys, time
from pathlib import Path
from bot.mongod.embedded import EmbeddedMongod

async def main() -> None:
    server = EmbeddedMongod(Path(sys.argv[1]))
    await server.start()
    print(server.process.pid, flush=True)
    if sys.argv[2] == "wait":
        time.sleep(60)

asyncio.run(main())
"""
WATCHED_BOT = """
import asyncio, sys, time
from pathlib import Path
from bot.mongod.options import MongodOptions, mongod_arguments
from bot.mongod.ports import free_port
from bot.mongod.process import MongodProcess
from tests.support.mongod import some_mongod

folder = Path(sys.argv[1])
(folder / "db").mkdir()
arguments = mongod_arguments(MongodOptions(), data=folder / "db", port=free_port())
process = MongodProcess(some_mongod(folder), arguments, log=folder / "mongod.log", watched=True)
asyncio.run(process.start())
print(process.pid, flush=True)
time.sleep(60)
"""


def start_bot(code: str, folder: Path, *more: str) -> tuple[subprocess.Popen[str], psutil.Process]:
    bot = subprocess.Popen(  # noqa: S603 - fixed argv
        [sys.executable, "-c", code, str(folder), *more], stdout=subprocess.PIPE, text=True
    )
    assert bot.stdout is not None
    return bot, psutil.Process(int(bot.stdout.readline()))


def kill(bot: subprocess.Popen[str]) -> None:
    bot.send_signal(signal.SIGKILL)
    bot.communicate()


def ended(process: psutil.Process, seconds: float = 2) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.01)
    return False


def test_killing_the_bot_ends_mongod_and_the_next_start_is_quick(folder: Path) -> None:
    bot, mongod = start_bot(BOT, folder, "wait")
    assert mongod.name() == "mongod"

    kill(bot)

    begun = time.monotonic()
    next_bot, next_mongod = start_bot(BOT, folder, "wait")
    taken = time.monotonic() - begun
    assert ended(mongod, 0.1)
    kill(next_bot)
    assert ended(next_mongod)
    assert taken < 2


def test_a_bot_that_ends_without_stopping_it_leaves_no_mongod(folder: Path) -> None:
    bot, mongod = start_bot(BOT, folder, "end")
    bot.communicate()
    assert bot.returncode == 0
    assert ended(mongod)


def test_the_watcher_ends_mongod_with_the_bot(folder: Path) -> None:
    bot, watcher = start_bot(WATCHED_BOT, folder)
    (mongod,) = watcher.children()
    assert mongod.name() == "mongod"

    kill(bot)

    assert ended(mongod)
    assert ended(watcher)


async def test_it_outlives_the_thread_and_the_loop_that_started_it(folder: Path) -> None:
    server = EmbeddedMongod(folder)
    thread = threading.Thread(target=lambda: asyncio.run(server.start()))
    thread.start()
    await asyncio.to_thread(thread.join)

    await asyncio.sleep(0.2)

    assert server.process.running
    await server.kill()
    await server.stop()


def test_a_parent_that_died_already_is_noticed(folder: Path) -> None:
    binary = some_mongod(folder)
    launcher = str(Path(sys.modules[with_libraries.__module__].__file__ or ""))
    not_the_parent = os.getppid()
    answer = subprocess.run(  # noqa: S603 - fixed argv
        [sys.executable, launcher, "exec", str(not_the_parent), "", str(binary.path), "--version"],
        capture_output=True,
        check=False,
    )
    assert (answer.returncode, answer.stdout) == (126, b"")


def test_the_library_folder_comes_before_what_was_set() -> None:
    assert with_libraries({"A": "1"}, "") == {"A": "1"}
    assert with_libraries({}, "/lib") == {"LD_LIBRARY_PATH": "/lib"}
    assert with_libraries({"LD_LIBRARY_PATH": "/x"}, "/lib") == {"LD_LIBRARY_PATH": "/lib:/x"}
