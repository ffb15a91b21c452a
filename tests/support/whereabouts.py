"""Where a process of the bot hangs: its threads and tasks, on standard error, when it is asked."""

from __future__ import annotations

import asyncio
import faulthandler
import signal
import sys

THREADS, TASKS = signal.SIGUSR1, signal.SIGUSR2
"""Signals that ask. Threads are told by C code, and so even by a process whose loop is blocked."""


def tell_when_asked() -> None:
    """Have this process answer the two signals."""
    faulthandler.register(THREADS, file=sys.stderr, all_threads=True)
    signal.signal(TASKS, _tell_tasks)


def _tell_tasks(_number: int, _frame: object) -> None:
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        sys.stderr.write("no loop runs\n")
        return
    for task in asyncio.all_tasks(loop):
        task.print_stack(file=sys.stderr)
        sys.stderr.write(f"{_waits_in(task)}\n")


def _waits_in(task: asyncio.Task[object]) -> str:
    """The innermost places of what a task awaits: a task's own stack shows its outermost frame alone."""
    told: list[str] = []
    inner: object = task.get_coro()
    while inner is not None:
        frame = getattr(inner, "cr_frame", None) or getattr(inner, "gi_frame", None)
        told.append(repr(inner) if frame is None else f"{frame.f_code.co_filename}:{frame.f_lineno}")
        inner = getattr(inner, "cr_await", None) or getattr(inner, "gi_yieldfrom", None)
    return "  awaits " + "\n    ".join(told)
