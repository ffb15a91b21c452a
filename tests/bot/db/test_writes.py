"""What activities leave in the database, on a real mongod, validators and all."""

from typing import TYPE_CHECKING, Any

from bot.db.database import Driver, Handle
from bot.ingest.activities.voice import VoiceFlag, VoiceLevel, VoiceTime
from tests.bot.db.counting import count_activities

if TYPE_CHECKING:
    from bot.ingest.activity import Activity

GUILD = 7
DAY = 20_700
"""A Friday."""


def spent(ms: int, *, hour: int = 3, channel: int = 5, flags: int = 0, day: int = DAY) -> VoiceTime:
    at = (day * 24 + hour) * 3_600_000
    return VoiceTime(GUILD, channel, 1, 0xAB, at, ms, 0, day, hour, flags)


async def document(db: Handle, collection: str) -> dict[str, Any]:
    found = await db[collection].find_one({})
    assert found is not None
    return found


async def test_voice_minutes_are_made_of_exact_sums(driver: Driver, db: Handle) -> None:
    pieces: list[Activity] = [
        spent(20_001, flags=VoiceFlag.BEGAN.value),
        spent(19_999, hour=4, channel=6, flags=VoiceFlag.DEAFENED.value),
        spent(60_000, day=DAY + 1),
    ]
    await count_activities(driver, db, GUILD, pieces[:2])
    await count_activities(driver, db, GUILD, pieces[2:])
    member = await document(db, "memberActivityStats")
    assert member["voiceMs"] == {
        "total": 100_000,
        "channels": {"5": 80_001, "6": 19_999},
        "hours": {"3": 80_001, "4": 19_999},
        "weekdays": {"5": 40_000, "6": 60_000},
    }
    assert member["voiceStats"]["totalMinutes"] == 100_000 / 60_000
    assert member["voiceStats"]["channelMinutes"] == {"5": 80_001 / 60_000, "6": 19_999 / 60_000}
    assert member["voiceStats"]["weeklyActivity"] == {"5": 40_000 / 60_000, "6": 1.0}
    assert member["lastActive"] == member["voiceStats"]["lastActive"]
    assert member["messageStats"]["totalCount"] == 0
    assert "firstMessageTimestamp" not in member["messageStats"], "or the first message could not be less"
    day = await db.memberDays.find_one({"voice.ms": 40_000})
    assert day is not None
    assert day["voice"]["deafenedMs"] == 19_999
    assert day["voice"]["visits"] == 1
    channels = {c["channelId"]: c async for c in db.channelStats.find()}
    assert channels["6"]["metrics"]["voiceMinutes"] == 19_999 / 60_000
    assert channels["6"]["type"] == "VOICE"


async def test_the_greatest_level_and_the_latest_reading_stand(driver: Driver, db: Handle) -> None:
    for people in (2, 5, 3):
        levels: list[Activity] = [
            VoiceLevel(GUILD, channel, 1, 1_000 * people if people != 3 else 9_000, 0, DAY, 3, people)
            for channel in (0, 5)
        ]
        await count_activities(driver, db, GUILD, levels)
    guild = await document(db, "guildDays")
    assert guild["voicePeak"] == 5
    assert guild["voice"]["3"]["value"] == 3
    assert (await document(db, "channelStats"))["metrics"]["peakConcurrentUsers"] == 5
    assert (await document(db, "channelDays"))["voice"]["peak"] == 5
