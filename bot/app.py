"""The one place where things are made: settings in, a running whole out, taken down in reverse order."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

import structlog

from bot import claiming
from bot.agreements import AgreementDesk
from bot.charting import ChartPool
from bot.claims import ALL_SERVERS, Claim, shards_claim
from bot.client import ClientOptions, ServerstatsClient
from bot.clock import Clock, SystemClock, steady_ms
from bot.datafolder import DataFolder
from bot.db import leases
from bot.db.agreements import StoredAgreements
from bot.db.audit import AuditStore
from bot.db.check import check_server, require_usable
from bot.db.cleaning import Cleaner
from bot.db.consents import reconcile
from bot.db.daily import DailyFigures
from bot.db.database import Driver, Handle, connect, database, disconnect
from bot.db.directory import Directory
from bot.db.guild_settings import GuildSettings
from bot.db.identity import require_same_key
from bot.db.imports import Imports
from bot.db.member_lists import MemberLists
from bot.db.member_servers import MemberServerLookup
from bot.db.migrations import migrate
from bot.db.own_data import OwnDataStore
from bot.db.own_retention import OwnRetention
from bot.db.packing import Packer
from bot.db.reader import Reader
from bot.db.recording import MongoStore
from bot.db.restoring import require_whole
from bot.db.retention import RetentionDays, apply_retention
from bot.db.scheduled_events import ScheduledEvents
from bot.db.snapshots import Snapshotter
from bot.db.warnings import Warnings
from bot.history.pace import REQUESTS_PER_SECOND, Pace
from bot.history.worker import HistoryWorker
from bot.importing.importer import Importer
from bot.importing.translation import Translation, made_up_id
from bot.ingest.books.scheduled_events import EventAttendance
from bot.ingest.calendars import Calendars
from bot.ingest.gauges import MemberGauge
from bot.ingest.journal import Journal
from bot.ingest.recorder import PROLONG_SECONDS, Recorder, decisions_in
from bot.ingest.sessions import GatewaySessions
from bot.ingest.voice import Moment, VoiceTracker
from bot.jobs.registry import JOBS, Job, JobContext
from bot.jobs.scheduler import Scheduler
from bot.members.admission import admitting
from bot.members.comparer import MemberComparer
from bot.members.invites import InviteWatcher
from bot.members.people import People
from bot.members.present import PresentMembers
from bot.members.servers import MemberServers
from bot.moderation.reader import AuditLogReader
from bot.moderation.warnings import WarningDesk
from bot.mongod.embedded import EmbeddedMongod
from bot.mongod.options import MongodOptions
from bot.mongod.running import running_uri
from bot.names import NameKeeper
from bot.preferences import PreferenceDesk
from bot.privacy.consents import Consents
from bot.privacy.counting import CountingRules
from bot.privacy.decisions import Decisions
from bot.privacy.gate import Gate
from bot.privacy.keyfile import key_of
from bot.privacy.pseudonym import Pseudonyms
from bot.sentiment.switch import Sentiment
from bot.services import Services
from bot.settings import Settings
from bot.views.service import ViewService
from texts import load_languages

_MIB = 1 << 20

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """A database that is reachable, usable and migrated."""

    driver: Driver
    db: Handle


@dataclass(frozen=True, slots=True)
class Writing:
    """What is needed to write: the folder is locked, the lease is held."""

    opened: Opened
    folder: DataFolder
    pseudonyms: Pseudonyms
    consents: Consents
    store: MongoStore

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Keep the lease alive while nothing is written; raises LeaseLost where that failed."""
        keeper = asyncio.create_task(_keep(self.store), name="lease keeper")
        try:
            yield
        finally:
            if keeper.done():
                keeper.result()
            await _cancel(keeper)


@dataclass(frozen=True, slots=True)
class App:
    """The running whole."""

    client: ServerstatsClient
    services: Services
    recorder: Recorder
    packer: Packer
    directory: Directory
    writing: Writing


@asynccontextmanager
async def open_server(settings: Settings) -> AsyncIterator[Driver]:
    """Reach the server: that of MONGODB_URI, the embedded one that runs already, or a new child.

    Raises MongodError or ServerProblem, which say what to mend.
    """
    async with AsyncExitStack() as stack:
        uri = await _uri(settings, stack)
        require_usable(await check_server(uri, settings.database))
        driver = connect(uri)
        stack.callback(disconnect, driver)
        yield driver


@asynccontextmanager
async def open_database(
    settings: Settings, *, ahead: Callable[[Handle], Awaitable[None]] | None = None
) -> AsyncIterator[Opened]:
    """Reach the database and bring it to the present schema; ``ahead`` is done before that.

    Raises what ``open_server`` raises, and HalfRestored.
    """
    async with open_server(settings) as driver:
        db = database(driver, settings.database)
        if ahead is not None:
            await ahead(db)
        await require_whole(db)
        await migrate(db)
        yield Opened(driver, db)


@asynccontextmanager
async def open_writing(
    settings: Settings, claim: Claim = ALL_SERVERS, *, counting: bool = False
) -> AsyncIterator[Writing]:
    """Open the database and become the only writer of what is claimed.

    Who counts waits for the lease of a process that is gone, and first commits what its journal still holds
    of servers that it no longer claims. Raises LeaseHeld if the other process does not go.
    """
    async with AsyncExitStack() as stack:
        folder = DataFolder(settings.data_dir)
        folder.take()
        stack.callback(folder.release)
        configured = settings.pseudonym_key
        key = key_of(None if configured is None else configured.get_secret_value(), folder.root)
        end_orphan = partial(leases.end_orphan, claim=claim, owner=folder.owner())
        opened = await stack.enter_async_context(open_database(settings, ahead=end_orphan))
        await require_same_key(opened.db, key)
        pseudonyms = Pseudonyms(key)
        consents = await open_consents(opened.db, folder, pseudonyms)
        if counting:
            await claiming.commit_former(opened.driver, opened.db, folder, claim, consents)
        lease = await claiming.acquire(opened.db, claim, folder.owner(), patient=counting)
        stack.push_async_callback(claiming.release, opened.db, lease)
        await require_whole(opened.db)  # a restore may have begun, and failed, while the lease was its own
        store = MongoStore(opened.driver, opened.db, lease)
        stack.push_async_callback(store.close)
        yield Writing(opened, folder, pseudonyms, consents, store)


@asynccontextmanager
async def open_charts(settings: Settings) -> AsyncIterator[ChartPool]:
    """Start the processes that draw."""
    charts = ChartPool(settings.data_dir / "charts", workers=settings.chart_workers)
    charts.start()
    try:
        yield charts
    finally:
        await charts.close()


async def _agreements(db: Handle, clock: Clock) -> AgreementDesk:
    """Who may be compared with whom, as it is stored."""
    store = StoredAgreements(db)
    return AgreementDesk(store, clock, await store.partners())


@asynccontextmanager
async def open_app(
    settings: Settings,
    options: ClientOptions,
    clock: Clock | None = None,
    jobs: tuple[Job, ...] = JOBS,
) -> AsyncIterator[App]:
    """Open everything but the connection to Discord, which is the caller's to start."""
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        claim = shards_claim(settings.shard_ids, settings.shard_count)
        writing = await stack.enter_async_context(open_writing(settings, claim, counting=True))
        for change in await apply_retention(writing.opened.db, retention_days(settings)):
            _log.log(
                logging.INFO if change.empty else logging.WARNING,  # of a new database nothing goes
                "retention changed",
                collection=change.collection,
                before=change.before,
                days=change.days,
            )
        directory = Directory(writing.opened.db)
        calendars = Calendars(settings.default_time_zone, await directory.zones())
        recorder = Recorder(
            Journal(writing.folder.journal, max_bytes=settings.journal_max_mib * _MIB),
            writing.store,
            GatewaySessions(),
            writing.consents,
            flush_seconds=settings.flush_seconds,
        )
        await recorder.start()
        stack.push_async_callback(recorder.stop)
        settings_store = GuildSettings(writing.opened.db)
        gate = Gate(writing.consents, await settings_store.all_rules())
        attendance = EventAttendance(recorder.record)
        voice = VoiceTracker(attendance.hear, calendars.label, lambda: Moment(steady_ms(), clock.now_ms()))
        stack.callback(voice.tick)
        history = HistoryWorker(
            recorder, reads=settings.read_history, pace=Pace(REQUESTS_PER_SECOND * claim.share)
        )
        recorder.on_range(history.touch)
        recorder.on_loss(history.look_everywhere)
        stack.push_async_callback(history.stop)
        lists = MemberLists(writing.opened.db)
        comparer = MemberComparer(admitting(recorder.record, gate), recorder.flush, lists, calendars, clock)
        stack.push_async_callback(comparer.stop)
        invites = InviteWatcher(recorder.record, lists, gate, calendars, clock)
        stack.push_async_callback(invites.stop)
        audit_logs = AuditLogReader(recorder, clock)
        stack.push_async_callback(audit_logs.stop)
        charts = await stack.enter_async_context(open_charts(settings))
        present = PresentMembers()
        writing.pseudonyms.on_sight(present.saw)
        people = People(present, clock)
        names = NameKeeper(directory, settings.default_time_zone.key)
        audit = AuditStore(writing.opened.db)
        own_retention = OwnRetention(writing.opened.db, retention_days(settings), claim)
        preferences = PreferenceDesk(
            settings_store, directory, calendars, audit, clock, await settings_store.all_preferences()
        )
        sentiment = Sentiment(preferences, possible=options.message_content)
        if preferences.wants_sentiment:
            await sentiment.prepare()
        services = Services(
            views=ViewService(Reader(writing.opened.db), charts, people),
            recording=recorder,
            clock=clock,
            calendars=calendars,
            pseudonyms=writing.pseudonyms,
            names=names,
            members=MemberGauge(recorder.record, calendars, clock),
            voice=voice,
            history=history,
            comparer=comparer,
            present=present,
            people=people,
            member_servers=MemberServers(MemberServerLookup(writing.opened.db), writing.pseudonyms, clock),
            invites=invites,
            gate=gate,
            decisions=Decisions(recorder, writing.consents, writing.pseudonyms, voice),
            counting=CountingRules(gate, settings_store, clock),
            own_data=OwnDataStore(writing.opened.db),
            preferences=preferences,
            sentiment=sentiment,
            agreements=await _agreements(writing.opened.db, clock),
            audit=audit,
            retention=own_retention,
            audit_logs=audit_logs,
            attendance=attendance,
            events=ScheduledEvents(writing.opened.db),
            warnings=WarningDesk(recorder, Warnings(writing.opened.db), gate, calendars, clock),
            languages=await asyncio.to_thread(load_languages),
        )
        client = ServerstatsClient(services, options)
        packer = Packer(writing.opened.db, claim)
        cleaner = Cleaner(writing.opened.db, claim)
        snapshots = Snapshotter(writing.opened.db, claim)
        daily = DailyFigures(writing.opened.db, claim)
        context = JobContext(
            clock=clock,
            packer=packer,
            names=names,
            members=client,
            voice=voice,
            cleaner=cleaner,
            snapshots=snapshots,
            audit_logs=audit_logs,
            daily=daily,
            comparer=comparer,
            preferences=preferences,
            agreements=await _agreements(writing.opened.db, clock),
            own_retention=own_retention,
        )
        scheduler = Scheduler(context, jobs)
        scheduler.start()
        stack.push_async_callback(scheduler.stop)
        for stop in (scheduler.stop, history.stop, comparer.stop, invites.stop, audit_logs.stop):
            client.end_first(stop)
        yield App(client, services, recorder, packer, directory, writing)


async def open_consents(db: Handle, folder: DataFolder, pseudonyms: Pseudonyms) -> Consents:
    """What members allow, as the database, the data folder and the journal together know it."""
    consents = Consents(pseudonyms.seal, folder.consents)
    await reconcile(db, consents, pseudonyms)
    for record in await asyncio.to_thread(decisions_in, folder.journal):
        consents.note(record)
    await asyncio.to_thread(consents.save)
    return consents


async def make_importer(
    settings: Settings, writing: Writing, guild_id: int, *, channel_id: Callable[[str], int] = made_up_id
) -> Importer:
    """Importer into one server; ``channel_id`` finds the channels that a file only names."""
    directory = Directory(writing.opened.db)
    calendars = Calendars(settings.default_time_zone, await directory.zones())
    gate = Gate(writing.consents, await GuildSettings(writing.opened.db).all_rules())
    translation = Translation(guild_id, calendars, writing.pseudonyms, gate, channel_id=channel_id)
    return Importer(guild_id, writing.store, Imports(writing.opened.db), directory, translation)


def retention_days(settings: Settings) -> RetentionDays:
    """How many days each class of data is kept."""
    return {
        "members": settings.retention_members,
        "left": settings.retention_left,
        "totals": settings.retention_totals,
        "hours": settings.retention_hours,
    }


async def _uri(settings: Settings, stack: AsyncExitStack) -> str:
    if settings.mongodb_uri is not None:
        return settings.mongodb_uri.get_secret_value()
    running = running_uri(settings.data_dir)
    if running is not None:
        return running
    mongod = EmbeddedMongod(settings.data_dir, MongodOptions(cache_gb=settings.mongod_cache_mib / 1024))
    await stack.enter_async_context(mongod)
    keeper = asyncio.create_task(mongod.keep_running(), name="mongod keeper")
    stack.push_async_callback(_cancel, keeper)
    return mongod.uri


async def _keep(store: MongoStore) -> None:
    while True:
        await store.prolong()
        await asyncio.sleep(PROLONG_SECONDS)


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
