"""A day's slices, read document by document and brought into columns in a thread: there may be thousands."""

import asyncio
from typing import Any

from analytics.day_columns import (
    ChannelDayColumns,
    MemberDayColumns,
    channels_of_slices,
    members_of_slices,
)
from analytics.local_time import midnight_utc
from bot.db.database import Handle
from bot.db.keys import pseudonym_number
from schemas.day_slices import CHANNEL_DAYS, MEMBER_DAYS

_BATCH = 10_000
_LEFT_OUT = {"_id": 0, "schemaVersion": 0, "guildId": 0, "zone": 0, "day": 0, "channels": 0}


async def member_slices(db: Handle, guild: int, zone: int, day: int) -> MemberDayColumns:
    """What members did on a day."""
    rows = await _rows(db, MEMBER_DAYS.name, guild, zone, day)
    return await asyncio.to_thread(
        lambda: members_of_slices((pseudonym_number(row["userId"]), row) for row in rows)
    )


async def channel_slices(db: Handle, guild: int, zone: int, day: int) -> ChannelDayColumns:
    """What happened in channels on a day."""
    rows = await _rows(db, CHANNEL_DAYS.name, guild, zone, day)
    return await asyncio.to_thread(lambda: channels_of_slices((int(row["channelId"]), row) for row in rows))


async def _rows(db: Handle, collection: str, guild: int, zone: int, day: int) -> list[dict[str, Any]]:
    found = db[collection].find(
        {"guildId": str(guild), "zone": zone, "day": midnight_utc(day)}, _LEFT_OUT, batch_size=_BATCH
    )
    return await found.to_list(None)
