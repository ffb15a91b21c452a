"""Imports a file into a server: its rows become activities and go through the fold, batch by batch.

The file is its own journal: with each transaction its place moves on, so an import that was killed goes on
where it was, and the same content counts once.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.db.directory import Directory
from bot.db.imports import Imports
from bot.importing.admission import Admission
from bot.importing.digests import longest_match
from bot.importing.missing import HeldByChannel, note_held
from bot.importing.probe import FileFacts
from bot.importing.reader import read_rows
from bot.importing.rows import Batch, BrokenLine, ImportedMessage, ImportFileError, OtherRow, Position
from bot.importing.survey import Survey, survey
from bot.importing.translation import Translation
from bot.ingest.books.shelf import Shelf
from bot.ingest.delta import Delta
from bot.ingest.store import Changes, FilePlace, ImportMove, Store, StoreUnavailable

COMMIT_DOCUMENTS = 2_500
"""Documents of a delta from which on it is committed; the next batch may still add as many."""
BATCH_ROWS = 1_000
KEPT = 50
"""Of what a file can hold without end, how many are kept to be shown."""
OTHER_KINDS = "…"
"""Stands for all kinds beyond those."""
CLOCKS_DIFFER_MS = 600_000
"""How far a clock that wrote a file may be ahead."""
NOTHING = FilePlace(0, 0, hashlib.sha256().digest())


@dataclass(slots=True)
class BrokenLines:
    """Lines that could not be read: the first ``KEPT`` of them, and how many there are for each reason."""

    first: list[BrokenLine] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, line: BrokenLine) -> None:
        """Note one more."""
        self.reasons[line.reason] += 1
        if len(self.first) < KEPT:
            self.first.append(line)

    @property
    def count(self) -> int:
        """How many there are in all."""
        return self.reasons.total()


@dataclass(slots=True)
class ImportReport:
    """What became of a file's rows. ``resumed_at`` is how many had been counted by an earlier import.

    ``settled``: messages of a time that was taken to be complete before. They were counted then, or are
    left out: what a file or Discord's history did not hold when it was read does not come later.
    ``kept_out``: messages of members who opted out or were erased, or of channels that an admin excludes.
    ``held``: how many messages there are of each channel, as far as that says how many of them are left out.
    ``other``: rows of kinds that do not count yet, the first ``KEPT`` kinds by name.
    """

    resumed_at: int = 0
    messages: int = 0
    settled: int = 0
    kept_out: int = 0
    bots: int = 0
    system: int = 0
    other: Counter[str] = field(default_factory=Counter)
    broken: BrokenLines = field(default_factory=BrokenLines)
    held: HeldByChannel = field(default_factory=dict)

    def add_other(self, kind: str) -> None:
        """Note a row of another kind."""
        self.other[kind if kind in self.other or len(self.other) < KEPT else OTHER_KINDS] += 1


@dataclass(frozen=True, slots=True)
class NewGuild:
    """What to call a server that is not known yet (None: as the file does), and where it lives.

    ``insists``: the zone was asked for, and is no default.
    """

    name: str | None
    zone: ZoneInfo
    insists: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the file (of ``size`` bytes on disk) is committed, and what became of it so far."""

    consumed: int
    size: int
    report: ImportReport


class Importer:
    """Brings a file into one server. Nothing else may write to the server meanwhile."""

    def __init__(  # noqa: PLR0913, PLR0917 - one argument a thing that it needs
        self,
        guild_id: int,
        store: Store,
        imports: Imports,
        directory: Directory,
        translation: Translation,
        clock: Clock,
    ) -> None:
        self._guild = guild_id
        self._store = store
        self._imports = imports
        self._directory = directory
        self._translation = translation
        self._clock = clock
        self._admission = Admission(guild_id, store)
        self._delta = Delta()
        self._shelf = Shelf(store.states)

    async def require_zone(self, new: NewGuild) -> None:
        """Raise ImportFileError if the server is known and lives in another zone than the one insisted on."""
        known = await self._directory.guild(self._guild)
        if known is None or not new.insists or known.zones.current.zone.key == new.zone.key:
            return
        mend = (
            "Admins of the server change it from now on with /admin settings."
            if known.discord_since is not None
            else "Give --anew to remove what was imported for it and to count it again in this zone."
        )
        raise ImportFileError(
            f"{known.name} is known already, and its days are those of {known.zones.current.zone.key}: "
            f"--zone {new.zone.key} would change nothing. Leave it out. {mend}"
        )

    async def forget(self) -> None:
        """Remove all that was imported for the server; ImportFileError if it is counted from Discord, too."""
        if not await self._directory.forget(self._guild):
            raise ImportFileError(
                "the bot counts this server from Discord, too, and what files told of it cannot be told "
                "apart from that: leave --anew out. Its days stay as they are labelled; a time zone set with "
                "/admin settings holds from then on."
            )

    async def run(
        self,
        path: Path,
        new: NewGuild,
        on_progress: Callable[[Progress], None],
        *,
        surveyed: Survey | None = None,
        report: ImportReport | None = None,
    ) -> ImportReport:
        """Import what is not counted yet; ``surveyed``: if the file was looked through before.

        Raises ImportFileError for a file that cannot be read (any further), and what the store raises; what
        was good until then is counted and stands in ``report``, and running it again goes on there.
        """
        report = ImportReport() if report is None else report
        if surveyed is None:
            surveyed = await asyncio.to_thread(survey, path)
        facts = surveyed.facts
        await self._check(facts, new)
        self._admission, self._delta = Admission(self._guild, self._store), Delta()
        self._shelf = Shelf(self._store.states)
        import_id, place = await self._begin(path)
        report.resumed_at = place.index
        batches = read_rows(
            path,
            start=Position(place.index, place.offset),
            not_after_ms=self._clock.now_ms() + CLOCKS_DIFFER_MS,
            batch_rows=BATCH_ROWS,
            facts=facts,
        )
        reached = place
        try:
            async for batch in _in_thread(batches):
                await self._take(batch, facts, report)
                reached = FilePlace(batch.end.index, batch.end.offset, batch.digest)
                if batch.last or self._pending >= COMMIT_DOCUMENTS:
                    await self._commit(ImportMove(import_id, place, reached))
                    place = reached
                    on_progress(Progress(batch.consumed, facts.size_bytes, report))
        except ImportFileError:
            await self._commit(ImportMove(import_id, place, reached))
            raise
        return report

    @property
    def _pending(self) -> int:
        return self._delta.documents + self._shelf.documents + len(self._admission.touched)

    async def _commit(self, move: ImportMove) -> None:
        await self._directory.save_channels(self._guild, self._translation.new_channels())
        try:
            await self._store.commit(Changes(self._delta, self._admission.touched, move, self._shelf.changed))
        except StoreUnavailable:
            known = await self._imports.of_guild(self._guild)
            if known[move.import_id] != move.after:
                raise
        self._delta = Delta()
        self._shelf.committed()
        self._admission.committed()

    async def _check(self, facts: FileFacts, new: NewGuild) -> None:
        """Refuse what could be counted twice or would land in the wrong server."""
        if facts.guild_id not in (None, self._guild):
            raise ImportFileError(
                f"this file comes from server {facts.guild_id} ({facts.guild_name}), not from {self._guild}. "
                f"Import it with --guild {facts.guild_id}."
            )
        known = await self._directory.guild(self._guild)
        if known is None:
            if await self._imports.of_guild(self._guild):
                raise ImportFileError(
                    "the removal of what was imported before did not come to its end. Run this again with "
                    "--anew."
                )
            name = new.name or facts.guild_name or f"Server {self._guild}"
            await self._directory.add_guild(self._guild, name, new.zone.key)
            self._translation.live_in(new.zone)
        elif known.discord_since is not None and not facts.has_ids:
            raise ImportFileError(
                f"the bot counts {known.name} from Discord since {known.discord_since:%Y-%m-%d}, and this "
                "file has no message ids by which to tell what is counted already. Import a file with ids "
                "(DiscordChatExporter's JSON has them), or choose another --guild."
            )

    async def _begin(self, path: Path) -> tuple[str, FilePlace]:
        """The import that this file continues, or a new one, and how far it came."""
        known = await self._imports.of_guild(self._guild)
        by_prefix = {(place.offset, place.digest): name for name, place in known.items()}
        match = await asyncio.to_thread(longest_match, path, list(by_prefix))
        if match is not None:
            return by_prefix[match], known[by_prefix[match]]
        return await self._imports.begin(self._guild, NOTHING), NOTHING

    async def _take(self, batch: Batch, facts: FileFacts, report: ImportReport) -> None:
        messages = [
            self._translation.message(row) for row in _messages(batch, report, ids_needed=facts.has_ids)
        ]
        admitted = await self._admission.admit(messages)
        counted = [sent for sent in admitted if self._translation.may_count(sent)]
        await self._shelf.prepare(counted, joins=True)
        for sent in counted:
            self._shelf.fold(self._delta, sent)
        report.messages += len(counted)
        report.kept_out += len(admitted) - len(counted)
        report.settled += len(messages) - len(admitted)
        now = {sent.id for sent in admitted}
        for sent, _ in messages:
            if sent.id in now or self._translation.may_count(sent):
                note_held(report.held, sent, settled=sent.id not in now)


def _messages(batch: Batch, report: ImportReport, *, ids_needed: bool) -> Iterator[ImportedMessage]:
    """Members' messages of a batch; whatever else there is goes to the report."""
    for row, end in zip(batch.rows, batch.positions, strict=True):
        if isinstance(row, BrokenLine):
            report.broken.add(row)
        elif isinstance(row, OtherRow):
            report.add_other(row.kind)
        elif row.author_is_bot or row.author_is_webhook:
            report.bots += 1
        elif row.is_system:
            report.system += 1
        elif ids_needed and row.message_id is None:
            report.broken.add(BrokenLine(end.index, "has no `id`, unlike the messages before it"))
        else:
            yield row


async def _in_thread(batches: Iterator[Batch]) -> AsyncIterator[Batch]:
    """Batches read in a thread, so that the loop goes on meanwhile."""
    while (batch := await asyncio.to_thread(next, batches, None)) is not None:
        yield batch
