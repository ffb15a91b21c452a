"""The one place where things are made: settings in, a running whole out, taken down in reverse order."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog

from bot.agreements import AgreementDesk
from bot.charting import ChartPool
from bot.claims import Claim, shards_claim
from bot.client import ClientOptions, ServerstatsClient
from bot.clock import Clock, SystemClock, steady_ms
from bot.db import leases
from bot.db.agreements import StoredAgreements
from bot.db.audit import AuditStore
from bot.db.cleaning import Cleaner
from bot.db.daily import DailyFigures
from bot.db.database import Handle
from bot.db.directory import Directory
from bot.db.guild_settings import GuildSettings
from bot.db.imports import Imports
from bot.db.member_lists import MemberLists
from bot.db.member_servers import MemberServerLookup
from bot.db.own_data import OwnDataStore
from bot.db.own_retention import OwnRetention
from bot.db.packing import Packer
from bot.db.reader import Reader
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
from bot.ingest.decisions import Decisions
from bot.ingest.gauges import MemberGauge
from bot.ingest.journal import Journal, Tenure
from bot.ingest.recorder import Recorder
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
from bot.names import NameKeeper
from bot.opening import Writing, open_writing
from bot.preferences import PreferenceDesk
from bot.privacy.counting import CountingRules
from bot.privacy.gate import Gate
from bot.sentiment.switch import Sentiment
from bot.services import Services
from bot.settings import Settings
from bot.views.service import ViewService
from texts import load_languages

_MIB = 1 << 20

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class App:
    """The running whole."""

    client: ServerstatsClient
    services: Services
    recorder: Recorder
    packer: Packer
    directory: Directory
    writing: Writing


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all parts stand on."""

    settings: Settings
    writing: Writing
    claim: Claim
    clock: Clock
    directory: Directory
    guild_settings: GuildSettings

    @property
    def db(self) -> Handle:
        """The database."""
        return self.writing.opened.db


@dataclass(frozen=True, slots=True)
class _Counting:
    """What counts: who makes activities of what happens, and keeps them."""

    calendars: Calendars
    recorder: Recorder
    gate: Gate
    attendance: EventAttendance
    voice: VoiceTracker


@dataclass(frozen=True, slots=True)
class _Readers:
    """Who reads from Discord what nobody told: history, members, invites and audit logs."""

    history: HistoryWorker
    comparer: MemberComparer
    invites: InviteWatcher
    audit_logs: AuditLogReader

    @property
    def stops(self) -> tuple[Callable[[], Awaitable[None]], ...]:
        """How each is ended; all may be called again."""
        return (self.history.stop, self.comparer.stop, self.invites.stop, self.audit_logs.stop)


@dataclass(frozen=True, slots=True)
class _Desks:
    """What admins set, noted and kept."""

    audit: AuditStore
    preferences: PreferenceDesk
    sentiment: Sentiment
    agreements: AgreementDesk
    retention: OwnRetention


@asynccontextmanager
async def open_charts(settings: Settings) -> AsyncIterator[ChartPool]:
    """Start the processes that draw."""
    charts = ChartPool(settings.data_dir / "charts", workers=settings.chart_workers)
    charts.start()
    try:
        yield charts
    finally:
        await charts.close()


@asynccontextmanager
async def open_app(
    settings: Settings,
    options: ClientOptions,
    clock: Clock | None = None,
    jobs: tuple[Job, ...] = JOBS,
) -> AsyncIterator[App]:
    """Open everything but the connection to Discord, which is the caller's to start."""
    claim = shards_claim(settings.shard_ids, settings.shard_count)
    async with AsyncExitStack() as stack:
        writing = await stack.enter_async_context(open_writing(settings, claim, counting=True))
        db = writing.opened.db
        await _bound_retention(db, retention_days(settings))
        ground = _Ground(settings, writing, claim, clock or SystemClock(), Directory(db), GuildSettings(db))
        counting = await _start_counting(stack, ground)
        readers = _ready_readers(stack, ground, counting)
        charts = await stack.enter_async_context(open_charts(settings))
        desks = await _open_desks(ground, counting.calendars, options)
        services = await _services(ground, counting, readers, desks, charts)
        client = ServerstatsClient(services, options)
        context = _job_context(ground, services, desks, client)
        scheduler = Scheduler(context, jobs)
        scheduler.start()
        stack.push_async_callback(scheduler.stop)
        for stop in (scheduler.stop, *readers.stops):
            client.end_first(stop)
        yield App(client, services, counting.recorder, context.packer, ground.directory, writing)


async def _bound_retention(db: Handle, days: RetentionDays) -> None:
    """Keep data for as long as the host says, and say what changes by it."""
    for change in await apply_retention(db, days):
        _log.log(
            logging.INFO if change.empty else logging.WARNING,  # of a new database nothing goes
            "retention changed",
            collection=change.collection,
            before=change.before,
            days=change.days,
        )


async def _start_counting(stack: AsyncExitStack, ground: _Ground) -> _Counting:
    """Start the recorder; at the end the time in voice up to then is recorded before it stops."""
    settings, writing, clock = ground.settings, ground.writing, ground.clock
    calendars = Calendars(settings.default_time_zone, await ground.directory.zones())
    recorder = Recorder(
        await _open_journal(ground),
        writing.store,
        GatewaySessions(),
        writing.consents,
        flush_seconds=settings.flush_seconds,
        takeovers=await leases.takeovers(ground.db, writing.folder.owner()),
    )
    await recorder.start()
    stack.push_async_callback(recorder.stop)
    gate = Gate(writing.consents, await ground.guild_settings.all_rules())
    attendance = EventAttendance(recorder.record)
    voice = VoiceTracker(attendance.hear, calendars.label, lambda: Moment(steady_ms(), clock.now_ms()))
    stack.callback(voice.tick)
    return _Counting(calendars, recorder, gate, attendance, voice)


async def _open_journal(ground: _Ground) -> Journal:
    """The journal, in which this process's lease is named; it is read through in a thread."""
    writing, size = ground.writing, ground.settings.journal_max_mib * _MIB
    tenure = Tenure(writing.lease.epoch, await leases.clock_ahead_ms(ground.db, ground.clock))
    return await asyncio.to_thread(Journal, writing.folder.journal, max_bytes=size, tenure=tenure)


def _ready_readers(stack: AsyncExitStack, ground: _Ground, counting: _Counting) -> _Readers:
    """Make those who read from Discord; they begin when Discord is there."""
    recorder, gate, calendars, clock = counting.recorder, counting.gate, counting.calendars, ground.clock
    lists = MemberLists(ground.db)
    readers = _Readers(
        HistoryWorker(
            recorder,
            reads=ground.settings.read_history,
            pace=Pace(REQUESTS_PER_SECOND * ground.claim.share),
        ),
        MemberComparer(admitting(recorder.record, gate), recorder.flush, lists, calendars, clock),
        InviteWatcher(recorder.record, lists, gate, calendars, clock),
        AuditLogReader(recorder, clock),
    )
    recorder.on_range(readers.history.touch)
    recorder.on_loss(readers.history.look_everywhere)
    for stop in readers.stops:
        stack.push_async_callback(stop)
    return readers


async def _open_desks(ground: _Ground, calendars: Calendars, options: ClientOptions) -> _Desks:
    """Learn what admins have set; words are looked up now where a server wants sentiment scored."""
    audit = AuditStore(ground.db)
    preferences = PreferenceDesk(
        ground.guild_settings,
        ground.directory,
        calendars,
        audit,
        ground.clock,
        await ground.guild_settings.all_preferences(),
    )
    sentiment = Sentiment(preferences, possible=options.message_content)
    if preferences.wants_sentiment:
        await sentiment.prepare()
    store = StoredAgreements(ground.db)
    return _Desks(
        audit,
        preferences,
        sentiment,
        AgreementDesk(store, ground.clock, await store.partners()),
        OwnRetention(ground.db, retention_days(ground.settings), ground.claim),
    )


async def _services(
    ground: _Ground, counting: _Counting, readers: _Readers, desks: _Desks, charts: ChartPool
) -> Services:
    """What the Discord side is handed."""
    db, clock, pseudonyms = ground.db, ground.clock, ground.writing.pseudonyms
    calendars, recorder, gate = counting.calendars, counting.recorder, counting.gate
    present = PresentMembers()
    pseudonyms.on_sight(present.saw)
    people = People(present, clock)
    return Services(
        views=ViewService(Reader(db), charts, people),
        recording=recorder,
        clock=clock,
        calendars=calendars,
        pseudonyms=pseudonyms,
        names=NameKeeper(ground.directory, ground.settings.default_time_zone.key),
        members=MemberGauge(recorder.record, calendars, clock),
        voice=counting.voice,
        history=readers.history,
        comparer=readers.comparer,
        present=present,
        people=people,
        member_servers=MemberServers(MemberServerLookup(db), pseudonyms, clock),
        invites=readers.invites,
        gate=gate,
        decisions=Decisions(recorder, ground.writing.consents, pseudonyms, counting.voice),
        counting=CountingRules(gate, ground.guild_settings, clock),
        own_data=OwnDataStore(db),
        preferences=desks.preferences,
        sentiment=desks.sentiment,
        agreements=desks.agreements,
        audit=desks.audit,
        retention=desks.retention,
        audit_logs=readers.audit_logs,
        attendance=counting.attendance,
        events=ScheduledEvents(db),
        warnings=WarningDesk(recorder, Warnings(db), gate, calendars, clock),
        languages=await asyncio.to_thread(load_languages),
    )


def _job_context(ground: _Ground, services: Services, desks: _Desks, client: ServerstatsClient) -> JobContext:
    """What jobs work with."""
    return JobContext(
        clock=ground.clock,
        packer=Packer(ground.db, ground.claim),
        names=services.names,
        members=client,
        voice=services.voice,
        cleaner=Cleaner(ground.db, ground.claim),
        snapshots=Snapshotter(ground.db, ground.claim),
        audit_logs=services.audit_logs,
        daily=DailyFigures(ground.db, ground.claim),
        comparer=services.comparer,
        preferences=desks.preferences,
        agreements=desks.agreements,
        own_retention=desks.retention,
    )


async def make_importer(
    settings: Settings, writing: Writing, guild_id: int, *, channel_id: Callable[[str], int] = made_up_id
) -> Importer:
    """Importer into one server; ``channel_id`` finds the channels that a file only names."""
    directory = Directory(writing.opened.db)
    calendars = Calendars(settings.default_time_zone, await directory.zones())
    gate = Gate(writing.consents, await GuildSettings(writing.opened.db).all_rules())
    translation = Translation(guild_id, calendars, writing.pseudonyms, gate, channel_id=channel_id)
    return Importer(
        guild_id, writing.store, Imports(writing.opened.db), directory, translation, SystemClock()
    )


def retention_days(settings: Settings) -> RetentionDays:
    """How many days each class of data is kept."""
    return {
        "members": settings.retention_members,
        "left": settings.retention_left,
        "totals": settings.retention_totals,
        "hours": settings.retention_hours,
    }
