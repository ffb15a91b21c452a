"""A server with counted messages in memory, and the real bot in front of it on a simulated Discord."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import discord
import numpy as np
import simcord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle

from analytics.channel_days import channels_of_slices
from analytics.charts.report.spec import ReportSpec
from analytics.charts.spec import ChartSpec
from analytics.charts.wire import encode_spec
from analytics.day_columns import DatedMembers, MemberPart
from analytics.day_counts import ChannelDayHours, GuildDayHours
from analytics.local_time import BLOCK_MS, HourRange, ZoneHistory, ZoneSpan, day_of
from analytics.member_days import members_within
from analytics.member_spans import MemberSpan, SpanPart
from analytics.packs import Ids, channel_columns
from analytics.period_days import PeriodDays
from analytics.stays import PastStay
from bot.agreements import AgreementDesk, Noted, Offer, Partners, Step, after, noted
from bot.audit import CHANGED, EXPORTED, EXPORTED_MEMBER, READ, Entry, SettingChange
from bot.client import ClientOptions, ServerstatsClient
from bot.db.channel_facts import ThreadTimes
from bot.db.day_counts import ChannelPart, VoicePart
from bot.db.directory import ChannelRecord, GuildRecord
from bot.db.reader import Reader, UnknownGuild
from bot.db.valid_packs import hours_within
from bot.history.worker import HistoryWorker
from bot.ingest.activity import Activity
from bot.ingest.books.book import BookKey
from bot.ingest.books.scheduled_events import EventAttendance
from bot.ingest.books.warnings import WarningCase
from bot.ingest.calendars import Calendars
from bot.ingest.decisions import Decisions
from bot.ingest.gauges import MemberGauge
from bot.ingest.pages import LAST_ID, Filled, HistoryPage, Standing
from bot.ingest.sessions import GatewaySessions
from bot.ingest.store import CoverageKey
from bot.ingest.voice import Moment, VoiceTracker
from bot.members.admission import admitting
from bot.members.comparer import MemberComparer
from bot.members.invites import InviteWatcher
from bot.members.people import People
from bot.members.present import PresentMembers
from bot.members.servers import MemberServer, MemberServers
from bot.moderation.reader import AuditLogReader
from bot.moderation.warnings import WarningDesk
from bot.names import NameKeeper
from bot.preferences import Keeping, PreferenceDesk, Preferences
from bot.privacy.consents import Consents
from bot.privacy.counting import CountingRules
from bot.privacy.gate import Gate
from bot.privacy.own_data import OwnData
from bot.privacy.pseudonym import Pseudonyms
from bot.privacy.records import ConsentRecord
from bot.privacy.rules import Change, Rules
from bot.sentiment.switch import Sentiment
from bot.services import Services
from bot.views.service import Patience, ViewService
from schemas.collection import RetentionClass
from schemas.guild_day_names import GuildCount
from tests.support.rosters import MemoryRosters, nothing
from tests.support.slices import members_of_slices, spans_of
from texts import load_languages

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
CAME = NOW - timedelta(hours=1)
ZONE = "Europe/Berlin"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c626001000000050001a5f645400000000049454e44ae426082"
)
SAYS, THINKS, CHANGES_LATER, FORM, EPHEMERAL = 4, 5, 6, 9, 64
"""Kinds of a first response, and the flag of one that only the asker sees."""
COMMANDS = ("cogs.languages", "cogs.serverstats", "cogs.controls")
LANGUAGES = load_languages()
DEAF = 3600.0
"""Seconds after which a silent database would answer: never, as far as a test is concerned."""

Hours = Mapping[tuple[date, int], Mapping[tuple[int, int], int]]
"""Messages by (day, hour), then by (channel, member)."""


class FixedClock:
    def now_ms(self) -> int:
        return int(NOW.timestamp() * 1000)


@dataclass
class MemoryReader:
    """Answers what `bot.db.reader.Reader` answers, from memory."""

    names: dict[int, str] = field(default_factory=dict)
    channels: dict[int, str] = field(default_factory=dict)
    sent: dict[tuple[date, int], dict[tuple[int, int], int]] = field(default_factory=dict)
    member_count: int | None = 40
    holders: dict[int, set[int]] | None = None
    offered: set[tuple[int, int]] = field(default_factory=set)
    """Offers to be compared that stand: by whom, to whom."""
    silent: bool = False

    async def guild(self, guild_id: int) -> GuildRecord:
        await self._answer()
        if guild_id not in self.names:
            raise UnknownGuild(str(guild_id))
        return GuildRecord(guild_id, self.names[guild_id], ZoneHistory.single(ZoneInfo(ZONE)), CAME)

    async def zones(self, guild_id: int) -> ZoneHistory:
        return (await self.guild(guild_id)).zones

    async def channel_names(self, _guild_id: int) -> dict[int, str]:
        await self._answer()
        return self.channels

    async def partners(self, guild_id: int) -> dict[int, str]:
        await self._answer()
        return {
            other: self.names.get(other, "")
            for by, other in sorted(self.offered)
            if by == guild_id and (other, by) in self.offered
        }

    async def counted_days(self, _guild_id: int) -> range:
        await self._answer()
        days = [day_of(day) for day, _ in self.sent]
        return range(min(days), max(days) + 1) if days else range(0)

    async def members(self, _guild_id: int, _ranges: tuple[HourRange, ...]) -> int | None:
        await self._answer()
        return self.member_count

    async def members_since(self, guild_id: int, _now_ms: int) -> int | None:
        counted = await self.counted_days(guild_id)
        return counted.start if counted else None

    async def member_spans(
        self, guild_id: int, ranges: tuple[HourRange, ...], *_parts: SpanPart
    ) -> list[MemberSpan]:
        return spans_of(await self.dated_member_days(guild_id, ranges))

    async def dated_member_days(
        self, _guild_id: int, ranges: tuple[HourRange, ...], *_parts: MemberPart
    ) -> list[DatedMembers]:
        await self._answer()
        return [
            DatedMembers(
                day,
                members_within(
                    members_of_slices(
                        (member, {"hours": counts})
                        for member, counts in _rows(
                            {hour: rows for (at, hour), rows in self.sent.items() if day_of(at) == day}, 1
                        )
                    ),
                    hours_within(span, day),
                ),
            )
            for span in ranges
            for day in span.days
        ]

    async def period(self, guild_id: int, ranges: tuple[HourRange, ...]) -> PeriodDays:
        await self._answer()
        return PeriodDays(
            ranges,
            [
                channel_columns(span.zone, day, _rows(hours, 0), hours_within(span, day))
                for span in ranges
                for day in span.days
                for hours in [{hour: rows for (at, hour), rows in self.sent.items() if day_of(at) == day}]
            ],
            [await self.member_spans(guild_id, (span,)) for span in ranges],
        )

    async def channel_days(
        self, _guild_id: int, ranges: tuple[HourRange, ...], *_parts: ChannelPart
    ) -> list[ChannelDayHours]:
        await self._answer()
        return [
            ChannelDayHours(
                span.zone,
                day,
                hours_within(span, day),
                channels_of_slices(
                    (channel, {"hours": hours})
                    for channel, hours in _rows(
                        {hour: rows for (at, hour), rows in self.sent.items() if day_of(at) == day}, 0
                    )
                ),
            )
            for span in ranges
            for day in span.days
        ]

    async def guild_days(
        self, _guild_id: int, ranges: tuple[HourRange, ...], *_only: GuildCount
    ) -> list[GuildDayHours]:
        await self._answer()
        return [
            GuildDayHours(span.zone, day, {"threadsCreated": {9: 2}}, {}, {"👍": 3}, 4)
            for span in ranges
            for day in span.days
        ]

    async def role_holders(self, _guild_id: int, roles: Collection[int]) -> dict[int, Ids] | None:
        await self._answer()
        if self.holders is None:
            return None
        return {role: np.array(sorted(self.holders.get(role, ())), "<u8") for role in roles}

    async def joined(self, _guild_id: int, first_ms: int, _stop_ms: int) -> dict[int, int]:
        await self._answer()
        return {1: first_ms}

    async def membership_told(self, _guild_id: int) -> bool:
        await self._answer()
        return True

    async def past_stays(self, _guild_id: int, _since_ms: int) -> list[PastStay]:
        await self._answer()
        return []

    async def left(self, _guild_id: int, _first_ms: int, _stop_ms: int) -> dict[int, int]:
        await self._answer()
        return {}

    async def days_leavers_are_kept(self, _guild_id: int) -> int | None:
        await self._answer()
        return None

    async def voice_parts(
        self, _guild_id: int, _ranges: tuple[HourRange, ...], _channels: Collection[int]
    ) -> dict[VoicePart, int]:
        await self._answer()
        return dict.fromkeys(VoicePart, 0)

    async def text_channels(self, _guild_id: int) -> dict[int, int] | None:
        await self._answer()
        return dict.fromkeys(self.channels, 0)

    async def last_messages(self, _guild_id: int, _channels: Collection[int]) -> dict[int, datetime]:
        await self._answer()
        return {}

    async def first_thread(self, _guild_id: int) -> datetime | None:
        await self._answer()
        return None

    async def first_invited_day(self, _guild_id: int) -> int | None:
        await self._answer()
        return None

    async def threads_begun(
        self, _guild_id: int, begun: tuple[int, int], _channels: Collection[int]
    ) -> list[ThreadTimes]:
        await self._answer()
        return [ThreadTimes(77, begun[0], begun[0] + 60_000, None)]

    async def guilds(self) -> list[int]:
        await self._answer()
        return [*self.names]

    async def latest(self, members: Mapping[int, int], limit: int) -> list[MemberServer]:
        await self._answer()
        wrote = {member: moment for moment, counts in sorted(self.sent.items()) for _, member in counts}
        found = {guild: wrote[member] for guild, member in members.items() if member in wrote}
        latest = sorted(found, key=lambda guild: found[guild], reverse=True)[:limit]
        return [MemberServer(guild, self.names[guild]) for guild in latest if guild in self.names]

    async def _answer(self) -> None:
        if self.silent:
            await asyncio.sleep(DEAF)


def _rows(hours: Mapping[int, Mapping[tuple[int, int], int]], part: int) -> list[tuple[int, dict[str, int]]]:
    rows: dict[int, dict[str, int]] = {}
    for hour, counts in hours.items():
        for key, count in counts.items():
            row = rows.setdefault(key[part], {})
            row[str(hour)] = row.get(str(hour), 0) + count
    return list(rows.items())


@dataclass
class MemoryCharts:
    """Draws the same picture for everything, and remembers what was asked for."""

    drawn: list[ChartSpec] = field(default_factory=list)
    printed: list[ReportSpec] = field(default_factory=list)
    broken: bool = False

    async def draw(self, spec: ChartSpec) -> bytes:
        if self.broken:
            raise RuntimeError("the drawing process died")
        self.drawn.append(spec)
        return PIXEL

    async def print_report(self, spec: ReportSpec) -> bytes:
        if self.broken:
            raise RuntimeError("the drawing process died")
        self.printed.append(spec)
        return b"%PDF-" + encode_spec(spec)


class NoRecording:
    """Takes nothing: these tests load no listeners."""

    def __init__(self) -> None:
        self.sessions = GatewaySessions()

    def record(self, activity: Activity) -> None:
        raise AssertionError(activity)


@dataclass
class MemoryRules:
    """Keeps who changed which rule."""

    noted: list[tuple[int, Change]] = field(default_factory=list)

    async def save(self, guild: int, rules: Rules) -> None:
        """Have it in the gate alone."""

    async def note(self, guild: int, actor: int, change: Change, now_ms: int) -> None:
        assert guild
        assert now_ms
        self.noted.append((actor, change))


@dataclass
class MemoryAudit:
    """Keeps who read about whom."""

    entries: list[Entry] = field(default_factory=list)

    async def note_reading(self, guild: int, actor: int, member: int, what: str, now_ms: int) -> None:
        assert guild
        self.entries.append(Entry(actor, READ, what, member, now_ms))

    async def note_export(self, guild: int, actor: int, member: int | None, what: str, now_ms: int) -> None:
        assert guild
        of = EXPORTED if member is None else EXPORTED_MEMBER
        self.entries.append(Entry(actor, of, what, member, now_ms))

    async def note_change(self, guild: int, actor: int, change: SettingChange, now_ms: int) -> None:
        assert guild
        values = (change.before, change.after)
        self.entries.append(Entry(actor, CHANGED, change.setting, None, now_ms, *values))

    async def latest(self, guild: int, skip: int, limit: int) -> list[Entry]:
        assert guild
        return self.entries[::-1][skip : skip + limit]


@dataclass
class MemoryAgreements:
    """Keeps offers where the reader finds them, so that they outlive a bot."""

    reader: MemoryReader
    entries: list[Noted] = field(default_factory=list)

    async def take(self, step: Step, now_ms: int) -> bool:
        assert now_ms
        pairs = ((step.by, step.other), (step.other, step.by))
        standing = frozenset(by for by, other in pairs if (by, other) in self.reader.offered)
        self.entries += noted(standing, step)
        change = self.reader.offered.add if step.offers else self.reader.offered.discard
        change(pairs[0])
        return after(standing, step) != standing

    async def offers(self, guild: int) -> list[Offer]:
        partners = await self.reader.partners(guild)
        return [
            Offer(other, other in partners, partners.get(other, ""))
            for by, other in sorted(self.reader.offered)
            if by == guild
        ]

    async def partners(self) -> Partners:
        return {guild: await self.reader.partners(guild) for guild in await self.offering()}

    async def offering(self) -> frozenset[int]:
        return frozenset(by for by, _ in self.reader.offered)


class MemoryPreferences:
    """Keeps what the desk has in memory anyway, and time zones."""

    async def save_preferences(self, guild: int, preferences: Preferences) -> None:
        assert guild, preferences

    async def change_zone(self, guild_id: int, zone: str, now_ms: int) -> ZoneHistory:
        assert guild_id
        since = (now_ms // BLOCK_MS + 1) * BLOCK_MS
        return ZoneHistory((ZoneSpan(0, ZoneInfo(ZONE), None), ZoneSpan(1, ZoneInfo(zone), since)))


@dataclass
class MemoryRetention:
    """The host's limits, and how many documents would go."""

    hosts: Mapping[RetentionClass, int | None] = field(
        default_factory=lambda: {"members": 730, "left": 90, "totals": None, "hours": 400}
    )
    older: dict[RetentionClass, int] = field(default_factory=lambda: {"members": 1234})

    async def count(self, guild: int, keeping: Keeping, now_ms: int) -> dict[RetentionClass, int]:
        assert guild, (keeping, now_ms)
        return self.older


class NoData:
    """Knows nothing about anybody."""

    async def own_data(self, guild: int, member: int) -> OwnData:
        assert guild
        assert member
        return OwnData()


class NothingToWrite:
    """Has nothing left to read, and would not take it."""

    def decide(self, record: ConsentRecord) -> None:
        raise AssertionError(record)

    dropped = 0

    async def flush(self) -> None:
        """Do nothing."""

    async def fill(self, page: HistoryPage) -> Filled:
        raise AssertionError(page)

    async def standing(self, keys: Iterable[CoverageKey]) -> dict[CoverageKey, Standing]:
        return dict.fromkeys(keys, Standing(0, LAST_ID, ()))

    async def unsettled(self, guild: int) -> list[int]:
        assert guild
        return []

    def record(self, activity: Activity) -> None:
        raise AssertionError(activity)

    async def known(self, book: str, key: BookKey) -> object:
        raise AssertionError((book, key))


class NoEvents:
    """Knows of none."""

    async def unfinished(self, guild: int) -> list[int]:
        assert guild
        return []


class NoWarnings:
    """Knows of none."""

    async def of_member(self, guild: int, member: int) -> Mapping[int, WarningCase]:
        assert guild, member
        return {}


class NoNames:
    """Writes nothing down, for the same reason."""

    async def add_guild(self, guild_id: int, name: str, zone: str) -> None:
        raise AssertionError((guild_id, name, zone))

    async def mark_discord(self, guild_id: int) -> None:
        raise AssertionError(guild_id)

    async def save_channels(self, guild_id: int, channels: Iterable[ChannelRecord]) -> None:
        raise AssertionError((guild_id, channels))


@dataclass
class Stage:
    """Everything a test looks at."""

    env: simcord.Env
    reader: MemoryReader
    charts: MemoryCharts
    guild: GuildHandle
    channel: ChannelHandle
    moderator: MemberActor
    member: MemberActor

    def responses(self) -> list[tuple[int, int]]:
        """Kind and flags of every first response to an interaction, in order."""
        return [
            (request.json["type"], int((request.json.get("data") or {}).get("flags", 0)))
            for request in self.env.http_requests
            if request.json and request.path.endswith("/callback")
        ]

    def neighbour(self, guild: int) -> None:
        """Let another server agree to be compared with this one."""
        self.reader.names[guild] = "The Other Shore"
        self.reader.offered |= {(guild, self.guild.id), (self.guild.id, guild)}

    async def restart(self) -> None:
        """Start a fresh bot that remembers nothing."""
        await self.env.restart_bot(fresh_client(self.reader, self.charts))


def fresh_client(reader: MemoryReader, charts: MemoryCharts, **options: object) -> ServerstatsClient:
    clock, recording, calendars = FixedClock(), NoRecording(), Calendars(ZoneInfo(ZONE))
    pseudonyms = Pseudonyms(bytes(32))
    consents = Consents(pseudonyms.seal)
    gate = Gate(consents)
    record = admitting(recording.record, gate)
    voice = VoiceTracker(recording.record, calendars.label, lambda: Moment(0, clock.now_ms()))
    present = PresentMembers()
    people = People(present, clock)
    audit, kept = MemoryAudit(), MemoryPreferences()
    pseudonyms.on_sight(present.saw)
    preferences = PreferenceDesk(kept, kept, calendars, audit, clock)
    wanted = replace(ClientOptions(shard_count=1, extensions=COMMANDS), **options)  # type: ignore[arg-type]
    services = Services(
        views=ViewService(
            cast("Reader", reader), charts, people, patience=Patience(database=10.0, chart=5.0)
        ),
        recording=recording,
        clock=clock,
        calendars=calendars,
        pseudonyms=pseudonyms,
        names=NameKeeper(NoNames(), ZONE),
        members=MemberGauge(recording.record, calendars, clock),
        voice=voice,
        history=HistoryWorker(NothingToWrite()),
        attendance=EventAttendance(recording.record),
        events=NoEvents(),
        comparer=MemberComparer(record, nothing, MemoryRosters(), calendars, clock),
        present=present,
        people=people,
        member_servers=MemberServers(reader, pseudonyms, clock),
        invites=InviteWatcher(recording.record, MemoryRosters(), gate, calendars, clock),
        gate=gate,
        decisions=Decisions(NothingToWrite(), consents, pseudonyms, voice),
        counting=CountingRules(gate, MemoryRules(), clock),
        preferences=preferences,
        sentiment=Sentiment(preferences, possible=wanted.message_content),
        agreements=AgreementDesk(MemoryAgreements(reader), clock),
        own_data=NoData(),
        audit=audit,
        retention=MemoryRetention(),
        audit_logs=AuditLogReader(NothingToWrite(), clock),
        warnings=WarningDesk(NothingToWrite(), NoWarnings(), gate, calendars, clock),
        languages=LANGUAGES,
    )
    return ServerstatsClient(services, wanted)


def fields_of(embed: discord.Embed) -> dict[str, str]:
    return {str(field.name): str(field.value) for field in embed.fields}


@asynccontextmanager
async def staged(extensions: tuple[str, ...] = COMMANDS, **options: object) -> AsyncIterator[Stage]:
    """A server with two channels, 40 members and messages on two days, in front of a running bot."""
    reader, charts = MemoryReader(), MemoryCharts()
    async with simcord.run(fresh_client(reader, charts, extensions=extensions, **options)) as env:
        guild = env.create_guild("The Lighthouse")
        channel = guild.create_text_channel("general")
        insight = guild.create_role("Crew", permissions=discord.Permissions(view_guild_insights=True))
        stage = Stage(
            env,
            reader,
            charts,
            guild,
            channel,
            guild.add_member(env.create_user("captain"), roles=[insight]),
            guild.add_member(env.create_user("guest")),
        )
        reader.names[guild.id] = "The Lighthouse"
        reader.channels = {channel.id: "general", 77: "old_harbour"}
        reader.sent = {
            (date(2026, 1, 1), 9): {(channel.id, 1): 5},
            (date(2026, 1, 30), 20): {(channel.id, 1): 1000, (77, 2): 234},
            (date(2026, 1, 31), 12): {(channel.id, 3): 6},
        }
        yield stage
