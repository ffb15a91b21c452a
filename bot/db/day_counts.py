"""A period's days by channel and hour, and by name of a count.

A period of d days reads d ``guildDays`` and, for channels, d ``channelPacks``; of days without a valid pack
one ``channelDays`` document a channel.
"""

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from analytics.day_columns import ChannelDayColumns
from analytics.day_counts import ChannelDayHours, GuildDayHours
from analytics.day_packs import channels_of_pack
from analytics.local_time import HourRange, day_of_midnight
from bot.db.database import Handle
from bot.db.slices import ServerDay, channel_slices
from bot.db.valid_packs import days_of, hours_within, read_packs, read_revisions
from schemas.day_packs import CHANNEL_PACKS, PACK_FORM
from schemas.day_slices import CHANNEL_DAYS, GUILD_DAYS
from schemas.guild_day_names import GuildCount, GuildLevel

BATCH = 5_000


class ChannelPart(Enum):
    """What is read of channels; the value are the columns of a pack, and what an unread one holds."""

    MESSAGES = ("channels", "channelHours")
    VOICE = ("voiceChannels", "voiceHours")
    REACTIONS = ("reactedChannels", "reactions")
    SENTIMENT = ("sentimentChannels", "sentiment")


_NOTHING_READ: Mapping[str, Any] = {column: b"" for part in ChannelPart for column in part.value}


class VoicePart(Enum):
    """Kinds of time in voice that are told apart; the value is the field of ``channelDays.voice``."""

    AFK = "afkMs"
    ALONE = "aloneMs"
    STREAMING = "streamingMs"
    DEAFENED = "deafenedMs"
    STAGE = "stageMs"
    ALL = "ms"


async def read_channel_days(
    db: Handle, guild_id: int, span: HourRange, parts: Collection[ChannelPart]
) -> list[ChannelDayHours]:
    """What happened in channels on each day of a range, by hour; of columns not asked for nothing."""
    revisions = await read_revisions(db, guild_id, span)
    columns = [column for part in parts for column in part.value]
    packs = await read_packs(
        db, CHANNEL_PACKS.name, (guild_id, span.zone), revisions, (*columns, "sums", "form")
    )
    packed = {day: pack for day, pack in packs.items() if pack.get("form") == PACK_FORM}
    slices = {
        day: await channel_slices(db, ServerDay(guild_id, span.zone, day))
        for day in revisions.keys() - packed.keys()
    }
    return await asyncio.to_thread(_channel_days, span, packed, slices)


async def read_guild_days(
    db: Handle, guild_id: int, span: HourRange, only: Collection[GuildCount] = ()
) -> list[GuildDayHours]:
    """What happened in the server on each day of a range; ``only`` these counts, or everything."""
    levels = [level.value for level in GuildLevel]
    everything = ("counts", "emoji", "voicePeak", "voicePeaks", *levels)
    wanted = ("day", *([f"counts.{count.value}" for count in only] or everything))
    found = (
        db[GUILD_DAYS.name]
        .find(days_of(guild_id, span), dict.fromkeys(wanted, 1), batch_size=BATCH)
        .sort("day", 1)
    )
    stored = await found.to_list(None)
    return await asyncio.to_thread(lambda: [_guild_day(span, day) for day in stored])


async def read_voice_parts(
    db: Handle, guild_id: int, span: HourRange, channels: Collection[int]
) -> dict[VoicePart, int]:
    """Time in ms in some channels by kind, over all days that the range touches, as whole ones.

    ``ALL`` is the time outside the AFK channel, of which the others are a part. The database adds up one
    document a day and channel. Days that were archived are not in it.
    """
    pipeline = [
        {"$match": {**days_of(guild_id, span), "channelId": {"$in": [str(channel) for channel in channels]}}},
        {"$group": {"_id": None, **{part.name: {"$sum": _of_day(part)} for part in VoicePart}}},
    ]
    async for sums in db[CHANNEL_DAYS.name].aggregate(pipeline):
        found = {part: int(sums[part.name]) for part in VoicePart}
        return {**found, VoicePart.ALL: found[VoicePart.ALL] - found[VoicePart.AFK]}
    return dict.fromkeys(VoicePart, 0)


def _of_day(part: VoicePart) -> Any:  # noqa: ANN401 - an expression of MongoDB's
    """What a channel's day adds to a kind: who is alone or deafened in the AFK channel is not among them."""
    amount = f"$voice.{part.value}"
    if part in {VoicePart.AFK, VoicePart.ALL}:
        return amount
    return {"$cond": [{"$gt": ["$voice.ms", {"$ifNull": ["$voice.afkMs", 0]}]}, amount, 0]}


def _channel_days(
    span: HourRange, packs: Mapping[int, Mapping[str, Any]], slices: Mapping[int, ChannelDayColumns]
) -> list[ChannelDayHours]:
    columns = {
        **{day: channels_of_pack({**_NOTHING_READ, **pack}) for day, pack in packs.items()},
        **slices,
    }
    return [ChannelDayHours(span.zone, day, hours_within(span, day), columns[day]) for day in sorted(columns)]


def _guild_day(span: HourRange, stored: Mapping[str, Any]) -> GuildDayHours:
    day = day_of_midnight(stored["day"])
    hours = hours_within(span, day)

    def cut(by_hour: Mapping[str, Any]) -> dict[int, Any]:
        return {int(hour): value for hour, value in by_hour.items() if int(hour) in hours}

    peaks = cut(stored.get("voicePeaks", {}))
    return GuildDayHours(
        span.zone,
        day,
        {name: cut(by_hour) for name, by_hour in stored.get("counts", {}).items()},
        {level.value: _readings(cut(stored.get(level.value, {}))) for level in GuildLevel},
        stored.get("emoji", {}),
        max(peaks.values(), default=None) if peaks or len(hours) < 24 else stored.get("voicePeak"),  # noqa: PLR2004 - hours of a day
    )


def _readings(gauges: Mapping[int, Mapping[str, datetime | int]]) -> dict[int, int]:
    return {hour: int(gauge["value"]) for hour, gauge in gauges.items() if isinstance(gauge["value"], int)}
