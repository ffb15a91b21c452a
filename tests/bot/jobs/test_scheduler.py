"""Jobs go on though the host's clock is set, and end when they are told to."""

import asyncio
from datetime import timedelta
from typing import cast

import pytest
import time_machine
from structlog.testing import capture_logs

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
        await scheduler.stop()


async def test_a_job_that_runs_is_over_when_the_scheduler_has_stopped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    began, said = asyncio.Event(), []

    async def run(_context: JobContext) -> None:
        began.set()
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.05)  # it tidies up
            said.append("over")

    scheduler = Scheduler(cast("JobContext", None), (Job("job", run, seconds=1),))
    scheduler.start()
    with capture_logs() as logs:
        async with asyncio.timeout(5):
            await began.wait()
        await scheduler.stop()
        assert said == ["over"]
        await scheduler.stop()
        await asyncio.sleep(1.2)
    assert said == ["over"], "none begins any more"
    assert logs == []
    assert [each.message for each in caplog.records if each.levelname in {"WARNING", "ERROR"}] == []
