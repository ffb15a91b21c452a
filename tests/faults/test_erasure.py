"""A process killed in the middle of an erasure: the next one finishes it, and nothing else is lost."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from bot.db.database import Driver, Handle
from bot.privacy.records import Erased
from tests.bot.privacy.living import GUILD, Reacted, World
from tests.support.erasing_child import PLACES
from tests.support.traces import places_of

ROOT = Path(__file__).resolve().parents[2]
SLOW = 60.0


@pytest.mark.parametrize("place", PLACES)
async def test_an_erasure_that_was_cut_short_is_finished(
    mongodb_uri: str, driver: Driver, db: Handle, database_name: str, tmp_path: Path, place: str
) -> None:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.erasing_child"),
        *(mongodb_uri, database_name, str(tmp_path / "data"), place),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    async with asyncio.timeout(SLOW):
        assert await child.wait() == -signal.SIGKILL

    world = World(driver, db, tmp_path / "data", session=7)
    for number in (*range(40), *range(6)):
        world.messages[world.next_id()] = 1 + number % 3
    first = next(iter(world.messages))
    world.decided[1] = [Erased(GUILD, world.member(1), world.next_id())]
    world.reactions = {(first, who): Reacted(0, given=who == 2, received=False) for who in (1, 2)}
    world.given[2] = 1
    assert await places_of(db, tmp_path / "data", world.member(2)) != []
    await world.start()
    await world.finish()
    assert await places_of(db, tmp_path / "data", world.member(1)) == []
    assert await world.stored() == world.expected()
    await world.stop()
