"""A process that counts members, is told to erase one, and kills itself in the middle of it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.db import erasing, recording
from bot.db.database import connect, database
from bot.db.directory import Directory
from bot.db.packing import Packer
from bot.db.recording import MongoStore
from bot.ingest.journal import Journal
from bot.privacy.consents import Consents
from bot.privacy.records import Erased
from tests.bot.privacy.living import GUILD, World

if TYPE_CHECKING:
    from collections.abc import Callable

SURVIVED = 3
"""Exit code of a process that did not pass its place."""
LATER_MS = 1_790_000_000_000 + 30 * 86_400_000
PLACES = (
    "decided",
    "saved",
    "packs cut",
    "all removed",
    "watermark moved",
    "committed",
    "new segment",
    "discard",
)


async def live(world: World) -> None:
    """What has happened before the erasure: packed days, messages with reactions, and some in the journal."""
    world.connect()
    for number in range(40):
        world.send(1 + number % 3)
    first = next(iter(world.messages))
    world.react(2, first)
    world.react(1, first)
    await world.recorder.flush()
    await Directory(world.db).add_guild(GUILD, "A server", "UTC")
    await Packer(world.db).pack(LATER_MS)
    for number in range(6):
        world.send(1 + number % 3)


def die_at(place: str) -> None:
    """Kill this process when it passes a place."""
    where: dict[str, tuple[Any, str, bool]] = {
        "decided": (Journal, "append", False),
        "saved": (Consents, "save", False),
        "packs cut": (erasing.PackedRows, "remove", True),
        "all removed": (recording, "erase", True),
        "watermark moved": (MongoStore, "_move", True),
        "committed": (MongoStore, "commit", True),
        "new segment": (Journal, "begin_segment", False),
        "discard": (Journal, "discard", False),
    }
    owner, name, waits = where[place]
    call: Callable[..., Any] = getattr(owner, name)

    async def awaited(*arguments: object, **named: object) -> None:
        await call(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    def at_once(*arguments: object, **named: object) -> None:
        call(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, awaited if waits else at_once)


async def run(uri: str, name: str, folder: str, place: str) -> None:
    """Live, and die."""
    driver = connect(uri)
    world = World(driver, database(driver, name), Path(folder))
    await world.start()
    await live(world)
    if place in {"watermark moved", "committed"}:
        await world.recorder.flush()  # the next commit is the erasure's
    die_at(place)
    world.decide(Erased, 1)
    await world.recorder.flush()
    sys.exit(SURVIVED)


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
