"""Imports a file into a server: its rows become activities and go through the fold, batch by batch.

The file is its own journal: with each transaction its place moves on, so an import that was killed goes on
where it was, and the same content counts once.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.db.directory import Directory
from bot.db.imports import Imports
from bot.importing.admission import Admission
from bot.importing.digests import longest_match
from bot.importing.order import IdOrder
from bot.importing.probe import FileFacts, probe
from bot.importing.reader import read_rows
from bot.importing.rows import Batch, BrokenLine, ImportedMessage, ImportFileError, OtherRow, Position
from bot.importing.translation import Translation
from bot.ingest.delta import Delta
from bot.ingest.fold import fold_into
from bot.ingest.store import Changes, FilePlace, ImportMove, Store

COMMIT_DOCUMENTS = 2_500
"""Documents of a delta from which on it is committed; the next batch may still add as many."""
BATCH_ROWS = 1_000
NOTHING = FilePlace(0, 0, hashlib.sha256().digest())


@dataclass(slots=True)
class ImportReport:
    """What became of a file's rows. ``resumed_at`` is how many had been counted by an earlier import."""

    resumed_at: int = 0
    messages: int = 0
    already_counted: int = 0
    bots: int = 0
    system: int = 0
    other: Counter[str] = field(default_factory=Counter)
    broken: list[BrokenLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the file (of ``size`` bytes on disk) is committed, and what became of it so far."""

    consumed: int
    size: int
    report: ImportReport


class Importer:
    """Brings files into one server. Nothing else may write to the server meanwhile."""

    def __init__(
        self, guild_id: int, store: Store, imports: Imports, directory: Directory, translation: Translation
    ) -> None:
        self._guild = guild_id
        self._store = store
        self._imports = imports
        self._directory = directory
        self._translation = translation
        self._ids_needed = False

    async def run(self, path: Path, on_progress: Callable[[Progress], None]) -> ImportReport:
        """Import what is not counted yet; raises ImportFileError or what the store raises."""
        facts = await asyncio.to_thread(probe, path)
        await self._check(facts)
        self._ids_needed = facts.has_ids
        import_id, place = await self._begin(path)
        report = ImportReport(resumed_at=place.index)
        admission = Admission(self._guild, self._store)
        delta = Delta()
        batches = read_rows(path, start=Position(place.index, place.offset), batch_rows=BATCH_ROWS)
        while (batch := await asyncio.to_thread(next, batches, None)) is not None:
            await self._take(batch, admission, delta, report)
            if delta.documents + len(admission.touched) >= COMMIT_DOCUMENTS or batch.last:
                after = FilePlace(batch.end.index, batch.end.offset, batch.digest)
                await self._directory.save_channels(self._guild, self._translation.new_channels())
                await self._store.commit(
                    Changes(delta, admission.touched, ImportMove(import_id, place, after))
                )
                place, delta = after, Delta()
                admission.committed()
                on_progress(Progress(batch.consumed, facts.size_bytes, report))
        return report

    async def _check(self, facts: FileFacts) -> None:
        """Refuse what could be counted twice or would land in the wrong server."""
        if facts.guild_id not in (None, self._guild):
            raise ImportFileError(
                f"this file comes from server {facts.guild_id} ({facts.guild_name}), not from {self._guild}. "
                f"Import it with --guild {facts.guild_id}."
            )
        if facts.order in (IdOrder.MIXED, IdOrder.DESCENDING):
            raise ImportFileError(
                "the message ids of this file are not in ascending order, so it does not show which messages "
                "it covers. Export it again oldest first (without --reverse), or sort its lines by id."
            )
        known = await self._directory.guild(self._guild)
        if known is not None and known.discord_since is not None and not facts.has_ids:
            raise ImportFileError(
                f"the bot counts {known.name} from Discord since {known.discord_since:%Y-%m-%d}, and this "
                "file has no message ids by which to tell what is counted already. Import a file with ids "
                "(DiscordChatExporter's JSON has them), or choose another --guild."
            )

    async def _begin(self, path: Path) -> tuple[str, FilePlace]:
        """The import that this file continues, or a new one, and how far it came."""
        known = await self._imports.of_guild(self._guild)
        stored = {place.offset: place.digest for place in known.values()}
        offset = await asyncio.to_thread(longest_match, path, stored)
        for import_id, place in known.items():
            if offset is not None and place.offset == offset and place.digest == stored[offset]:
                return import_id, place
        return await self._imports.begin(self._guild, NOTHING), NOTHING

    async def _take(self, batch: Batch, admission: Admission, delta: Delta, report: ImportReport) -> None:
        messages = list(_messages(batch, report, ids_needed=self._ids_needed))
        admitted = await admission.admit(self._translation.message(row) for row in messages)
        for sent in admitted:
            fold_into(delta, sent)
        report.messages += len(admitted)
        report.already_counted += len(messages) - len(admitted)


def _messages(batch: Batch, report: ImportReport, *, ids_needed: bool) -> Iterator[ImportedMessage]:
    """Members' messages of a batch; whatever else there is goes to the report."""
    for row, end in zip(batch.rows, batch.positions, strict=True):
        if isinstance(row, BrokenLine):
            report.broken.append(row)
        elif isinstance(row, OtherRow):
            report.other[row.kind] += 1
        elif row.author_is_bot or row.author_is_webhook:
            report.bots += 1
        elif row.is_system:
            report.system += 1
        elif ids_needed and row.message_id is None:
            report.broken.append(BrokenLine(end.index, "has no `id`, unlike the messages before it"))
        else:
            yield row
