"""A server with activities of every kind, folded and stored by the real parts, for tests of views."""

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import msgspec

from analytics.local_time import day_of
from analytics.timeframes import parse_timeframe
from bot.claims import ALL_SERVERS
from bot.db import leases
from bot.db.database import Driver, Handle
from bot.db.directory import ChannelRecord, Directory
from bot.db.packing import Packer
from bot.db.recording import MongoStore
from bot.ingest.activities.messages import ChannelKind, MessageSent
from bot.ingest.activities.reactions import ReactionAdded
from bot.ingest.activities.threads import ThreadSeen
from bot.ingest.activities.voice import VoiceFlag, VoiceLevel, VoiceTime
from bot.ingest.activity import Activity
from bot.ingest.journal import Journal
from bot.ingest.recorder import Recorder
from bot.ingest.sessions import GatewaySessions
from bot.views.scope import Scope
from schemas.member_rosters import COLLECTION as MEMBER_ROSTERS
from tests.bot.db.counting import count_activities
from tests.support.consents import silent_nobody

GUILD = 1 << 60
NOW = datetime(2026, 3, 11, 16, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
TODAY = day_of(NOW.date())
MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000
_numbers = count(1)


def scope(timeframe: str = "7d", *channels: int) -> Scope:
    return Scope(GUILD, parse_timeframe(timeframe, NOW.date()), NOW_MS, channels=channels)


def instant(day: int, hour: int) -> int:
    """An hour, ``day`` days ago."""
    return (TODAY - day) * DAY_MS + hour * HOUR_MS


def message(day: int, hour: int, channel: int = 11, flags: int = 0, **fields: int) -> MessageSent:
    known = {
        "guild": GUILD,
        "channel": channel,
        "thread": 0,
        "kind": 0,
        "member": 1,
        "id": 0,
        "session": 0,
        "at": instant(day, hour),
        "zone": 0,
        "day": TODAY - day,
        "hour": hour,
        "flags": flags,
    }
    return MessageSent(**{**known, **fields})


def voice(day: int, hour: int, minutes: float, channel: int = 21, flags: int = 0) -> VoiceTime:
    return VoiceTime(
        GUILD,
        channel,
        1,
        1,
        instant(day, hour),
        round(minutes * MINUTE_MS),
        0,
        TODAY - day,
        hour,
        flags | VoiceFlag.BEGAN,
    )


def people(day: int, hour: int, number: int) -> VoiceLevel:
    return VoiceLevel(GUILD, 0, 1, instant(day, hour), 0, TODAY - day, hour, number)


def reaction(day: int, hour: int, emoji: str, channel: int = 11) -> ReactionAdded:
    number = next(_numbers)
    label = (0, TODAY - day)
    return ReactionAdded(
        GUILD, channel, 0, 0, number, 2, *label, 1, number, emoji, instant(day, hour), *label, hour, hour
    )


def thread(day: int, hour: int, number: int, *, solved_after_ms: int | None = None) -> list[Activity]:
    """A forum post, solved by being archived after some time."""
    begun, label = instant(day, hour), (0, TODAY - day, hour)
    seen = ThreadSeen(
        guild=GUILD,
        channel=31,
        thread=number,
        kind=ChannelKind.FORUM,
        creator=1,
        live=True,
        archived=False,
        locked=False,
        tagged=False,
        created=begun,
        changed=begun,
        last=begun,
        idle=7 * DAY_MS,
        at=begun,
        created_label=label,
        changed_label=label,
        label=label,
    )
    if solved_after_ms is None:
        return [seen]
    closed_at = begun + solved_after_ms
    closed_label = (0, closed_at // DAY_MS, closed_at % DAY_MS // HOUR_MS)
    closed = msgspec.structs.replace(
        seen, archived=True, changed=closed_at, at=closed_at, changed_label=closed_label, label=closed_label
    )
    return [seen, closed]


def reply(day: int, hour: int, number: int, after_ms: int, member: int = 2) -> MessageSent:
    """A message in a forum post that began at an hour."""
    at = instant(day, hour) + after_ms
    return msgspec.structs.replace(
        message(day, hour, 31, thread=number, kind=ChannelKind.FORUM, member=member, session=1),
        id=next(_numbers),
        at=at,
        day=at // DAY_MS,
        hour=at % DAY_MS // HOUR_MS,
    )


async def lived(driver: Driver, db: Handle, folder: Path, *activities: Activity) -> None:
    """Record activities as they come from Discord."""
    lease = await leases.acquire(db, ALL_SERVERS, "test")
    store = MongoStore(driver, db, lease)
    recorder = Recorder(Journal(folder / "journal"), store, GatewaySessions(), silent_nobody())
    for activity in activities:
        recorder.record(activity)
    await recorder.flush()
    await store.close()
    await Packer(db).pack_all(NOW_MS)


LONG_AGO = instant(400, 0)


async def told_of_members(db: Handle, guild: int, since_ms: int) -> None:
    """Have joins and leaves told of, as with the members intent: the member list was compared."""
    since = datetime.fromtimestamp(since_ms / 1000, UTC)
    roster = {"guildId": str(guild), "knownUntil": since, "comparedAt": since}
    await db[MEMBER_ROSTERS.name].update_one({"_id": str(guild)}, {"$set": roster}, upsert=True)


async def counted(
    driver: Driver, db: Handle, *activities: Activity, pack: bool = True, live: int | None = LONG_AGO
) -> None:
    """Count activities; ``pack``: and pack the days before today.

    ``live``: since when the bot listens (ms since 1970 UTC); None: all of it came out of a file.
    """
    await count_activities(driver, db, GUILD, activities)
    if live is not None:
        await Directory(db).mark_discord(GUILD, live)
        await told_of_members(db, GUILD, live)
    names = (ChannelRecord(11, "general", "TEXT"), ChannelRecord(21, "lounge", "VOICE"))
    await Directory(db).save_channels(GUILD, names)
    if pack:
        await Packer(db).pack_all(NOW_MS)
