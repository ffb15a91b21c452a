"""Looks up in which servers somebody is counted."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from pymongo.errors import PyMongoError

from bot.db.database import Handle
from bot.db.keys import member_id
from bot.ingest.store import StoreUnavailable
from bot.members.servers import MemberServer
from bot.privacy.pseudonym import hexadecimal
from bot.turns import portions
from schemas.directory import GUILDS
from schemas.member_activity_stats import COLLECTION as MEMBERS
from schemas.member_archive import COLLECTION as ARCHIVE

AT_ONCE = 1_000
"""Ids in one question."""


class MemberServerLookup:
    """See ``bot.members.servers.MemberServerStore``; who has left is known as long as archived."""

    def __init__(self, db: Handle) -> None:
        self._db = db

    async def guilds(self) -> list[int]:
        """Every server of which anything is known."""
        try:
            return [int(stored["_id"]) async for stored in self._db[GUILDS.name].find({}, {"_id": 1})]
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error

    async def latest(self, members: Mapping[int, int], limit: int) -> list[MemberServer]:
        """Of servers and a pseudonym in each, those with anything counted, latest activity first."""
        try:
            return await self._named(await self._active(members, limit), limit)
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error

    async def _active(self, members: Mapping[int, int], limit: int) -> dict[int, datetime]:
        """When the person was last active, by server; some more than ``limit``."""
        active: dict[int, datetime] = {}
        names = [member_id(guild, hexadecimal(member)) for guild, member in members.items()]
        for some in portions(names, AT_ONCE):
            for collection in (MEMBERS, ARCHIVE):
                found = self._db[collection.name].find(
                    {"_id": {"$in": some}, "lastActive": {"$ne": None}}, {"guildId": 1, "lastActive": 1}
                )
                async for stored in found.sort("lastActive", -1).limit(limit):
                    guild, at = int(stored["guildId"]), stored["lastActive"]
                    active[guild] = max(at, active.get(guild, at))
        return active

    async def _named(self, active: Mapping[int, datetime], limit: int) -> list[MemberServer]:
        latest = sorted(active, key=lambda guild: (active[guild], guild), reverse=True)[:limit]
        names = await self._names(latest)
        return [MemberServer(guild, names[guild]) for guild in latest if guild in names]

    async def _names(self, guilds: Iterable[int]) -> dict[int, str]:
        wanted = {"_id": {"$in": [str(guild) for guild in guilds]}}
        stored = self._db[GUILDS.name].find(wanted, {"name": 1})
        return {int(each["_id"]): each["name"] async for each in stored}
