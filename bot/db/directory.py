"""Servers and channels by name, and the settings that decide how activity is recorded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pymongo import UpdateOne

from analytics.local_time import BLOCK_MS, ZoneHistory, ZoneSpan
from bot.db.database import Handle
from bot.db.forgetting import forget_server
from bot.db.keys import channel_id
from bot.db.writes import SCHEMA_VERSION, instant
from schemas.channel_stats import ChannelType
from schemas.directory import CHANNELS, GUILDS

_LEAD_MS = 30_000
"""How long before it begins a zone has to be known, so that nothing is labelled by the old one afterwards."""


@dataclass(frozen=True, slots=True)
class GuildRecord:
    """A server as the database knows it."""

    guild_id: int
    name: str
    zones: ZoneHistory
    discord_since: datetime | None


@dataclass(frozen=True, slots=True)
class ChannelRecord:
    """A channel as the database knows it."""

    channel_id: int
    name: str
    type: ChannelType


class Directory:
    """Reads and writes ``guilds`` and ``channels``."""

    def __init__(self, db: Handle) -> None:
        self._db = db
        self._guilds = db[GUILDS.name]
        self._channels = db[CHANNELS.name]

    async def guild(self, guild_id: int) -> GuildRecord | None:
        """The server, or None if nothing is known of it."""
        stored = await self._guilds.find_one({"_id": str(guild_id)})
        if stored is None:
            return None
        return GuildRecord(guild_id, stored["name"], _history(stored), stored["discordSince"])

    async def today(self, guild_id: int, now_ms: int) -> tuple[int, int]:
        """Epoch of the zone and local day of an instant; days before are closed. (0, 0): nothing is known."""
        known = await self.guild(guild_id)
        return (0, 0) if known is None else known.zones.label(now_ms)[:2]

    async def zones(self) -> dict[int, ZoneHistory]:
        """Time zones of every known server."""
        return {int(stored["_id"]): _history(stored) async for stored in self._guilds.find({}, {"zones": 1})}

    async def live_since(self) -> dict[int, int]:
        """Since when (ms since 1970 UTC) each server was fed by Discord, of those that ever were."""
        found = self._guilds.find({"discordSince": {"$ne": None}}, {"discordSince": 1})
        return {int(each["_id"]): _milliseconds(each["discordSince"]) or 0 async for each in found}

    async def add_guild(self, guild_id: int, name: str, zone: str) -> None:
        """Write down a server that is new; a known one keeps its zone and only changes its name."""
        new = {
            "schemaVersion": SCHEMA_VERSION,
            "zones": [{"epoch": 0, "zone": zone, "since": None}],
            "discordSince": None,
        }
        await self._guilds.update_one(
            {"_id": str(guild_id)}, {"$set": {"name": name}, "$setOnInsert": new}, upsert=True
        )

    async def forget(self, guild_id: int) -> bool:
        """Remove a server with all that was counted for it; see ``bot.db.forgetting``."""
        return await forget_server(self._db, guild_id)

    async def mark_discord(self, guild_id: int, since_ms: int | None = None) -> None:
        """Note that a Discord connection feeds this server, now or since an instant, if that is new."""
        since = (
            {"$currentDate": {"discordSince": True}}
            if since_ms is None
            else {"$set": {"discordSince": instant(since_ms)}}
        )
        await self._guilds.update_one({"_id": str(guild_id), "discordSince": None}, since)

    async def change_zone(self, guild_id: int, zone: str, now_ms: int) -> ZoneHistory:
        """Let the server live in another zone from the next quarter of an hour on; returns all its zones.

        A change that has not begun yet is replaced.
        """
        known = await self.guild(guild_id)
        if known is None:
            raise LookupError(f"server {guild_id} is not known")
        since_ms = ((now_ms + _LEAD_MS) // BLOCK_MS + 1) * BLOCK_MS
        kept = [span for span in known.zones.spans if span.since_ms is None or span.since_ms < since_ms]
        if kept[-1].zone.key == zone and len(kept) == len(known.zones.spans):
            return known.zones
        spans = (*kept, ZoneSpan(known.zones.current.epoch + 1, ZoneInfo(zone), since_ms))
        stored = [
            {
                "epoch": span.epoch,
                "zone": span.zone.key,
                "since": None if span.since_ms is None else instant(span.since_ms),
            }
            for span in spans
        ]
        await self._guilds.update_one({"_id": str(guild_id)}, {"$set": {"zones": stored}})
        return ZoneHistory(spans)

    async def save_channels(self, guild_id: int, channels: Iterable[ChannelRecord]) -> None:
        """Write down the channels' present names and types."""
        updates = [
            UpdateOne(
                {"_id": channel_id(guild_id, channel.channel_id)},
                {
                    "$set": {
                        "schemaVersion": SCHEMA_VERSION,
                        "guildId": str(guild_id),
                        "channelId": str(channel.channel_id),
                        "name": channel.name,
                        "type": channel.type,
                    }
                },
                upsert=True,
            )
            for channel in channels
        ]
        if updates:
            await self._channels.bulk_write(updates, ordered=False)

    async def channel_names(self, guild_id: int) -> dict[int, str]:
        """Names of all channels ever seen, by id."""
        found = self._channels.find({"guildId": str(guild_id)}, {"channelId": 1, "name": 1})
        return {int(stored["channelId"]): stored["name"] async for stored in found}


def _history(stored: dict[str, Any]) -> ZoneHistory:
    return ZoneHistory(
        tuple(
            ZoneSpan(span["epoch"], ZoneInfo(span["zone"]), _milliseconds(span["since"]))
            for span in stored["zones"]
        )
    )


def _milliseconds(since: datetime | None) -> int | None:
    return None if since is None else int(since.timestamp() * 1000)
