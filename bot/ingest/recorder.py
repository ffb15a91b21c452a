"""The recorder: the one writer of a process. Journal first, then fold, then one transaction a batch.

Pages of history need no journal: Discord keeps them, and a page that is in the database is cut out of the
coverage in the same transaction, so that it counts once however often it comes.

``record`` runs in the gateway's loop and never waits. One task brings the journal to the disk, another brings
it into the database, batch by batch; when the database is gone or silent, segments wait on disk.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import structlog

from bot.ingest.activities.messages import MessageSent
from bot.ingest.activity import Activity, decode, encode, journalled, read_back
from bot.ingest.books.book import BookKey
from bot.ingest.books.shelf import Shelf
from bot.ingest.coverage import Coverage, admit_live
from bot.ingest.delta import Delta
from bot.ingest.former_lives import FormerLives, Takeovers
from bot.ingest.journal import START, Journal, JournalFull, Loss, Position, records_in
from bot.ingest.pages import Filled, HistoryPage, Standing, admit, standing_of
from bot.ingest.sessions import GatewaySessions
from bot.ingest.store import (
    Changes,
    CoverageKey,
    JournalMove,
    LeaseLost,
    Store,
    StoreUnavailable,
    WatermarkMoved,
)
from bot.privacy.consents import Consents
from bot.privacy.records import CONSENT_TAGS, ConsentRecord, Erased, OptedOut
from bot.turns import Turns, portions

MAX_DOCUMENTS = 5_000
"""Documents from which on a transaction is full; the last activities may have added some hundreds.

MongoDB took a second for 20,000 and failed at 50,000."""
MAX_RECORDS = 40_000
"""Records read at once, some 20 MiB: a backlog's members write again and again, and share their upserts."""
MAX_COVERAGE_CACHED = 10_000
PROLONG_SECONDS = 10.0
FIRST_RETRY_SECONDS = 0.25
MAX_RETRY_SECONDS = 5.0
STOP_SECONDS = 3.0
"""How long the last commit may take; whoever stops us loses patience soon, and the journal keeps the rest."""
ALARM_FILL = 0.5
"""Share of the journal's bound from which on it is said to fill up."""
GIVE_UP_SECONDS = 0.5
"""How long a transaction may take to end when it has been given up."""

_log = structlog.get_logger(__name__)

_NONE: Takeovers = MappingProxyType({})

Record = tuple[Activity | None, Position]
"""What is to be folded (None: nothing any more), and where in the journal it ends."""

PAGE_DOCUMENTS = 2_500
"""Documents from which on no further page joins a transaction; the last may have added some hundreds."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """A page that waits for its commit, and what came of it."""

    page: HistoryPage
    outcome: Filled | Exception | None = None


class LeasedStore(Store, Protocol):
    """A store whose right to write has to be kept alive."""

    async def prolong(self) -> None:
        """Keep the lease; raises LeaseLost or StoreUnavailable."""


class Recorder:
    """Takes activities and brings each to the database exactly once."""

    def __init__(  # noqa: PLR0913 - the parts of a whole, and two settings by name
        self,
        journal: Journal,
        store: LeasedStore,
        sessions: GatewaySessions,
        consents: Consents,
        *,
        flush_seconds: float = 1.0,
        takeovers: Takeovers = _NONE,
    ) -> None:
        self.sessions = sessions
        self.dropped = 0
        self._journal = journal
        self._store = store
        self._consents = consents
        self._decided = journal.end  # a page of history must not be counted before what members decided is
        self._sweeps = False
        self._former = FormerLives(journal, takeovers)
        self._told: set[Loss] = set()
        self._told_left_out = False
        self._flush_seconds = flush_seconds
        self._committed: Position | None = None
        self._coverage: dict[CoverageKey, Coverage] = {}
        self._shelf = Shelf(store.states)
        self._pages: list[_Waiting] = []
        self._on_range: Callable[[CoverageKey], None] = _nobody
        self._on_loss: Callable[[], None] = _nothing
        self._pump: asyncio.Task[None] | None = None
        self._syncing: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._full = False
        self._no_spare = False
        self._alarmed = False

    def record(self, activity: Activity) -> None:
        """Keep an activity. When the disk is full it is dropped, and history is left to find it again.

        Raises ValueError for one that could not be read back.
        """
        payload = journalled(activity)
        try:
            self._journal.append(payload)
        except JournalFull as full:
            self._drop(full)

    def decide(self, record: ConsentRecord) -> None:
        """Keep what a member decided; it holds at once. Raises JournalFull, and then nothing has changed."""
        self._journal.append(encode(record))
        self._consents.note(record)
        self._decided = self._journal.end

    async def start(self) -> None:
        """Begin to bring the journal to the disk and to the database; best before anything is recorded."""
        with contextlib.suppress(StoreUnavailable):  # then it is done before the first commit
            await self._take_up()
        self._syncing = asyncio.create_task(self._keep_synced(), name="journal")
        self._pump = asyncio.create_task(self._keep_committed(), name="recorder")

    async def stop(self) -> None:
        """Commit what is left, if the database answers soon, and release the journal.

        Raises what ended the recorder before, if something did.
        """
        self._stopping.set()
        try:
            if self._pump is not None and self._syncing is not None:
                await self._end(self._pump)
                await self._syncing
        finally:
            await asyncio.to_thread(self._journal.close)

    async def flush(self) -> None:
        """Commit everything recorded so far; raises StoreUnavailable or LeaseLost.

        Whoever waits may be cancelled, the commit goes on: the driver cannot be stopped in the middle of one.
        """
        flushing = asyncio.create_task(self._flush(), name="flush")
        flushing.add_done_callback(_retrieve)
        await asyncio.shield(flushing)

    async def _flush(self) -> None:
        end = self._journal.end
        async with self._turn:
            while self._committed is None or self._committed < end or self._sweeps:
                if not await self._commit_batch():
                    return

    def on_range(self, tell: Callable[[CoverageKey], None]) -> None:
        """Have somebody told of every channel in which a new session opened a range."""
        self._on_range = tell

    def on_loss(self, tell: Callable[[], None]) -> None:
        """Have somebody told, once there is room again, that activities were dropped."""
        self._on_loss = tell

    async def fill(self, page: HistoryPage) -> Filled:
        """Count what a page holds and is not counted yet. Pages that wait meanwhile share a transaction.

        Raises StoreUnavailable or LeaseLost; whether it counts is then unknown, and the page may come again.
        """
        waiting = _Waiting(page)
        self._pages.append(waiting)
        try:
            async with self._turn:
                if waiting.outcome is None:
                    await self._commit_pages()
        finally:
            if waiting in self._pages:
                self._pages.remove(waiting)
        if isinstance(waiting.outcome, Filled):
            return waiting.outcome
        raise waiting.outcome or StoreUnavailable("the page was not committed")

    async def standing(self, keys: Iterable[CoverageKey]) -> dict[CoverageKey, Standing]:
        """What is left to do in channels; raises StoreUnavailable."""
        async with self._turn:
            found = await self._store.coverage(keys)
        return {key: standing_of(coverage) for key, coverage in found.items()}

    async def known(self, book: str, key: BookKey) -> Any:  # noqa: ANN401 - each book has states of its own
        """What a book holds under a key, as far as it is committed; raises StoreUnavailable."""
        async with self._turn:
            return (await self._store.states(book, [key]))[key]

    async def unsettled(self, guild: int) -> list[int]:
        """Channels and threads with uncounted ranges; raises StoreUnavailable."""
        async with self._turn:
            return await self._store.unsettled(guild)

    async def wait_lost(self) -> None:
        """Return when the pump has ended; raise what ended it."""
        if self._pump is not None:
            await asyncio.shield(self._pump)

    def _drop(self, full: JournalFull) -> None:
        self.dropped += 1
        if not self._full:
            self._full = True
            _log.error("journal full: activities are dropped until there is room", cause=str(full))
        self.sessions.interrupt()

    def _go_on(self) -> None:
        """Say that there is room again, if activities were dropped."""
        if self._full and self._journal.ready:
            self._full = False
            _log.warning("the journal has room: activities are kept again", dropped=self.dropped)
            self._on_loss()

    async def _end(self, pump: asyncio.Task[None]) -> None:
        await asyncio.wait({pump}, timeout=STOP_SECONDS)
        if pump.cancel():
            _log.warning("the database does not answer: what is left waits in the journal")
            await asyncio.wait({pump}, timeout=GIVE_UP_SECONDS)
        else:
            pump.result()

    async def _keep_synced(self) -> None:
        while not self._stopping.is_set():
            try:
                await asyncio.to_thread(self._journal.sync)
            except JournalFull as full:
                if not self._no_spare:
                    _log.error("no room for the next journal segment: free disk space", cause=str(full))
                self._no_spare = True
            except OSError as error:
                _log.error("the journal cannot be brought to the disk", cause=str(error))
            else:
                self._no_spare = False
                self._go_on()
            self._watch_fill()
            await self._pause(self._flush_seconds)

    def _watch_fill(self) -> None:
        """Say once that the journal fills up, and once that it has emptied again."""
        alarmed, self._alarmed = self._alarmed, self._journal.fill > ALARM_FILL
        if self._alarmed and not alarmed:
            _log.error(
                "the journal fills up because nothing can be committed: bring the database back, or raise "
                "SERVERSTATS_JOURNAL_MAX_MIB",
                fill=round(self._journal.fill, 2),
            )
        elif alarmed and not self._alarmed:
            _log.info("the journal has room again")

    async def _keep_committed(self) -> None:
        retry = FIRST_RETRY_SECONDS
        prolonged = due = time.monotonic()
        while True:
            stopping = self._stopping.is_set()
            try:
                if stopping or time.monotonic() >= due:
                    await self._flush()
                    due = time.monotonic() + self._flush_seconds
                if time.monotonic() - prolonged >= PROLONG_SECONDS:
                    await self._store.prolong()
                    prolonged = time.monotonic()
                pause, retry = min(due, prolonged + PROLONG_SECONDS) - time.monotonic(), FIRST_RETRY_SECONDS
            except StoreUnavailable as error:
                _log.warning("nothing can be committed now; activity waits in the journal", cause=str(error))
                pause, retry = retry, min(2 * retry, MAX_RETRY_SECONDS)
            if stopping:
                return
            await self._pause(pause)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _take_up(self) -> Position:
        """Learn how far the journal is committed, and whether journal and database go together."""
        committed = await self._store.watermark(str(self._journal.id))
        end = self._journal.end
        if committed > end:
            _log.error(
                "the data folder is an older copy of what it was: the database holds more of its journal "
                "than there is. A new journal is begun. What the newer folder had not committed is lost: "
                "messages are read back from history, other activity is not",
                journal=str(self._journal.id),
                committed=tuple(committed),
                end=tuple(end),
            )
            self._journal.renew()
            self._decided = self._journal.end
            self._former.forget()
            committed = await self._store.watermark(str(self._journal.id))
        self._tell_losses(committed)
        self._committed = committed
        return committed

    def _tell_losses(self, committed: Position) -> None:
        """Say what of the journal cannot be read, once; what comes from now on is of a new session."""
        self._journal.noticed = 0
        for loss in self._journal.losses(committed):
            if loss in self._told:
                continue
            self._told.add(loss)
            if loss.until <= committed:
                _log.warning(
                    f"a part of the journal {loss.what}; all that it held is in the database",
                    file=str(loss.file),
                    offset=loss.offset,
                )
                continue
            _log.error(
                f"activity is lost: a part of the journal {loss.what}. What can be read behind it is "
                "counted. Messages that are lost are read back from history, other activity is not",
                file=str(loss.file),
                offset=loss.offset,
            )
            self.sessions.interrupt()
            self._on_loss()

    def _tell_left_out(self) -> None:
        """Say once that time in voice was left out, as another process has counted it."""
        if self._former.left_out and not self._told_left_out:
            self._told_left_out = True
            _log.warning(
                "this process was cut off from the database, and another took its servers: time in voice "
                "from then on is left out, as the other has counted it"
            )

    async def _commit_batch(self) -> bool:
        """Commit one batch; False when there was nothing to commit."""
        committed = self._committed if self._committed is not None else await self._take_up()
        end = self._journal.end
        records = await self._read(committed)
        if self._journal.noticed:
            self._tell_losses(committed)
        if not records:
            self._sweeps = False
            await asyncio.to_thread(self._journal.discard, end)
            return False
        first, behind = records[0]
        if isinstance(first, ConsentRecord):
            return await self._commit_decision(first, behind)
        await self._prepare(records)
        delta, touched, after = await self._fold(records)
        move = JournalMove(str(self._journal.id), committed, after)
        coverage = {key: self._coverage[key] for key in touched}
        if not await self._commit_move(Changes(delta, coverage, move, self._shelf.changed), after):
            return True
        for key, opened in touched.items():
            if opened:
                self._on_range(key)
        await asyncio.to_thread(self._journal.discard, after)
        return True

    async def _commit_move(self, changes: Changes, after: Position) -> bool:
        """Commit what moves the watermark; False if that has happened already."""
        try:
            await self._store.commit(changes)
        except WatermarkMoved as moved:
            _log.warning("a commit whose answer was lost has happened", cause=str(moved))
            self._forget()
            return False
        except (StoreUnavailable, LeaseLost):
            self._forget()
            raise
        self._committed = after
        self._tell_left_out()
        return True

    async def _commit_decision(self, record: ConsentRecord, after: Position) -> bool:
        """Do what a member decided, now that all before it is committed.

        Every step can be done again, and the watermark moves last: what was cut short is done anew.
        """
        key = self._consents.note(record)
        await asyncio.to_thread(self._consents.save)
        if isinstance(record, Erased):
            await self._store.erase(record.guild, record.member)
        elif isinstance(record, OptedOut):
            await self._store.sever(record.guild, record.member)
        move = JournalMove(str(self._journal.id), self._committed or START, after)
        changes = Changes(Delta(), {}, move, consents={key: self._consents.sealed(key)})
        await self._commit_move(changes, after)
        self._shelf.forget()
        if isinstance(record, Erased):
            self._begin_segment()
        return True

    def _begin_segment(self) -> None:
        """Leave what names an erased member behind: those segments go as soon as all in them is committed."""
        try:
            self._journal.begin_segment()
        except JournalFull as full:
            _log.error("what names an erased member stays in the journal until it rolls", cause=str(full))
        else:
            self._sweeps = True

    async def _commit_pages(self) -> None:
        """Commit the pages that wait, or the first of them if they do not fit into one transaction."""
        waiting = list(self._pages)
        try:
            while self._committed is None or self._committed < self._decided:
                if not await self._commit_batch():
                    break
            await self._load_coverage({each.page.key for each in waiting})
            await self._shelf.prepare(sent for each in waiting for sent in each.page.messages)
            delta, counted = await self._fold_pages(waiting)
            touched = {each.page.key: self._coverage[each.page.key] for each in waiting[: len(counted)]}
            await self._store.commit(Changes(delta, touched, None, self._shelf.changed))
        except (StoreUnavailable, LeaseLost, WatermarkMoved) as error:
            self._forget()
            failure = StoreUnavailable(str(error)) if isinstance(error, WatermarkMoved) else error
            for each in waiting:
                each.outcome = failure
        except BaseException:
            self._forget()
            raise
        else:
            for each, count in zip(waiting, counted, strict=False):
                each.outcome = Filled(count, standing_of(touched[each.page.key]))
        self._pages = [each for each in self._pages if each.outcome is None]

    def _forget(self) -> None:
        """Distrust what is in memory: the next batch reads watermark, coverage and books again."""
        self._committed = None
        self._coverage.clear()
        self._shelf.forget()

    async def _read(self, after: Position) -> list[Record]:
        """Records up to a decision, or one decision; no more than about fit into a transaction.

        The states that they concern are asked for.
        """
        records: list[Record] = []
        turns = Turns()
        self._shelf.begin()
        for portion in portions(islice(self._journal.read(after), MAX_RECORDS)):
            for payload, behind in portion:
                activity = read_back(payload)
                if isinstance(activity, ConsentRecord):
                    return records or [(activity, behind)]
                if activity is None:  # else nothing behind it would ever be counted
                    _log.error("a record of the journal cannot be read and is left out", at=str(behind))
                adapted = None if activity is None else self._former.adapt(activity, behind)
                if adapted is not None:
                    self._shelf.ask(adapted)
                records.append((adapted, behind))
            if self._shelf.asked >= MAX_DOCUMENTS:
                break
            await turns.give_way()
        return records

    async def _prepare(self, records: list[Record]) -> None:
        """Have at hand what folding needs."""
        turns = Turns()
        channels: set[CoverageKey] = set()
        for portion in portions(records):
            channels |= {_coverage_key(sent) for sent, _ in portion if isinstance(sent, MessageSent)}
            await turns.give_way()
        await self._load_coverage(channels)
        await self._shelf.load()

    async def _load_coverage(self, wanted: set[CoverageKey]) -> None:
        missing = wanted - self._coverage.keys()
        if missing:
            if len(self._coverage) + len(missing) > MAX_COVERAGE_CACHED:
                self._coverage = {key: self._coverage[key] for key in wanted - missing}
            self._coverage.update(await self._store.coverage(missing))

    async def _fold_pages(self, waiting: list[_Waiting]) -> tuple[Delta, list[int]]:
        """Fold pages until a transaction is full; the sum, and of each page taken how much counted."""
        delta = Delta()
        counted: list[int] = []
        turns = Turns()
        for each in waiting:
            admitted = [
                sent
                for sent in admit(self._coverage[each.page.key], each.page)
                if self._consents.counts(sent.guild, sent.member, sent.id)
            ]
            for sent in admitted:
                self._shelf.fold(delta, sent)
            counted.append(len(admitted))
            if delta.documents + self._shelf.documents + len(counted) >= PAGE_DOCUMENTS:
                break
            await turns.give_way()
        return delta, counted

    async def _fold(self, records: list[Record]) -> tuple[Delta, dict[CoverageKey, bool], Position]:
        """Fold records until a transaction is full.

        Returns the sum, the channels touched (and whether a session began there), and the last place.
        """
        delta = Delta()
        touched: dict[CoverageKey, bool] = {}
        turns = Turns()
        for portion in portions(records):
            for activity, _ in portion:
                if activity is not None:
                    self._count(activity, delta, touched)
            if delta.documents + len(touched) + self._shelf.documents >= MAX_DOCUMENTS:
                return delta, touched, portion[-1][1]
            await turns.give_way()
        return delta, touched, records[-1][1]

    def _count(self, activity: Activity, delta: Delta, touched: dict[CoverageKey, bool]) -> None:
        """Fold one activity, unless it has been counted before or history owns it."""
        if isinstance(activity, MessageSent):
            key = _coverage_key(activity)
            coverage = self._coverage[key]
            session = coverage.session
            if not admit_live(coverage, activity.id, activity.session):
                return
            touched[key] = touched.get(key, False) or coverage.session != session
        self._shelf.fold(delta, activity)


def decisions_in(folder: Path) -> list[ConsentRecord]:
    """What members decided and the journal still holds; for whoever has the folder's lock."""
    found = (decode(payload) for payload in records_in(folder) if payload[1] in CONSENT_TAGS)
    return [record for record in found if isinstance(record, ConsentRecord)]


def _retrieve(task: asyncio.Task[None]) -> None:
    """Take notice of what ended a task, also where nobody waits for it any more."""
    if not task.cancelled():
        task.exception()


def _coverage_key(sent: MessageSent) -> CoverageKey:
    return sent.guild, sent.thread or sent.channel


def _nothing() -> None:
    """Hear of a loss before there is a history worker."""


def _nobody(_key: CoverageKey) -> None:
    """Hear of a range before there is a history worker."""
