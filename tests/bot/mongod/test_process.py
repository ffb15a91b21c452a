import asyncio
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.mongod.binary import MongodBinary
from bot.mongod.errors import MongodError, PortTakenError
from bot.mongod.options import MongodOptions, mongod_arguments
from bot.mongod.ports import free_port, is_free
from bot.mongod.process import MongodProcess
from tests.support.mongod import some_mongod


@pytest.fixture
def binary(folder: Path) -> MongodBinary:
    return some_mongod(folder)


def standalone(binary: MongodBinary, folder: Path, port: int, *, watched: bool = False) -> MongodProcess:
    data = folder / "db"
    data.mkdir(exist_ok=True)
    arguments = mongod_arguments(MongodOptions(), data=data, port=port)
    return MongodProcess(binary, arguments, log=folder / "mongod.log", watched=watched)


@pytest.fixture
def watched() -> bool:
    """Whether a watcher stands in between; tests that are for both ways say so."""
    return sys.platform != "linux"


both_ways = pytest.mark.parametrize("watched", [False, True], ids=["kernel", "watcher"])


@pytest.fixture
async def process(binary: MongodBinary, folder: Path, *, watched: bool) -> AsyncIterator[MongodProcess]:
    process = standalone(binary, folder, free_port(), watched=watched)
    await process.start()
    yield process
    await process.kill()


@both_ways
async def test_it_runs_until_stopped_and_ends_cleanly(process: MongodProcess) -> None:
    assert process.running
    assert process.pid is not None

    await process.stop()

    assert await process.wait() == 0
    assert process.pid is None


@both_ways
async def test_after_a_kill_it_starts_again_on_the_same_port(process: MongodProcess) -> None:
    await process.kill()
    assert await process.wait() in {-signal.SIGKILL, 128 + signal.SIGKILL}

    await process.start()

    assert process.running


async def test_neither_a_second_start_nor_who_stops_waiting_ends_it(process: MongodProcess) -> None:
    with pytest.raises(MongodError, match="runs already"):
        await process.start()
    assert process.running

    waiting = asyncio.create_task(process.wait())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    assert process.running
    await process.kill()
    assert not process.running


async def test_a_taken_port_is_told_apart(binary: MongodBinary, folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = standalone(binary, folder, port)

        assert not is_free(port)
        with pytest.raises(PortTakenError, match="port is taken"):
            await process.start()
    assert not process.running


async def test_a_start_that_fails_shows_the_end_of_the_log(binary: MongodBinary, folder: Path) -> None:
    (folder / "db").write_text("a file where the folder should be")
    process = MongodProcess(
        binary, ["--dbpath", str(folder / "db"), "--port", str(free_port())], log=folder / "mongod.log"
    )

    with pytest.raises(MongodError, match="ended with code") as error:
        await process.start()

    assert str(folder / "mongod.log") in str(error.value)
    assert str(folder / "db") in str(error.value)


async def test_a_folder_in_use_is_named(binary: MongodBinary, folder: Path) -> None:
    first, second = (standalone(binary, folder, free_port()) for _ in range(2))
    await first.start()
    try:
        with pytest.raises(MongodError, match="another mongod uses its folder"):
            await second.start()
    finally:
        await first.kill()


async def test_files_of_an_unknown_version_are_named(binary: MongodBinary, folder: Path) -> None:
    process = standalone(binary, folder, free_port())
    await process.start()
    await process.stop()
    (folder / "db" / "storage.bson").write_bytes(b"")

    with pytest.raises(MongodError, match="ended with code"):
        await process.start()


async def test_one_that_is_not_ready_in_time_is_not_left_behind(binary: MongodBinary, folder: Path) -> None:
    process = standalone(binary, folder, free_port())
    with pytest.raises(MongodError, match="did not get ready in time"):
        await process.start(timeout=0.02)
    assert not process.running


async def test_a_cancelled_start_leaves_nothing_behind(binary: MongodBinary, folder: Path) -> None:
    process = standalone(binary, folder, free_port())
    starting = asyncio.create_task(process.start())
    await asyncio.sleep(0.1)
    starting.cancel()
    await asyncio.gather(starting, return_exceptions=True)
    assert starting.cancelled()
    assert not process.running


@pytest.mark.parametrize("there", [True, False])
async def test_a_start_cancelled_before_there_is_a_process_leaves_nothing_behind(
    binary: MongodBinary, folder: Path, monkeypatch: pytest.MonkeyPatch, *, there: bool
) -> None:
    begun = threading.Event()
    popen = subprocess.Popen

    def slow(*args: Any, **options: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401 - handed on
        begun.set()
        time.sleep(0.2)
        if not there:
            raise FileNotFoundError(args[0][0])
        return popen(*args, **options)

    monkeypatch.setattr("bot.mongod.process.subprocess.Popen", slow)
    process = standalone(binary, folder, free_port())
    starting = asyncio.create_task(process.start())
    await asyncio.to_thread(begun.wait)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert not process.running
    assert await process.wait() == (-signal.SIGKILL if there else 127)


async def test_a_program_that_is_not_there_is_an_error_with_its_name(folder: Path) -> None:
    process = standalone(MongodBinary(folder / "no-mongod", None, (6, 0, 0)), folder, free_port())
    with pytest.raises(MongodError, match="no-mongod"):
        await process.start()


async def test_never_started_it_can_be_stopped(binary: MongodBinary, folder: Path) -> None:
    process = standalone(binary, folder, free_port())
    await process.stop()
    assert await process.wait() == 0
