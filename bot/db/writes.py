"""The upserts that a delta becomes: plain additions, so that they commute."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from pymongo import UpdateOne

from analytics.local_time import midnight_utc, weekday_of
from bot.db.keys import channel_id, day_id, member_id
from bot.ingest.delta import ChannelDayDelta, Delta, MemberDayDelta
from bot.privacy.pseudonym import hexadecimal
from schemas import channel_stats, day_slices, member_activity_stats

SCHEMA_VERSION = 1

_CHANNEL_COUNTERS: tuple[tuple[str, str], ...] = (
    ("messages", "messages"),
    ("thread_messages", "threadMessages"),
    ("files", "files"),
    ("embeds", "embeds"),
    ("stickers", "stickers"),
    ("polls", "polls"),
    ("replies", "replies"),
    ("forwards", "forwards"),
    ("content_unknown", "contentUnknown"),
)

_NEW_MEMBER: Mapping[str, Any] = {
    "joinTimestamp": None,
    "leaveHistory": [],
    "messageStats.reactionCount": {"given": 0, "received": 0},
    "voiceStats": {
        "totalMinutes": 0,
        "channelMinutes": {},
        "lastActive": None,
        "hourlyActivity": {},
        "weeklyActivity": {},
    },
    "threadParticipation.created": 0,
    "threadParticipation.joined": 0,
    "activityScore": None,
}
_NEW_CHANNEL: Mapping[str, Any] = {
    "metrics.uniqueAuthors": None,
    "metrics.reactionCount": 0,
    "metrics.threadCount": 0,
    "metrics.voiceMinutes": 0,
    "metrics.uniqueVoiceUsers": None,
    "metrics.peakConcurrentUsers": None,
}


def writes(delta: Delta) -> dict[str, list[UpdateOne]]:
    """All upserts of a delta, by collection."""
    return {
        member_activity_stats.COLLECTION.name: list(_members(delta)),
        channel_stats.COLLECTION.name: list(_channels(delta)),
        day_slices.MEMBER_DAYS.name: list(_member_days(delta)),
        day_slices.CHANNEL_DAYS.name: list(_channel_days(delta)),
        day_slices.GUILD_DAYS.name: list(_guild_days(delta)),
    }


def instant(ms: int) -> datetime:
    """Date of a number of milliseconds since 1970."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def _members(delta: Delta) -> Iterator[UpdateOne]:
    for (guild, member), days in delta.member_totals().items():
        added = [entry for _, entry in days]
        last = instant(max(entry.last_at for entry in added))
        yield _upsert(
            member_id(guild, hexadecimal(member)),
            {"guildId": str(guild), "userId": hexadecimal(member), **_NEW_MEMBER},
            {
                "messageStats.totalCount": sum(entry.messages for entry in added),
                "threadParticipation.messagesInThreads": sum(entry.thread_messages for entry in added),
                **_summed("messageStats.channelDistribution", (entry.channels for entry in added)),
                **_summed("messageStats.hourlyActivity", (entry.hours for entry in added)),
                **_weekdays("messageStats.weeklyActivity", days),
            },
            min={"messageStats.firstMessageTimestamp": instant(min(entry.first_at for entry in added))},
            max={"messageStats.lastMessageTimestamp": last, "lastActive": last},
        )


def _channels(delta: Delta) -> Iterator[UpdateOne]:
    for (guild, channel), kind, days in delta.channel_totals():
        added = [entry for _, entry in days]
        yield _upsert(
            channel_id(guild, channel),
            {"guildId": str(guild), "channelId": str(channel), "type": kind, **_NEW_CHANNEL},
            {
                "metrics.messageCount": sum(entry.messages for entry in added),
                "metrics.attachmentCount": sum(entry.files for entry in added),
                **_summed("hourlyActivity", (entry.hours for entry in added)),
                **_weekdays("weeklyActivity", days),
            },
            max={"lastActive": instant(max(entry.last_at for entry in added))},
        )


def _member_days(delta: Delta) -> Iterator[UpdateOne]:
    for (guild, zone, day, member), added in delta.member_days.items():
        user = hexadecimal(member)
        yield _upsert(
            day_id(guild, zone, day, user),
            {**_day(guild, zone, day), "userId": user},
            {
                "messages": added.messages,
                "threadMessages": added.thread_messages,
                **_summed("channels", (added.channels,)),
                **_summed("hours", (added.hours,)),
            },
        )


def _channel_days(delta: Delta) -> Iterator[UpdateOne]:
    for (guild, zone, day, channel), added in delta.channel_days.items():
        counters = {stored: getattr(added, counter) for counter, stored in _CHANNEL_COUNTERS}
        yield _upsert(
            day_id(guild, zone, day, str(channel)),
            {**_day(guild, zone, day), "channelId": str(channel)},
            {**counters, **_summed("hours", (added.hours,))},
        )


def _guild_days(delta: Delta) -> Iterator[UpdateOne]:
    for (guild, zone, day), added in delta.guild_days.items():
        yield _upsert(
            day_id(guild, zone, day),
            {**_day(guild, zone, day), **({} if added.members else {"members": {}})},
            {"revision": 1},
            set={"dirty": True},
            max={
                f"members.{hour}": {"at": instant(at), "value": value}
                for hour, (at, value) in added.members.items()
            },
        )


def _day(guild: int, zone: int, day: int) -> dict[str, Any]:
    return {"guildId": str(guild), "zone": zone, "day": midnight_utc(day)}


def _upsert(
    identity: str, new: Mapping[str, Any], add: Mapping[str, int], **operators: Mapping[str, Any]
) -> UpdateOne:
    """Add to a document, or make a new one; the other operators by their names, without the dollar."""
    update = {"$setOnInsert": {"schemaVersion": SCHEMA_VERSION, **new}, "$inc": add}
    update.update({f"${name}": fields for name, fields in operators.items() if fields})
    return UpdateOne({"_id": identity}, update, upsert=True)


def _summed(path: str, maps: Iterator[dict[int, int]] | tuple[dict[int, int], ...]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for counts in maps:
        for key, count in counts.items():
            name = f"{path}.{key}"
            sums[name] = sums.get(name, 0) + count
    return sums


def _weekdays(
    path: str, days: list[tuple[int, MemberDayDelta]] | list[tuple[int, ChannelDayDelta]]
) -> dict[str, int]:
    return _summed(path, tuple({weekday_of(day): entry.messages} for day, entry in days))
