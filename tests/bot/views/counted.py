"""A server with activities of every kind, folded and stored by the real parts, for tests of views."""

from datetime import UTC, datetime
from itertools import count

from analytics.local_time import day_of
from analytics.timeframes import parse_timeframe
from bot.db.database import Driver, Handle
from bot.db.directory import ChannelRecord, Directory
from bot.db.packing import Packer
from bot.ingest.activities.messages import MessageSent
from bot.ingest.activities.reactions import ReactionAdded
from bot.ingest.activities.voice import VoiceFlag, VoiceLevel, VoiceTime
from bot.ingest.activity import Activity
from bot.views.scope import Scope
from tests.bot.db.counting import count_activities

GUILD = 1 << 60
NOW = datetime(2026, 3, 11, 15, 20, tzinfo=UTC)
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


async def counted(driver: Driver, db: Handle, *activities: Activity, pack: bool = True) -> None:
    """Count activities; ``pack``: and pack the days before today."""
    await count_activities(driver, db, GUILD, activities)
    await Directory(db).mark_discord(GUILD)
    names = (ChannelRecord(11, "general", "TEXT"), ChannelRecord(21, "lounge", "VOICE"))
    await Directory(db).save_channels(GUILD, names)
    if pack:
        await Packer(db).pack_all(NOW_MS)
