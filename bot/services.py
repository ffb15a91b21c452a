"""What the Discord side is handed: everything it needs of the machinery, and nothing else."""

from dataclasses import dataclass
from typing import Protocol

from bot.agreements import AgreementDesk
from bot.audit import Audit
from bot.clock import Clock
from bot.db.retention import RetentionDays
from bot.history.worker import HistoryWorker
from bot.ingest.activity import Activity
from bot.ingest.books.scheduled_events import EventAttendance
from bot.ingest.calendars import Calendars
from bot.ingest.decisions import Decisions
from bot.ingest.gauges import MemberGauge
from bot.ingest.sessions import GatewaySessions
from bot.ingest.voice import VoiceTracker
from bot.members.comparer import MemberComparer
from bot.members.invites import InviteWatcher
from bot.members.people import People
from bot.members.present import PresentMembers
from bot.members.servers import MemberServers
from bot.moderation.reader import AuditLogReader
from bot.moderation.warnings import WarningDesk
from bot.names import NameKeeper
from bot.preferences import Keeping, PreferenceDesk
from bot.privacy.counting import CountingRules
from bot.privacy.gate import Gate
from bot.privacy.own_data import OwnDataReader
from bot.privacy.pseudonym import Pseudonyms
from bot.sentiment.switch import Sentiment
from bot.views.service import ViewService
from schemas.collection import RetentionClass
from texts import Languages


class Recording(Protocol):
    """Where listeners put what happened."""

    @property
    def sessions(self) -> GatewaySessions:
        """The gateway session of each shard."""

    def record(self, activity: Activity) -> None:
        """Keep an activity; never waits."""


class EventLookup(Protocol):
    """The stored scheduled events."""

    async def unfinished(self, guild: int) -> list[int]:
        """Events of a server that are planned or on, as far as is known; raises StoreUnavailable."""


class RetentionPlan(Protocol):
    """For how long the host keeps what is counted, and what a shorter time would delete."""

    @property
    def hosts(self) -> RetentionDays:
        """How many days the host keeps each class of data."""

    async def count(self, guild: int, keeping: Keeping, now_ms: int) -> dict[RetentionClass, int]:
        """How many documents a server's wish would delete now, by class."""


@dataclass(frozen=True, slots=True)
class Services:
    """The machinery as cogs see it: views, recording, history, calendars, and what may be counted at all."""

    views: ViewService
    recording: Recording
    clock: Clock
    calendars: Calendars
    pseudonyms: Pseudonyms
    names: NameKeeper
    members: MemberGauge
    voice: VoiceTracker
    history: HistoryWorker
    comparer: MemberComparer
    present: PresentMembers
    people: People
    member_servers: MemberServers
    invites: InviteWatcher
    gate: Gate
    decisions: Decisions
    counting: CountingRules
    preferences: PreferenceDesk
    sentiment: Sentiment
    agreements: AgreementDesk
    own_data: OwnDataReader
    audit: Audit
    retention: RetentionPlan
    audit_logs: AuditLogReader
    warnings: WarningDesk
    attendance: EventAttendance
    events: EventLookup
    languages: Languages
