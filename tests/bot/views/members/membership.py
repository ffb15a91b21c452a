"""Members who come and go, recorded by the real books, for tests of views."""

from datetime import UTC, datetime
from pathlib import Path

from analytics.local_time import day_of
from bot.claims import ALL_SERVERS
from bot.db import leases
from bot.db.database import Driver, Handle
from bot.db.recording import MongoStore
from bot.ingest.activities.levels import MembersCounted
from bot.ingest.activities.members import JoinSeen, MemberJoined, MemberLeft
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activities.voice import VoiceTime
from bot.ingest.activity import Activity
from bot.ingest.journal import Journal
from bot.ingest.recorder import Recorder
from bot.ingest.sessions import GatewaySessions
from tests.support.consents import silent_nobody

GUILD = 9
NOW = datetime(2026, 3, 11, 15, 20, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
TODAY = day_of(NOW.date())
DAY_MS = 86_400_000


def joined(member: int, back: int, seen: JoinSeen = JoinSeen.LIVE) -> MemberJoined:
    day = TODAY - back
    return MemberJoined(GUILD, member, day * DAY_MS + member, 0, day, 0, seen)


def left(member: int, back: int) -> MemberLeft:
    day = TODAY - back
    return MemberLeft(GUILD, member, day * DAY_MS + 3_600_000, 0, day, 1)


def counted(back: int, members: int) -> MembersCounted:
    day = TODAY - back
    return MembersCounted(GUILD, day * DAY_MS, 0, day, 0, members)


async def record(driver: Driver, db: Handle, folder: Path, activities: list[Activity]) -> None:
    lease = await leases.acquire(db, ALL_SERVERS, "me")
    store = MongoStore(driver, db, lease)
    recorder = Recorder(Journal(folder / "journal"), store, GatewaySessions(), silent_nobody())
    for activity in activities:
        recorder.record(activity)
    await recorder.flush()
    await recorder.stop()
    await store.close()


def wrote(member: int, back: int, number: int) -> MessageSent:
    """One message; ``number`` makes its id."""
    day = TODAY - back
    at = day * DAY_MS + 7_200_000 + number
    return MessageSent(GUILD, 50, 0, 0, member, at << 22, 1, at, 0, day, 2, 0)


def spoke(member: int, back: int) -> VoiceTime:
    """A minute in voice."""
    day = TODAY - back
    return VoiceTime(GUILD, 60, 1, member, day * DAY_MS + 7_200_000, 60_000, 0, day, 2, 0)
