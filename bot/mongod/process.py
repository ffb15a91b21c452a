"""One mongod as our child: started, stopped, and never left behind."""

import asyncio
import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from bot.mongod import logfile, parent_death
from bot.mongod.binary import MongodBinary, apart, child_environment
from bot.mongod.cpu import this_cpu_lacks_avx
from bot.mongod.errors import MongodError
from bot.mongod.explain import start_failure

_POLL = 0.01
_NEVER_RAN = 127
_LISTENING = '"id":23016,'  # "Waiting for connections", in every version since 4.4


class _Keeper(threading.Thread):
    """Starts the child and waits for it, in one thread.

    The kernel ends the child when the thread that started it ends, so that thread must be one that lives as
    long as the child. It also makes the child independent of any event loop.
    """

    def __init__(self, command: Sequence[str], output: Path, *, piped: bool) -> None:
        super().__init__(name="mongod-keeper", daemon=True)
        self._command = command
        self._output = output
        self._piped = piped
        self.started: Future[subprocess.Popen[bytes]] = Future()
        self.ended: Future[int] = Future()
        for future in (self.started, self.ended):
            future.set_running_or_notify_cancel()  # who stops waiting cancels neither

    def run(self) -> None:
        try:
            with self._output.open("ab") as output:
                child = subprocess.Popen(  # noqa: S603 - fixed argv, no shell
                    self._command,
                    stdin=subprocess.PIPE if self._piped else subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=child_environment(),
                    **apart(),  # the bot stops mongod last
                )
        except OSError as error:
            self.ended.set_result(_NEVER_RAN)
            self.started.set_exception(error)
            return
        self.started.set_result(child)
        code = child.wait()
        if child.stdin is not None:
            child.stdin.close()
        self.ended.set_result(code)


class MongodProcess:
    """A mongod that dies with this process, whatever ends it.

    ``watched`` puts a small process in between instead of asking the kernel; it is the only way elsewhere
    than on Linux.
    """

    def __init__(
        self,
        binary: MongodBinary,
        arguments: Sequence[str],
        *,
        log: Path,
        watched: bool = sys.platform != "linux",
    ) -> None:
        self.log = log
        self._watched = watched
        self._command = _launch(binary, arguments, watched=watched)
        self._keeper: _Keeper | None = None

    @property
    def running(self) -> bool:
        """Whether the process was started and has not ended."""
        return self._keeper is not None and not self._keeper.ended.done()

    @property
    def pid(self) -> int | None:
        """Process id while it runs: mongod's own, or its watcher's."""
        return self._keeper.started.result().pid if self._keeper is not None and self.running else None

    async def start(self, timeout: float = 120) -> None:  # noqa: ASYNC109 - a child has to be killed at its end
        """Start it and return once it takes connections.

        ``timeout`` in seconds has to cover the repair of files after a kill. Raises ``MongodError`` with the
        end of the log, ``PortTakenError`` if something else has the port; nothing is left running then.
        """
        if self.running:
            raise MongodError("This mongod runs already.")
        offset = logfile.size(self.log)
        self._keeper = keeper = _Keeper(self._command, self.log, piped=self._watched)
        keeper.start()
        try:
            await asyncio.wrap_future(keeper.started)
            ready = await self._listens(keeper, offset, timeout)
        except OSError as error:
            self._keeper = None
            raise MongodError(f"Cannot run {self._command[0]}: {error}") from error
        except BaseException:
            await self.kill()
            raise
        if not ready:
            exit_code = keeper.ended.result() if keeper.ended.done() else None
            await self.kill()
            text = logfile.text_since(self.log, offset)
            raise start_failure(exit_code, text, self.log, no_avx=this_cpu_lacks_avx())

    async def _listens(self, keeper: _Keeper, offset: int, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                while _LISTENING not in logfile.text_since(self.log, offset):
                    if keeper.ended.done():
                        return False
                    await asyncio.sleep(_POLL)
        except TimeoutError:
            return False
        return True

    async def stop(self, patience: float = 8) -> None:
        """Ask it to end, kill it after ``patience`` seconds; returns when it is gone."""
        self._order(parent_death.TERMINATE)
        try:
            async with asyncio.timeout(patience):
                await self.wait()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """Kill it at once and return when it is gone; what it acknowledged is kept."""
        self._order(parent_death.KILL)
        await self.wait()

    async def wait(self) -> int:
        """Exit code, once it has ended: negative for a signal; 0 if it was never started."""
        return await asyncio.wrap_future(self._keeper.ended) if self._keeper is not None else 0

    def _order(self, order: bytes) -> None:
        if self._keeper is None or self._keeper.ended.done():
            return
        if self._keeper.started.exception() is not None:  # waits for it, should it not have begun yet
            return
        child = self._keeper.started.result()
        if child.stdin is not None:
            with contextlib.suppress(BrokenPipeError, ValueError):  # it ended just now
                child.stdin.write(order)
                child.stdin.flush()
        elif order == parent_death.KILL:
            child.kill()
        else:
            child.terminate()


def _launch(binary: MongodBinary, arguments: Sequence[str], *, watched: bool) -> tuple[str, ...]:
    """Command that starts mongod through the launcher."""
    how = ("watch",) if watched else ("exec", str(os.getpid()))
    launcher = (sys.executable, "-I", "-S", parent_death.__file__)
    return (*launcher, *how, str(binary.library_path or ""), str(binary.path), *arguments)
