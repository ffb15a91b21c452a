"""Runs the jobs; schedules live in memory and are rebuilt at every start."""

from collections.abc import Callable, Coroutine
from datetime import UTC
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.jobs.registry import JOBS, Job, JobContext

_log = structlog.get_logger(__name__)


class Scheduler:
    """Runs every row of ``JOBS``; a job that fails is logged and runs again at its next time."""

    def __init__(self, context: JobContext, jobs: tuple[Job, ...] = JOBS) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        for job in jobs:
            self._scheduler.add_job(
                _guarded(job, context),
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

    def stop(self) -> None:
        """End; a job that runs is cancelled with the loop."""
        self._scheduler.shutdown(wait=False)


def _trigger(job: Job) -> BaseTrigger:
    if job.seconds is None:
        return CronTrigger(minute=0, timezone=UTC)
    return IntervalTrigger(seconds=job.seconds, timezone=UTC)


def _guarded(job: Job, context: JobContext) -> Callable[[], Coroutine[Any, Any, None]]:
    async def run() -> None:
        try:
            await job.run(context)
        except Exception:  # noqa: BLE001 - one job's failure must not end the others'
            _log.exception("job failed", job=job.name)

    return run
