"""The jobs that run on a clock, one row each."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.agreements import AgreementDesk
from bot.clock import Clock
from bot.db.cleaning import Cleaner
from bot.db.daily import DailyFigures
from bot.db.own_retention import OwnRetention
from bot.db.packing import Packer
from bot.db.snapshots import Snapshotter
from bot.ingest.voice import VoiceTracker
from bot.members.comparer import MemberComparer
from bot.moderation.reader import AuditLogReader
from bot.names import NameKeeper
from bot.preferences import PreferenceDesk


class MemberCounter(Protocol):
    """Reads how many members each server has, and records it."""

    async def count_members(self) -> None:
        """Record one reading a server."""

    def ask_for_readings(self) -> None:
        """Have the numbers of threads and channels recorded."""


@dataclass(frozen=True, slots=True)
class JobContext:
    """What jobs work with."""

    clock: Clock
    packer: Packer
    names: NameKeeper
    members: MemberCounter
    voice: VoiceTracker
    cleaner: Cleaner
    snapshots: Snapshotter
    audit_logs: AuditLogReader
    daily: DailyFigures
    comparer: MemberComparer
    preferences: PreferenceDesk
    agreements: AgreementDesk
    own_retention: OwnRetention


@dataclass(frozen=True, slots=True)
class Job:
    """``run`` every ``seconds``, or at every full hour where that is None."""

    name: str
    run: Callable[[JobContext], Awaitable[object]]
    seconds: int | None


async def pack_days(context: JobContext) -> None:
    """Pack closed days until none is left."""
    await context.packer.pack_all(context.clock.now_ms())


async def make_snapshots(context: JobContext) -> None:
    """Make the snapshots of intervals that are over, and again those of days that have changed."""
    await context.snapshots.make_all(context.clock.now_ms())


async def compute_daily(context: JobContext) -> None:
    """Compute distinct counts and scores, once a local day of each server."""
    await context.daily.compute(context.clock.now_ms())


async def save_names(context: JobContext) -> None:
    """Write down the names that Discord told."""
    await context.names.save()


async def count_members(context: JobContext) -> None:
    """Record the number of members of every server."""
    await context.members.count_members()


async def take_readings(context: JobContext) -> None:
    """Record how many threads and channels every server has."""
    context.members.ask_for_readings()


async def record_voice(context: JobContext) -> None:
    """Record the time in voice up to now: a crash loses no more than what came since."""
    context.voice.tick()


async def watch_members(context: JobContext) -> None:
    """Note until when leaves were heard of; compare lists of servers whose session broke unnoticed."""
    await context.comparer.watch()


async def read_audit_logs(context: JobContext) -> None:
    """Look into every audit log for what was not told live, and settle what was."""
    context.audit_logs.look_everywhere()


async def clean_up(context: JobContext) -> None:
    """Clean up once a calendar month; asked every hour, so that a bot that was away makes up for it."""
    await context.cleaner.clean_monthly(context.clock.now_ms())


async def keep_less(context: JobContext) -> None:
    """Delete what servers keep for a shorter time than the host, by their admins' wish."""
    await context.own_retention.trim(context.preferences.keepings(), context.clock.now_ms())


async def learn_agreements(context: JobContext) -> None:
    """Learn which agreements admins of other processes' servers have made or ended."""
    await context.agreements.refresh()


JOBS: tuple[Job, ...] = (
    Job("save names", save_names, seconds=2),
    Job("pack days", pack_days, seconds=60),
    Job("make snapshots", make_snapshots, seconds=60),
    Job("compute daily figures", compute_daily, seconds=600),
    Job("record voice", record_voice, seconds=60),
    Job("watch members", watch_members, seconds=60),
    Job("keep less", keep_less, seconds=60),
    Job("learn agreements", learn_agreements, seconds=60),
    Job("count members", count_members, seconds=None),
    Job("take readings", take_readings, seconds=None),
    Job("read audit logs", read_audit_logs, seconds=None),
    Job("clean up", clean_up, seconds=None),
)
