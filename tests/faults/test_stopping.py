"""SIGTERM under load: what was accepted is in the database five seconds later, whatever it is doing."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from tests.faults.lives import check
from tests.faults.running import connected_bot
from tests.support.lossy_proxy import LossyProxy

if TYPE_CHECKING:
    from pathlib import Path

    from bot.db.database import Handle

RATE = 400.0
PATIENCE = 5.0
"""Seconds; whoever sends SIGTERM kills ten seconds later, or sooner."""


@pytest.mark.parametrize("flush_seconds", ["60", "0.1"], ids=["much is left", "a commit is under way"])
async def test_everything_accepted_counts_within_five_seconds_of_sigterm(
    mongodb_uri: str, db: Handle, tmp_path: Path, flush_seconds: str
) -> None:
    more = {"SERVERSTATS_FLUSH_SECONDS": flush_seconds}
    async with (
        LossyProxy(mongodb_uri) as proxy,
        connected_bot(proxy.uri, db, tmp_path / "data", more) as run,
    ):
        proxy.delay = 0.02
        async with run.traffic.flowing(RATE):
            while len(run.lives.settings.witnessed()) < 4 * RATE:
                await asyncio.sleep(0.05)
            since = time.monotonic()
            assert await run.bot.terminate() == 0, run.bot.log
            assert time.monotonic() - since < PATIENCE
        assert "waits in the journal" not in run.bot.log
        assert "Traceback" not in run.bot.log
        assert await check(db, run.lives, kills=0) == len(run.lives.settings.witnessed())
