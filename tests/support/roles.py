"""Roles for members whom a test has counted."""

from collections.abc import Iterable
from datetime import datetime

from bot.db.database import Handle


async def everybody_has(db: Handle, guild: int, roles: Iterable[int], now: datetime) -> None:
    """Let the member list say that all who are counted have these roles."""
    standing = {"roles": [str(role) for role in roles], "boostingSince": None, "pending": False, "left": None}
    await db.memberActivityStats.update_many({"guildId": str(guild)}, {"$set": {"standing": standing}})
    roster = {"guildId": str(guild), "knownUntil": now, "comparedAt": now, "heardAt": None}
    await db.memberRosters.update_one({"_id": str(guild)}, {"$set": roster}, upsert=True)
