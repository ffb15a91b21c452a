"""Jobs go on though the host's clock is set."""

import asyncio
from datetime import timedelta
from typing import cast

import pytest
import time_machine

from bot.jobs import scheduler as module
from bot.jobs.registry import Job, JobContext
from bot.jobs.scheduler import Scheduler


@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(days=-30), timedelta(hours=5)], ids=str)
async def test_a_job_runs_on_though_the_clock_is_set(
    monkeypatch: pytest.MonkeyPatch, step: timedelta
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.1)
    runs = 0

    async def run(_context: JobContext) -> None:
        nonlocal runs
        runs += 1

    async def until(count: int) -> None:
        async with asyncio.timeout(5):
            while runs < count:
                await asyncio.sleep(0.01)

    with time_machine.travel("2026-03-01T12:00:00+00:00") as traveller:
        scheduler = Scheduler(cast("JobContext", None), (Job("job", run, seconds=1),))
        scheduler.start()
        await until(1)
        traveller.shift(step)
        await until(runs + 2)
        assert runs < 6, "what a jump left out is not made up for"
        scheduler.stop()
