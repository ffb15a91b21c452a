"""Packing: bring closed days into one document each, again whenever something was added to them."""

from dataclasses import dataclass
from typing import Any

from analytics.local_time import day_of_midnight, midnight_utc
from analytics.packs import channel_columns, ids_to_bytes, member_columns
from bot.claims import ALL_SERVERS, Claim
from bot.db.database import Handle
from bot.db.directory import Directory
from bot.db.keys import day_id, pseudonym_number
from bot.db.writes import SCHEMA_VERSION
from schemas.day_packs import CHANNEL_PACKS, MEMBER_PACKS
from schemas.day_slices import CHANNEL_DAYS, GUILD_DAYS, MEMBER_DAYS


@dataclass(frozen=True, slots=True)
class _Day:
    guild: int
    zone: int
    day: int
    revision: int


class Packer:
    """Packs the days of the servers claimed whose packs are out of date."""

    def __init__(self, db: Handle, claim: Claim = ALL_SERVERS) -> None:
        self._db = db
        self._claim = claim
        self._directory = Directory(db)

    async def pack(self, now_ms: int, limit: int = 500) -> int:
        """Pack up to ``limit`` closed days, the oldest first; returns how many were packed."""
        today: dict[int, tuple[int, int]] = {}
        packed = 0
        async for stored in self._db[GUILD_DAYS.name].find({"dirty": True}).sort("day", 1):
            day = _Day(
                int(stored["guildId"]), stored["zone"], day_of_midnight(stored["day"]), stored["revision"]
            )
            if not self._claim.holds(day.guild):
                continue
            if day.guild not in today:
                today[day.guild] = await self._today(day.guild, now_ms)
            if (day.zone, day.day) < today[day.guild]:
                await self._pack(day)
                packed += 1
            if packed == limit:
                break
        return packed

    async def pack_all(self, now_ms: int) -> None:
        """Pack until nothing closed is out of date."""
        while await self.pack(now_ms):
            pass

    async def _today(self, guild: int, now_ms: int) -> tuple[int, int]:
        known = await self._directory.guild(guild)
        return (0, 0) if known is None else known.zones.label(now_ms)[:2]

    async def _pack(self, day: _Day) -> None:
        channels = channel_columns(
            day.zone,
            day.day,
            [(int(row["channelId"]), row["hours"]) for row in await self._rows(CHANNEL_DAYS.name, day)],
        )
        members = member_columns(
            day.zone,
            day.day,
            [
                (pseudonym_number(row["userId"]), row["hours"])
                for row in await self._rows(MEMBER_DAYS.name, day)
            ],
        )
        await self._save(
            CHANNEL_PACKS.name,
            day,
            {
                "channels": ids_to_bytes(channels.channels),
                "messages": channels.messages.tobytes(),
                "hours": channels.hours.tobytes(),
            },
        )
        await self._save(
            MEMBER_PACKS.name,
            day,
            {
                "members": ids_to_bytes(members.members),
                "messages": members.messages.tobytes(),
                "hours": members.hours.tobytes(),
            },
        )
        as_packed = {"_id": day_id(day.guild, day.zone, day.day), "revision": day.revision}
        await self._db[GUILD_DAYS.name].update_one(as_packed, {"$set": {"dirty": False}})

    async def _rows(self, collection: str, day: _Day) -> list[dict[str, Any]]:
        found = self._db[collection].find(
            {"guildId": str(day.guild), "zone": day.zone, "day": midnight_utc(day.day)},
            {"userId": 1, "channelId": 1, "hours": 1},
        )
        return await found.to_list(None)

    async def _save(self, collection: str, day: _Day, columns: dict[str, bytes]) -> None:
        document = {
            "_id": day_id(day.guild, day.zone, day.day),
            "schemaVersion": SCHEMA_VERSION,
            "guildId": str(day.guild),
            "zone": day.zone,
            "day": midnight_utc(day.day),
            "revision": day.revision,
            **columns,
        }
        await self._db[collection].replace_one({"_id": document["_id"]}, document, upsert=True)
