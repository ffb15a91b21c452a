"""Restoring: check the file, fill an empty database, read it back, and only then let the bot use it."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.datacare.container import (
    BackupFileError,
    BackupReader,
    Entry,
    Manifest,
    Tally,
    count_documents,
    reading,
    require_collections,
)
from bot.db.database import Handle
from bot.db.dumping import BACKED_UP, Dump
from bot.db.migrations import MIGRATIONS
from bot.db.restoring import Refused, Restoring, restoring
from bot.privacy.keyfile import KeyFileError
from bot.privacy.pseudonym import fingerprint
from schemas.bookkeeping import COVERAGE

Progress = Callable[[str, int, int], None]
"""What is being done, how much of it is done, how much there is."""


async def restore(db: Handle, path: Path, key: bytes | None, on_progress: Progress) -> Manifest:
    """Put a backup into an empty database.

    Raises BackupFileError, KeyFileError, NotEmpty, LeaseHeld or StoreUnavailable; the bot then refuses what
    was filled in part, and restoring again begins anew.
    """
    with reading(path) as reader:
        manifest = reader.manifest
        if manifest.archive is not None:
            raise BackupFileError(
                f"{path} is an archive of one month, no backup: `serverstats archive --read-back` puts it "
                "back."
            )
        _require_key(manifest, key)
        _require_schema(manifest)
        require_collections(manifest, BACKED_UP)
        await _verify(reader, on_progress)
        async with restoring(db) as target:
            await _fill(reader, target, on_progress)
            await _read_back(db, target, manifest, on_progress)
            try:
                await target.complete(manifest.schema_version, manifest.key_fingerprint)
            except Refused as error:
                raise BackupFileError(
                    f"{path} does not hold what a backup of schema version {manifest.schema_version} does. "
                    "Use another backup."
                ) from error
    return manifest


def _require_key(manifest: Manifest, key: bytes | None) -> None:
    if manifest.key_fingerprint is None:
        return
    if key is None:
        raise KeyFileError(
            "There is no pseudonym key yet, and the backup was made under one. Put the file pseudonym.key "
            "that belongs to it into the data folder, or its digits into SERVERSTATS_PSEUDONYM_KEY, and run "
            "this again."
        )
    if fingerprint(key) != manifest.key_fingerprint:
        raise KeyFileError(
            "The backup was made under another pseudonym key, so every member would become someone new. Put "
            "the file pseudonym.key that belongs to it into the data folder, or its digits into "
            "SERVERSTATS_PSEUDONYM_KEY, and run this again."
        )


def _require_schema(manifest: Manifest) -> None:
    latest = MIGRATIONS[-1].version
    if manifest.schema_version > latest:
        raise BackupFileError(
            f"the backup has schema version {manifest.schema_version}, this Serverstats knows {latest}: "
            "install the version that wrote it, or a newer one."
        )


async def _verify(reader: BackupReader, on_progress: Progress) -> None:
    size = sum(entry.size for entry in reader.manifest.collections)
    done = 0

    def show(read: int) -> None:
        nonlocal done
        done += read
        on_progress("Checking the file", done, size)

    await asyncio.to_thread(reader.verify, show)


async def _fill(reader: BackupReader, target: Restoring, on_progress: Progress) -> None:
    done = 0
    for entry in reader.manifest.collections:
        batches = reader.batches(entry)
        while (batch := await asyncio.to_thread(_next, batches)) is not None:
            try:
                await target.insert(entry.name, batch)
            except Refused as error:
                raise reader.damaged(entry.name) from error
            done += len(batch)
            on_progress("Restoring", done, reader.manifest.documents)


def _next(batches: Iterator[list[bytes]]) -> list[bytes] | None:
    return next(batches, None)


async def _read_back(db: Handle, target: Restoring, manifest: Manifest, on_progress: Progress) -> None:
    """Compare every document with the backup; of the coverage, which restoring adapts, the number alone."""
    dump = Dump(db)
    done = 0
    for entry in manifest.collections:
        if entry.name == COVERAGE.name:
            same = await target.count(entry.name) == entry.documents
        else:
            same = await _read(dump, entry) == entry
        if not same:
            raise BackupFileError(
                f"the database does not hold what the backup does ({entry.name}). Look whether something "
                "else writes to it, then run this again."
            )
        done += entry.documents
        on_progress("Reading back", done, manifest.documents)


async def _read(dump: Dump, entry: Entry) -> Entry:
    tally = Tally()
    async for batch in dump.batches(entry.name):
        tally.add(batch, count_documents(batch))
    return tally.entry(entry.name)
