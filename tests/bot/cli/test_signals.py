"""Ending a command by a signal."""

import asyncio
import signal

import pytest

from bot.cli.signals import until_told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_in_the_first_moment_cancels_the_work(number: signal.Signals) -> None:
    ended: list[str] = []

    async def work() -> None:
        signal.raise_signal(number)
        try:
            await asyncio.sleep(10)
        finally:
            ended.append("cleanly")

    await until_told(work())
    assert ended == ["cleanly"]


async def test_work_that_ends_by_itself_needs_no_signal() -> None:
    await until_told(asyncio.sleep(0))


async def test_what_the_work_raises_is_raised() -> None:
    async def work() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await until_told(work())
