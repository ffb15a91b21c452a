"""Packing: bring closed days into one document each, again whenever something was added to them."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analytics.channel_days import add_channels
from analytics.day_packs import channel_pack, channels_of_pack, member_pack, members_of_pack
from analytics.local_time import day_of_midnight, midnight_utc
from analytics.member_days import add_members
from bot.claims import ALL_SERVERS, Claim
from bot.db.database import Handle
from bot.db.directory import Directory
from bot.db.keys import day_id
from bot.db.member_months import make_month_again
from bot.db.month_packing import MonthPacker
from bot.db.slices import ServerDay, channel_slices, member_slices
from bot.db.writes import SCHEMA_VERSION
from schemas.collection import Collection
from schemas.day_packs import CHANNEL_BASES, CHANNEL_PACKS, MEMBER_BASES, MEMBER_PACKS
from schemas.day_slices import GUILD_DAYS

_Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Day:
    guild: int
    zone: int
    day: int
    revision: int
    archived: bool


class Packer:
    """Packs the days of the servers claimed whose packs are out of date."""

    def __init__(self, db: Handle, claim: Claim = ALL_SERVERS) -> None:
        self._db = db
        self._claim = claim
        self._directory = Directory(db)
        self._months = MonthPacker(db, claim)

    async def pack(self, now_ms: int, limit: int = 500) -> int:
        """Pack up to ``limit`` closed days, the oldest first; returns how many were packed."""
        today: dict[int, tuple[int, int]] = {}
        packed = 0
        async for stored in self._db[GUILD_DAYS.name].find({"dirty": True}).sort("day", 1):
            day = _Day(
                int(stored["guildId"]),
                stored["zone"],
                day_of_midnight(stored["day"]),
                stored["revision"],
                stored.get("archive") is not None,
            )
            if not self._claim.holds(day.guild):
                continue
            if day.guild not in today:
                today[day.guild] = await self._directory.today(day.guild, now_ms)
            if (day.zone, day.day) < today[day.guild]:
                await self._pack(day)
                packed += 1
            if packed == limit:
                break
        return packed

    async def pack_all(self, now_ms: int) -> None:
        """Pack until nothing closed is out of date, and then the months."""
        while await self.pack(now_ms):
            pass
        await self._months.pack(now_ms)

    async def _pack(self, day: _Day) -> None:
        which = ServerDay(day.guild, day.zone, day.day)
        channels = await channel_slices(self._db, which)
        members = await member_slices(self._db, which)
        if day.archived:
            await self._save(
                CHANNEL_PACKS,
                day,
                await self._on_base(
                    day,
                    CHANNEL_BASES,
                    CHANNEL_PACKS,
                    lambda base: channel_pack(add_channels(channels_of_pack(base), channels)),
                ),
            )
            await self._save(
                MEMBER_PACKS,
                day,
                await self._on_base(
                    day,
                    MEMBER_BASES,
                    MEMBER_PACKS,
                    lambda base: member_pack(add_members(members_of_pack(base), members)),
                ),
            )
        else:
            await self._save(CHANNEL_PACKS, day, channel_pack(channels))
            await self._save(MEMBER_PACKS, day, member_pack(members))
        await make_month_again(self._db, day.guild, day.zone, day.day)
        await self._db[GUILD_DAYS.name].update_one(_as_read(day), {"$set": {"dirty": False}})

    async def _on_base(
        self, day: _Day, bases: Collection, packs: Collection, added: Callable[[Mapping[str, Any]], _Fields]
    ) -> _Fields | None:
        """What the archived slices came to, and what came later added.

        None where the first has expired, or where the day has changed meanwhile and is packed again.

        The pack of an archived day is of the archived slices alone until the day gets more; that is the first
        time that it has to be kept.
        """
        which = {"_id": day_id(day.guild, day.zone, day.day)}
        base = await self._db[bases.name].find_one(which)
        if base is None:
            base = await self._db[packs.name].find_one(which)
            if base is None:
                return None
            await self._db[bases.name].insert_one(base)
            if await self._db[GUILD_DAYS.name].find_one(_as_read(day), {"_id": 1}) is None:
                # Perhaps a member was erased meanwhile, who is still in it: it is made again.
                await self._db[bases.name].delete_one(which)
                return None
        return await asyncio.to_thread(added, base)

    async def _save(self, packs: Collection, day: _Day, columns: _Fields | None) -> None:
        if columns is None:
            return
        document = {
            "_id": day_id(day.guild, day.zone, day.day),
            "schemaVersion": SCHEMA_VERSION,
            "guildId": str(day.guild),
            "zone": day.zone,
            "day": midnight_utc(day.day),
            "revision": day.revision,
            **columns,
        }
        await self._db[packs.name].replace_one({"_id": document["_id"]}, document, upsert=True)


def _as_read(day: _Day) -> dict[str, Any]:
    """The day's document, as long as nothing has changed it."""
    return {"_id": day_id(day.guild, day.zone, day.day), "revision": day.revision}
