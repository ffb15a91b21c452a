"""Backing up: every collection as it was at one instant, into one file."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import Clock
from bot.datacare.container import BackupWriter, Manifest, writing
from bot.db.dumping import BACKED_UP, Dump


async def back_up(
    dump: Dump, database: str, path: Path, clock: Clock, on_progress: Callable[[int, int], None]
) -> Manifest:
    """Write a backup; ``on_progress`` gets the documents written so far and about how many there are.

    Raises BackupFileError, SnapshotLost or StoreUnavailable, and then leaves no file.
    """
    size = await dump.size()
    with writing(path) as writer:
        done = 0
        for name in BACKED_UP:
            await asyncio.to_thread(writer.begin, name)
            async for batch in dump.batches(name):
                done += await asyncio.to_thread(writer.write, batch)
                on_progress(done, max(size, done))
            await asyncio.to_thread(writer.end, name)
        return await _finish(writer, dump, database, clock)


async def _finish(writer: BackupWriter, dump: Dump, database: str, clock: Clock) -> Manifest:
    return writer.finish(
        schema_version=await dump.schema_version(),
        key_fingerprint=await dump.key_fingerprint(),
        database=database,
        at=datetime.fromtimestamp(clock.now_ms() / 1000, UTC),
    )
