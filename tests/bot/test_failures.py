"""A silent database costs the log a line a failure; what is the bot's own fault leaves its traceback."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import cast

import pytest
from pymongo.errors import ConnectionFailure, NetworkTimeout, OperationFailure, WTimeoutError
from structlog.testing import capture_logs

from analytics.timeframes import DEFAULT
from bot.clock import SystemClock
from bot.db.audit import AuditStore
from bot.db.database import Handle, connect, database, disconnect, silence_in
from bot.db.reader import Reader
from bot.failures import reason
from bot.ingest.journal import JournalFull
from bot.ingest.store import StoreUnavailable
from bot.jobs.registry import Job, JobContext
from bot.jobs.scheduler import Scheduler
from bot.members.people import People
from bot.members.present import PresentMembers
from bot.views.scope import Scope
from bot.views.service import Charts, Patience, Unavailable, Unprinted, ViewService
from tests.support.mongod import embedded_mongod, quick_folder

SCOPE = Scope(5, DEFAULT, int(datetime(2026, 1, 31, 23, 30, tzinfo=UTC).timestamp() * 1000))
LONG, SHORT = 60.0, 0.2
"""Seconds that a view waits: longer than the driver, or shorter."""
DRIVER_MS = 400


@pytest.fixture(scope="module")
def stopped() -> Iterator[str]:
    """Address of a mongod that is stopped: its system takes connections, and it says nothing."""
    with quick_folder() as folder, embedded_mongod(folder) as server:
        pid = server.process.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        try:
            yield server.uri
        finally:
            os.kill(pid, signal.SIGCONT)


@pytest.fixture
async def silent(stopped: str) -> AsyncIterator[Handle]:
    driver = connect(stopped, server_selection_ms=DRIVER_MS, socket_ms=DRIVER_MS)
    yield database(driver, "silent")
    disconnect(driver)


def shown(db: Handle, patience: float) -> Awaitable[object]:
    people = People(PresentMembers(), SystemClock())
    views = ViewService(Reader(db), cast("Charts", None), people, patience=Patience(database=patience))
    return views.show("overview", SCOPE)


@pytest.mark.parametrize(
    ("ask", "cause"),
    [
        (lambda db: shown(db, LONG), "ServerSelectionTimeoutError: "),
        (lambda db: shown(db, SHORT), "Unavailable: no answer within 0.2 seconds"),
        (lambda db: AuditStore(db).latest(5, 0, 10), "ServerSelectionTimeoutError: "),
        (lambda db: db.guilds.find_one(), "ServerSelectionTimeoutError: "),
    ],
    ids=["view", "impatient view", "audit log", "job"],
)
async def test_a_stopped_database_is_a_cause_of_one_line(
    silent: Handle, ask: Callable[[Handle], Awaitable[object]], cause: str
) -> None:
    done = asyncio.Event()

    async def work(_context: JobContext) -> None:
        try:
            await ask(silent)
        finally:
            done.set()

    scheduler = Scheduler(cast("JobContext", None), (Job("look", work, seconds=1),))
    with capture_logs() as logs:
        scheduler.start()
        async with asyncio.timeout(20):
            await done.wait()
        await asyncio.sleep(0)
        await scheduler.stop()
    (entry,) = logs
    assert (entry["event"], entry["job"], entry["log_level"]) == ("job failed", "look", "error")
    assert entry["cause"].startswith(cause)
    assert "\n" not in entry["cause"]
    assert "exc_info" not in entry


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "silence", [ConnectionFailure("gone"), NetworkTimeout("late"), WTimeoutError("no majority", 64)], ids=repr
)
def test_silence_is_found_however_it_is_wrapped(silence: Exception) -> None:
    for error in (silence, caused(StoreUnavailable("x"), silence), caused(Unavailable("x"), silence)):
        assert silence_in(error) is silence
        assert reason(error) == {"cause": f"{type(silence).__name__}: {silence}"}


@pytest.mark.parametrize(
    "error",
    [
        ZeroDivisionError("ours"),
        TimeoutError("of something else"),
        caused(StoreUnavailable("x"), OperationFailure("no such operator", 2)),
        caused(Unavailable("x"), OperationFailure("no such operator", 2)),
        StoreUnavailable("x"),
    ],
    ids=repr,
)
def test_what_is_our_fault_keeps_its_traceback(error: Exception) -> None:
    assert reason(error) == {"exc_info": error}


@pytest.mark.parametrize(
    "error", [JournalFull("1 MiB\nis full"), Unprinted("it could not be drawn")], ids=repr
)
def test_what_is_known_to_happen_needs_none(error: Exception) -> None:
    assert reason(error) == {"cause": f"{type(error).__name__}: {error}".replace("\n", " ")}
