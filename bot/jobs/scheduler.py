"""Runs the jobs; schedules live in memory and are rebuilt at every start.

APScheduler goes by the host's clock. Set back by an hour, that would let every job wait for an hour; so it is
watched against the clock that nobody sets, and jobs are scheduled anew.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import SystemClock, steady_ms
from bot.failures import reason
from bot.jobs.registry import JOBS, Job, JobContext

LOOK_SECONDS = 5.0
STEP_MS = 2_000
"""How far the clock has to jump between two looks; time servers nudge it by less."""

_log = structlog.get_logger(__name__)


class Scheduler:
    """Runs every row of ``JOBS``; a job that fails is logged and runs again at its next time."""

    def __init__(self, context: JobContext, jobs: tuple[Job, ...] = JOBS) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._jobs = jobs
        self._watching: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[Any]] = set()
        self._stopped = False
        for job in jobs:
            self._scheduler.add_job(
                self._guarded(job, context),
                _trigger(job),
                id=job.name,
                name=job.name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )

    def start(self) -> None:
        """Begin; needs the running event loop."""
        self._scheduler.start()
        self._watching = asyncio.create_task(self._watch_clock(), name="clock")

    async def stop(self) -> None:
        """End, with every job that runs; nothing of them goes on when this returns. May come again."""
        self._stopped = True
        if self._watching is None:
            return
        self._watching.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)  # takes place a turn of the loop later
        for task in self._running:
            task.cancel()
        await asyncio.gather(self._watching, *self._running, return_exceptions=True)

    def _guarded(self, job: Job, context: JobContext) -> Callable[[], Coroutine[Any, Any, None]]:
        """The job as APScheduler runs it: what it raises is logged, and being stopped is no error."""

        async def run() -> None:
            task = asyncio.current_task()
            if self._stopped or task is None:
                return
            self._running.add(task)
            try:
                await job.run(context)
            except asyncio.CancelledError:
                if not self._stopped:
                    raise
            except Exception as error:  # noqa: BLE001 - one job's failure must not end the others'
                _log.error("job failed", job=job.name, **reason(error))
            finally:
                self._running.discard(task)

        return run

    async def _watch_clock(self) -> None:
        """Schedule every job anew when the clock was set."""
        clock = (
            SystemClock()
        )  # not the bot's own: a demo's is set by the demo, and APScheduler knows this one
        offset = clock.now_ms() - steady_ms()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            before, offset = offset, clock.now_ms() - steady_ms()
            if abs(offset - before) > STEP_MS:
                _log.warning("the clock was set: jobs are scheduled anew", ms=offset - before)
                for job in self._jobs:
                    self._scheduler.reschedule_job(job.name, trigger=_trigger(job))


def _trigger(job: Job) -> BaseTrigger:
    if job.seconds is None:
        return CronTrigger(minute=0, timezone=UTC)
    return IntervalTrigger(seconds=job.seconds, timezone=UTC)
