"""A day's slices, read document by document and brought into columns: there may be tens of thousands.

They come in batches, since the driver decodes a batch in one go.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from analytics.day_columns import (
    ALL_PARTS,
    ChannelDayColumns,
    MemberDayColumns,
    MemberPart,
    MemberSlices,
    channels_of_slices,
)
from analytics.local_time import midnight_utc
from bot.db.database import Handle, Session
from bot.db.keys import pseudonym_numbers
from schemas.day_slices import CHANNEL_DAYS, MEMBER_DAYS

BATCH = 2_000
"""Documents a batch: the driver decodes it in 3 ms in which nothing else runs."""
_LEFT_OUT = {"_id": 0, "schemaVersion": 0, "guildId": 0, "zone": 0, "day": 0}
_VOICE = ("voice.ms", "voice.afkMs", "voice.hours", "voice.afkHours")
_GIVEN = ("reactionsGiven", "reactionHours")
_OF_MEMBERS: Mapping[MemberPart, tuple[str, ...]] = MappingProxyType(
    {
        MemberPart.WRITERS: (),
        MemberPart.MESSAGES: (),
        MemberPart.HOURS: (),
        MemberPart.PRESENCE: (*_VOICE, *_GIVEN),
        MemberPart.VOICE: _VOICE,
        MemberPart.GIVEN: _GIVEN,
        MemberPart.RECEIVED: ("reactionsReceived",),
    }
)
"""What of a member's document becomes columns, besides the hours of messages."""


class ServerDay(NamedTuple):
    """A day of a server, in one of its time zones."""

    guild: int
    zone: int
    day: int


async def member_slices(
    db: Handle, day: ServerDay, session: Session | None = None, parts: Collection[MemberPart] = ALL_PARTS
) -> MemberDayColumns:
    """What members did on a day, by hour; only the ``parts`` are read."""
    fields = ("userId", "hours", *(name for part in parts for name in _OF_MEMBERS[part]))
    gathered = MemberSlices()
    async for rows in _batches(db, MEMBER_DAYS.name, day, session, {"_id": 0, **dict.fromkeys(fields, 1)}):
        gathered.add(pseudonym_numbers([row["userId"] for row in rows]), rows)
        await asyncio.sleep(0)
    return await asyncio.to_thread(gathered.columns)


async def channel_slices(db: Handle, day: ServerDay, session: Session | None = None) -> ChannelDayColumns:
    """What happened in channels on a day."""
    rows = [row async for some in _batches(db, CHANNEL_DAYS.name, day, session, _LEFT_OUT) for row in some]
    return await asyncio.to_thread(lambda: channels_of_slices((int(row["channelId"]), row) for row in rows))


async def _batches(
    db: Handle, collection: str, day: ServerDay, session: Session | None, fields: Mapping[str, int]
) -> AsyncIterator[list[dict[str, Any]]]:
    here = {"guildId": str(day.guild), "zone": day.zone, "day": midnight_utc(day.day)}
    found = db[collection].find(here, fields, batch_size=BATCH, session=session)
    while rows := await found.to_list(BATCH):
        yield rows
