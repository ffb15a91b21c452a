"""The real bot on a replica set of three: the primary is killed, or steps down, under traffic."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from pymongo.errors import AutoReconnect, OperationFailure

from tests.faults.lives import SLOW
from tests.faults.running import Run, connected_bot, opened
from tests.support.mongod import Node, NodeSet, quick_folder, replica_set

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.db.database import Handle

RATE = 300.0
EXCEEDED_TIME_LIMIT = 262


@pytest.fixture
def three() -> Iterator[NodeSet]:
    with quick_folder() as folder, replica_set(folder) as nodes:
        yield nodes


async def primary(db: Handle, nodes: NodeSet, but: Node | None = None) -> Node:
    """The node that takes writes, once it is another."""
    async with asyncio.timeout(SLOW):
        while True:
            with suppress(AutoReconnect):
                address = (await db.client.admin.command("hello")).get("primary")
                found = next((node for node in nodes.nodes if node.address == address), None)
                if found is not None and found is not but:
                    return found
            await asyncio.sleep(0.05)


async def step_down(db: Handle) -> None:
    """Let the primary hand over, as it does when it is shut down; again if no other was up to it."""
    async with asyncio.timeout(SLOW):
        while True:
            try:
                await db.client.admin.command("replSetStepDown", 3, secondaryCatchUpPeriodSecs=2)
            except AutoReconnect:
                return
            except OperationFailure as error:
                if error.code != EXCEEDED_TIME_LIMIT:
                    raise
            else:
                return


async def goes_on(run: Run) -> None:
    """Whatever was sent until now counts, and so does what is sent from now on."""
    await run.counts_on()
    await run.traffic.send_everywhere()
    await run.counts_on()


async def test_the_primary_is_killed_and_the_next_one_too(three: NodeSet, tmp_path: Path) -> None:
    async with opened(three.uri) as db, connected_bot(three.uri, db, tmp_path / "data") as run:
        async with run.traffic.flowing(RATE):
            await goes_on(run)
            for _ in range(2):
                gone = await primary(db, three)
                await asyncio.to_thread(gone.kill)
                await run.accepts_on()
                await primary(db, three, but=gone)
                await goes_on(run)
                await asyncio.to_thread(gone.start)
        await run.check()
    assert len(run.traffic.server.records.identifies) == 1
    assert "Traceback" not in run.bot.log


async def test_the_primary_steps_down(three: NodeSet, tmp_path: Path) -> None:
    async with opened(three.uri) as db, connected_bot(three.uri, db, tmp_path / "data") as run:
        async with run.traffic.flowing(RATE):
            await goes_on(run)
            for _ in range(2):
                before = await primary(db, three)
                await step_down(db)
                await primary(db, three, but=before)
                await goes_on(run)
        await run.check()
    assert len(run.traffic.server.records.identifies) == 1
    assert "Traceback" not in run.bot.log
