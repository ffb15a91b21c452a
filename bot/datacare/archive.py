"""Archiving: whole months of days into a file each, and out of the database; and back.

The file is complete, on the disk and read back before anything is removed. A day that has changed meanwhile
stays in the database; its documents in the file then say nothing, for only a day that names the file is
put back.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count, groupby
from pathlib import Path

from bot.clock import Clock
from bot.datacare.container import (
    ArchivedMonth,
    BackupFileError,
    BackupReader,
    Manifest,
    reading,
    require_collections,
    writing,
)
from bot.db.archiving import ARCHIVED, ArchiveMonth, Archiving, NotOurs, day_id_of, member_of
from bot.db.database import Handle
from bot.db.erasing import erase
from bot.db.identity import key_fingerprint
from bot.db.migrations import schema_version
from bot.ingest.snowflakes import id_at
from bot.privacy.consents import Consents

_DAY_MS = 86_400_000

DaySlices = tuple[str, dict[str, list[bytes]]]
"""A day's id and its documents by collection."""


@dataclass(frozen=True, slots=True)
class Archived:
    """A month that went: ``days`` of ``documents`` in all, and how many days have changed and stayed."""

    file: Path
    days: int
    documents: int
    stayed: int


@dataclass(frozen=True, slots=True)
class PutBack:
    """What came back of a file; ``other_days`` are in the database already, or in another file.

    ``left_out``: documents of those days about members who were erased since the file was written.
    """

    days: int
    documents: int
    other_days: int
    left_out: int


async def archive_months(
    db: Handle,
    before: int,
    folder: Path,
    clock: Clock,
    on_month: Callable[[Archived], None],
) -> None:
    """Archive the months that lie before a local day; raises BackupFileError or StoreUnavailable."""
    archiving = Archiving(db)
    for month in await archiving.months(before):
        on_month(await _archive(archiving, db, month, folder, clock))


async def read_back(db: Handle, path: Path, consents: Callable[[], Awaitable[Consents]]) -> PutBack:
    """Put a month back, but for whoever was erased since; it can be run again.

    ``consents`` reads what members allow: before the first day and behind the last one, for the bot may go
    on meanwhile and erase somebody. Raises BackupFileError or StoreUnavailable.
    """
    with reading(path) as reader:
        try:
            return await _read_back(db, path, reader, consents)
        except NotOurs as error:
            raise BackupFileError(
                f"{path} holds documents that no archive does. Use another copy of it; days that are not "
                "back yet stay archived."
            ) from error


async def _read_back(
    db: Handle, path: Path, reader: BackupReader, consents: Callable[[], Awaitable[Consents]]
) -> PutBack:
    archiving = Archiving(db)
    archived = await _require_usable(db, reader, path)
    await asyncio.to_thread(reader.verify, lambda _read: None)
    days = _days(reader, archived)
    before = _Erased(await consents(), archived.guild_id, reader.manifest.taken_at)
    seen: set[int] = set()
    back = documents = left_out = 0
    while (each := await asyncio.to_thread(next, days, None)) is not None:
        day, whole = each
        slices = {name: before.without(found, seen) for name, found in whole.items()}
        if await archiving.put_back(day, path.name, slices):
            back += 1
            size = sum(len(found) for found in slices.values())
            documents += size
            left_out += sum(len(found) for found in whole.values()) - size
    after = _Erased(await consents(), archived.guild_id, reader.manifest.taken_at)
    gone = {member for member in seen if after.holds(member)}
    if gone:
        await erase(db, archived.guild_id, gone)
    return PutBack(back, documents, len(archived.days) - back, left_out)


class _Erased:
    """Who was erased since a file was written.

    The file has the host's time and an erasure Discord's, which may differ a little; no day in a file is as
    young as that.
    """

    def __init__(self, consents: Consents, guild: int, taken_at: datetime) -> None:
        self._consents = consents
        self._guild = guild
        self._since = id_at(round(taken_at.timestamp() * 1000) - _DAY_MS)

    def holds(self, member: int) -> bool:
        """Whether a member (a pseudonym) is one of them."""
        return self._consents.erased(self._guild, member) > self._since

    def without(self, documents: Sequence[bytes], seen: set[int]) -> list[bytes]:
        """The documents that are not about them; notes in ``seen`` whom these are about."""
        kept = [(document, member_of(document)) for document in documents]
        kept = [(document, member) for document, member in kept if not (member and self.holds(member))]
        seen.update(member for _, member in kept if member)
        return [document for document, _ in kept]


async def _archive(
    archiving: Archiving, db: Handle, month: ArchiveMonth, folder: Path, clock: Clock
) -> Archived:
    path = await asyncio.to_thread(_free_name, folder, month)
    manifest = await _write(archiving, db, month, path, clock)
    with reading(path) as reader:
        await asyncio.to_thread(reader.verify, lambda _read: None)
    gone = [await archiving.remove(day, path.name) for day in month.days]
    if not any(gone):
        await asyncio.to_thread(path.unlink)
    return Archived(path, sum(gone), manifest.documents, len(gone) - sum(gone))


async def _write(archiving: Archiving, db: Handle, month: ArchiveMonth, path: Path, clock: Clock) -> Manifest:
    with writing(path) as writer:
        for name in ARCHIVED:
            await asyncio.to_thread(writer.begin, name)
            for day in month.days:
                async for batch in archiving.batches(name, day):
                    await asyncio.to_thread(writer.write, batch)
            await asyncio.to_thread(writer.end, name)
        return writer.finish(
            schema_version=await schema_version(db),
            key_fingerprint=await key_fingerprint(db),
            database=db.name,
            at=datetime.fromtimestamp(clock.now_ms() / 1000, UTC),
            archive=ArchivedMonth(month.guild, month.month, tuple(day.id for day in month.days)),
        )


def _free_name(folder: Path, month: ArchiveMonth) -> Path:
    """A month has a second file where days of it have changed after the first."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BackupFileError(
            f"{folder} cannot be made: {error.strerror}. Name a folder that this user can write to with --to."
        ) from error
    plain = f"{month.guild}-{month.month}"
    names = chain([plain], (f"{plain}-{number}" for number in count(2)))
    return next(path for name in names if not (path := folder / f"{name}.zip").exists())


async def _require_usable(db: Handle, reader: BackupReader, path: Path) -> ArchivedMonth:
    manifest = reader.manifest
    if manifest.archive is None:
        raise BackupFileError(f"{path} is a backup, no archive: `serverstats restore` puts it back.")
    if manifest.key_fingerprint != await key_fingerprint(db):
        raise BackupFileError(
            f"{path} was made under another pseudonym key than the database, so its members would be "
            "strangers. Use the database that it was taken from, or a backup of that."
        )
    if manifest.schema_version > await schema_version(db):
        raise BackupFileError(f"{path} was written by a newer Serverstats: use that one.")
    require_collections(manifest, ARCHIVED)
    return manifest.archive


def _days(reader: BackupReader, archived: ArchivedMonth) -> Iterator[DaySlices]:
    """The documents of each day; blocking."""
    streams = {
        entry.name: groupby(_flat(reader.batches(entry)), day_id_of) for entry in reader.manifest.collections
    }
    ahead = {name: next(stream, None) for name, stream in streams.items()}
    for day in archived.days:
        slices: dict[str, list[bytes]] = {}
        for name, stream in streams.items():
            group = ahead[name]
            if group is not None and group[0] == day:
                slices[name] = list(group[1])
                ahead[name] = next(stream, None)
        yield day, slices


def _flat(batches: Iterable[list[bytes]]) -> Iterator[bytes]:
    return chain.from_iterable(batches)
