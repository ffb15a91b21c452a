"""Charts for the bot: drawn in processes of their own, each picture once.

matplotlib never enters the bot's process. A worker is a plain subprocess that a thread talks to over pipes:
one that hangs can be killed, one that dies is replaced, and all end by themselves when the bot ends. A report
takes as long as many charts, so a worker of its own prints it and ends with it: no chart waits for that.
"""

import asyncio
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import IO

import structlog

import analytics
from analytics.charts.report.spec import ReportSpec
from analytics.charts.spec import ChartSpec
from analytics.charts.wire import Drawn, Failed, decode_answer, encode_spec, read_frame, write_frame

START_SECONDS = 90.0
"""Loading matplotlib takes a second or two; on a slow and busy disk much longer."""

DRAW_SECONDS = 10.0
"""A drawing takes a twentieth of a second; one that takes this long hangs."""

REPORT_SECONDS = 120.0
"""Printing the longest report takes ten seconds or twenty; on a slow and busy machine much longer."""

CACHE_BYTES = 16 * 1024 * 1024
MOST_WAITING = 200
MOST_REPORTS = 5
_ATTEMPTS = 2

_PASSED_ON = frozenset(
    {
        "PATH",
        "HOME",
        "USERPROFILE",
        "SYSTEMROOT",
        "TEMP",
        "TMP",
        "TMPDIR",
        "LANG",
        "LC_ALL",
        "PYTHONHOME",
        "PYTHONUTF8",
        "LD_LIBRARY_PATH",
        "DYLD_LIBRARY_PATH",
    }
)
"""What a worker gets of the bot's environment; the secrets in it are none of its business."""


class ChartError(Exception):
    """A chart could not be drawn; the message is fit for users."""


class ChartsClosedError(ChartError):
    """The bot stops, and nothing is drawn any more."""

    def __init__(self) -> None:
        super().__init__("No more charts are drawn: the bot is shutting down.")


class ChartPool:
    """Draws charts without holding up the event loop, and remembers the latest pictures.

    ``config_dir`` is a folder matplotlib may keep its font list in. A picture that was drawn is answered from
    memory as long as it is among the last ``cache_bytes``; one that is being drawn is waited for.
    """

    def __init__(
        self,
        config_dir: Path,
        *,
        workers: int = 1,
        draw_seconds: float = DRAW_SECONDS,
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        self._seats: SimpleQueue[_Seat] = SimpleQueue()
        self._all_seats = tuple(_Seat(config_dir) for _ in range(workers))
        for seat in self._all_seats:
            self._seats.put(seat)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="charts")
        self._press = _Seat(config_dir)
        self._printing = ThreadPoolExecutor(1, thread_name_prefix="reports")
        self._reports: set[Future[bytes]] = set()
        self._draw_seconds = draw_seconds
        self._cache = _Pictures(cache_bytes)
        self._drawing: dict[bytes, asyncio.Task[bytes]] = {}
        self._closed = False

    def start(self) -> None:
        """Start the workers in the background: the first chart then need not wait for them."""
        for _ in self._all_seats:
            self._threads.submit(self._warm)

    async def draw(self, spec: ChartSpec) -> bytes:
        """Return the chart as PNG; raise ChartError if that is not possible."""
        request = encode_spec(spec)
        picture = self._cache.get(request)
        if picture is not None:
            return picture
        task = self._drawing.get(request)
        if task is None:
            if len(self._drawing) >= MOST_WAITING:
                raise ChartError("Too many charts are waiting to be drawn. Try again in a minute.")
            task = asyncio.create_task(self._draw(request))
            self._drawing[request] = task
            task.add_done_callback(lambda done: self._finish(request, done))
        return await asyncio.shield(task)

    async def print_report(self, spec: ReportSpec) -> bytes:
        """Return the report as PDF, in its turn; raise ChartError if that is not possible."""
        if self._closed:
            raise ChartsClosedError
        if len(self._reports) >= MOST_REPORTS:
            raise ChartError("Too many reports are waiting to be drawn. Try again in a few minutes.")
        future = self._printing.submit(self._print_in_worker, encode_spec(spec))
        self._reports.add(future)
        future.add_done_callback(self._reports.discard)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if self._closed:
                raise ChartsClosedError from None
            raise

    async def close(self) -> None:
        """End all workers; charts and reports that are still being drawn fail."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._stop_seats)
        await asyncio.gather(*self._drawing.values(), return_exceptions=True)

    async def _draw(self, request: bytes) -> bytes:
        if self._closed:
            raise ChartsClosedError
        future = self._threads.submit(self._draw_in_worker, request)
        try:
            picture = await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if self._closed:
                raise ChartsClosedError from None
            raise
        self._cache.put(request, picture)
        return picture

    def _finish(self, request: bytes, done: "asyncio.Task[bytes]") -> None:
        """Forget a drawing; its error was raised to those who asked, or nobody asks any more."""
        del self._drawing[request]
        if not done.cancelled():
            done.exception()

    def _warm(self) -> None:
        seat = self._seats.get()
        try:
            seat.worker()
        except _SeatClosedError:
            return
        except _WorkerError as error:
            seat.clear()
            self._warn("chart worker did not start", error)
        finally:
            self._seats.put(seat)

    def _print_in_worker(self, request: bytes) -> bytes:
        try:
            return _content(self._ask(self._press, request, REPORT_SECONDS))
        finally:
            self._press.clear()

    def _draw_in_worker(self, request: bytes) -> bytes:
        seat = self._seats.get()
        try:
            answer = self._ask(seat, request, self._draw_seconds)
        finally:
            self._seats.put(seat)
        return _content(answer)

    def _ask(self, seat: "_Seat", request: bytes, seconds: float) -> Drawn | Failed:
        """Ask a worker; a fresh one a second time if it died."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return seat.worker().ask(request, seconds)
            except _WorkerTimeoutError as error:
                seat.clear()
                _log().warning("chart given up", reason=str(error))
                raise ChartError("This chart took too long to draw and was given up.") from error
            except _WorkerDiedError as error:
                seat.clear()
                self._warn("chart worker died", error, attempt=attempt)
            except _SeatClosedError as error:
                raise ChartsClosedError from error
        raise ChartError("The process that draws charts keeps ending; the bot's log says more.")

    def _warn(self, what: str, error: "_WorkerError", **more: int) -> None:
        """Tell of a worker that is gone, unless the bot itself has just ended it."""
        if not self._closed:
            _log().warning(what, reason=str(error), **more)

    def _stop_seats(self) -> None:
        self._press.close()
        self._printing.shutdown(cancel_futures=True)
        for seat in self._all_seats:
            seat.close()
        for _ in self._all_seats:
            seat = self._seats.get()
            seat.clear()
            self._seats.put(seat)


def _content(answer: Drawn | Failed) -> bytes:
    if isinstance(answer, Failed):
        _log().error("chart failed", details=answer.details)
        raise ChartError("This chart could not be drawn; the bot's log says why.")
    return answer.content


class _Pictures:
    """The latest pictures by what was asked for, bounded in bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._pictures: OrderedDict[bytes, bytes] = OrderedDict()

    def get(self, request: bytes) -> bytes | None:
        """Return a picture, which is then the latest."""
        picture = self._pictures.get(request)
        if picture is not None:
            self._pictures.move_to_end(request)
        return picture

    def put(self, request: bytes, picture: bytes) -> None:
        """Keep a picture and drop the oldest ones beyond the bound."""
        self._pictures[request] = picture
        self._held += len(request) + len(picture)
        while self._held > self._most:
            oldest, dropped = self._pictures.popitem(last=False)
            self._held -= len(oldest) + len(dropped)


class _WorkerError(Exception):
    """A worker did not answer."""


class _WorkerDiedError(_WorkerError):
    """It ended before."""


class _WorkerTimeoutError(_WorkerError):
    """It took too long and was killed."""


class _SeatClosedError(_WorkerError):
    """No worker is wanted any more."""


class _Seat:
    """The place of one worker, filled when it is needed; used by one thread at a time, but for ``close``."""

    def __init__(self, config_dir: Path) -> None:
        self._config_dir = config_dir
        self._lock = threading.Lock()
        self._worker: _Worker | None = None
        self._closed = False

    def worker(self) -> "_Worker":
        """Return a worker that is ready, a new one if there is none; raise if it cannot start."""
        with self._lock:
            if self._closed:
                raise _SeatClosedError("closed")
            if self._worker is not None:
                return self._worker
            self._worker = worker = _Worker(self._config_dir)
        worker.receive(START_SECONDS)
        return worker

    def clear(self) -> None:
        """End the worker and free what it holds."""
        with self._lock:
            if self._worker is not None:
                self._worker.stop()
                self._worker = None

    def close(self) -> None:
        """Kill the worker for good; a thread that waits for its answer learns it and clears up."""
        with self._lock:
            self._closed = True
            if self._worker is not None:
                self._worker.end()


class _Worker:
    """One drawing process. Its first answer says that it is ready."""

    def __init__(self, config_dir: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "analytics.charts.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=_environment(config_dir),
            process_group=None if sys.platform == "win32" else 0,
        )

    def ask(self, request: bytes, seconds: float) -> Drawn | Failed:
        """Send a description and return the answer; raise if the worker dies or takes longer."""
        try:
            write_frame(_pipe(self._process.stdin), request)
        except OSError as error:
            raise _WorkerDiedError("it had ended before") from error
        return self.receive(seconds)

    def receive(self, seconds: float) -> Drawn | Failed:
        """Return the next answer; raise if the worker dies or takes longer."""
        late = threading.Event()
        timer = threading.Timer(seconds, self._kill_late, args=(late,))
        timer.start()
        try:
            data = read_frame(_pipe(self._process.stdout))
        finally:
            timer.cancel()
        if data is not None:
            return decode_answer(data)
        if late.is_set():
            raise _WorkerTimeoutError(f"no answer within {seconds:g} s")
        raise _WorkerDiedError(f"exit code {self._process.wait()}")

    def end(self) -> None:
        """End the process at once; return when it is gone."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End the process and free what it holds."""
        self.end()
        _pipe(self._process.stdout).close()
        try:
            _pipe(self._process.stdin).close()
        except BrokenPipeError:
            _log().debug("request to a chart worker lost")

    def _kill_late(self, late: threading.Event) -> None:
        late.set()
        self._process.kill()


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise _WorkerDiedError("it has no pipe")
    return stream


def _environment(config_dir: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name.upper() in _PASSED_ON}
    root = Path(analytics.__file__).parent.parent
    return kept | {"PYTHONPATH": str(root), "MPLCONFIGDIR": str(config_dir)}


def _log() -> structlog.stdlib.BoundLogger:
    log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)
    return log
