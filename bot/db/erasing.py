"""How a member is removed from each collection, one row each; a collection without a row fails a test.

Every step can be done again: an erasure that was cut short is done anew. Sums of servers and channels stay,
for they hold no person.
"""

from collections.abc import Collection as Container
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from analytics.packs import ids_from_bytes
from bot.db.database import Handle
from bot.db.keys import pseudonym_number
from bot.privacy.pseudonym import hexadecimal
from schemas.bookkeeping import COVERAGE, IMPORTS, LEASES, WATERMARKS
from schemas.channel_stats import COLLECTION as CHANNEL_STATS
from schemas.collection import Collection
from schemas.consents import CONSENTS
from schemas.day_packs import CHANNEL_PACKS, MEMBER_PACKS
from schemas.day_slices import CHANNEL_DAYS, GUILD_DAYS, MEMBER_DAYS
from schemas.directory import CHANNELS, GUILDS
from schemas.guild_activity_snapshots import COLLECTION as SNAPSHOTS
from schemas.member_activity_stats import COLLECTION as MEMBER_STATS
from schemas.message_states import MESSAGE_STATES
from schemas.settings import AUDIT, SETTINGS


class Removal(Protocol):
    """How members are found in a collection and removed from it."""

    async def remove(self, db: Handle, name: str, guild: int, members: Container[int]) -> None:
        """Remove members of a server."""

    async def members(self, db: Handle, name: str, guild: int) -> set[int]:
        """Members of a server who are in it."""


@dataclass(frozen=True, slots=True)
class Documents:
    """Each document is about the member whose pseudonym stands in ``field``: it goes."""

    field: str = "userId"

    async def remove(self, db: Handle, name: str, guild: int, members: Container[int]) -> None:
        """See ``Removal``."""
        await db[name].delete_many(_naming(self.field, guild, members))

    async def members(self, db: Handle, name: str, guild: int) -> set[int]:
        """See ``Removal``."""
        return await _named(db, name, self.field, guild)


@dataclass(frozen=True, slots=True)
class Mention:
    """The document is about something else, and ``field`` names a member: it becomes None.

    It also does when a member opts out (``when_opted_out``), where more would be counted by it.
    """

    field: str
    when_opted_out: bool = False

    async def remove(self, db: Handle, name: str, guild: int, members: Container[int]) -> None:
        """See ``Removal``."""
        await db[name].update_many(_naming(self.field, guild, members), {"$set": {self.field: None}})

    async def members(self, db: Handle, name: str, guild: int) -> set[int]:
        """See ``Removal``."""
        return await _named(db, name, self.field, guild)


@dataclass(frozen=True, slots=True)
class PackedRows:
    """The document holds columns side by side, ``ids`` first: the member's row goes.

    ``columns``: bytes a row of each. A day that is about to be packed is made a revision older for whoever
    packs it just now from what was there before: it then stays to be packed.
    """

    ids: str
    columns: Mapping[str, int]

    async def remove(self, db: Handle, name: str, guild: int, members: Container[int]) -> None:
        """See ``Removal``."""
        await db[GUILD_DAYS.name].update_many(
            {"guildId": str(guild), "dirty": True}, {"$inc": {"revision": 1}}
        )
        gone = np.array(sorted(members), "<u8")
        async for pack in db[name].find({"guildId": str(guild)}, {self.ids: 1}):
            if np.isin(ids_from_bytes(pack[self.ids]), gone).any():
                await self._cut(db, name, pack["_id"], gone)

    async def members(self, db: Handle, name: str, guild: int) -> set[int]:
        """See ``Removal``."""
        found: set[int] = set()
        async for pack in db[name].find({"guildId": str(guild)}, {self.ids: 1}):
            found.update(ids_from_bytes(pack[self.ids]).tolist())
        return found

    async def _cut(self, db: Handle, name: str, identity: str, gone: Any) -> None:  # noqa: ANN401 - array
        """Cut rows out of one pack; again where somebody packed it meanwhile."""
        while (pack := await db[name].find_one({"_id": identity})) is not None:
            kept = ~np.isin(ids_from_bytes(pack[self.ids]), gone)
            cut = {column: _rows(pack[column], width, kept) for column, width in self.columns.items()}
            as_read = {"_id": identity, self.ids: pack[self.ids], "revision": pack["revision"]}
            if (await db[name].update_one(as_read, {"$set": cut})).matched_count:
                return


@dataclass(frozen=True, slots=True)
class Nobody:
    """The collection holds no member; ``because`` says why."""

    because: str

    async def remove(self, db: Handle, name: str, guild: int, members: Container[int]) -> None:
        """Do nothing."""

    async def members(self, db: Handle, name: str, guild: int) -> set[int]:  # noqa: ARG002 - as the others
        """Nobody."""
        return set()


_SUMS = Nobody("sums over all members")
_MESSAGE_IDS = Nobody("message ids, without their authors")

REMOVALS: Mapping[str, Removal] = MappingProxyType(
    {
        MEMBER_STATS.name: Documents(),
        MEMBER_DAYS.name: Documents(),
        MEMBER_PACKS.name: PackedRows("members", MappingProxyType({"members": 8, "messages": 4, "hours": 4})),
        MESSAGE_STATES.name: Mention("author", when_opted_out=True),
        SNAPSHOTS.name: _SUMS,
        CHANNEL_STATS.name: _SUMS,
        CHANNEL_DAYS.name: _SUMS,
        GUILD_DAYS.name: _SUMS,
        CHANNEL_PACKS.name: _SUMS,
        GUILDS.name: Nobody("the server's name and time zones"),
        CHANNELS.name: Nobody("names of channels"),
        WATERMARKS.name: Nobody("places in journals"),
        LEASES.name: Nobody("processes"),
        COVERAGE.name: _MESSAGE_IDS,
        IMPORTS.name: Nobody("places in files"),
        SETTINGS.name: Nobody("channels and roles"),
        AUDIT.name: Mention("actor"),
        CONSENTS.name: Nobody("members are sealed there, and have to stay so that nothing brings them back"),
    }
)


async def erase(db: Handle, guild: int, members: Container[int]) -> None:
    """Remove members of a server from every collection. Done again, it changes nothing."""
    for name, removal in REMOVALS.items():
        await removal.remove(db, name, guild, members)


async def sever(db: Handle, guild: int, members: Container[int]) -> None:
    """Let nothing that is stored count for members any more who opted out; their figures stay."""
    for name, removal in REMOVALS.items():
        if isinstance(removal, Mention) and removal.when_opted_out:
            await removal.remove(db, name, guild, members)


async def stored_members(db: Handle, guild: int) -> set[int]:
    """Every member of a server of whom anything is stored."""
    found: set[int] = set()
    for name, removal in REMOVALS.items():
        found |= await removal.members(db, name, guild)
    return found


def without_row(collections: Container[Collection]) -> set[str]:
    """Names of collections of which nobody has said how a member is removed."""
    return {collection.name for collection in collections} - REMOVALS.keys()


def _naming(field: str, guild: int, members: Container[int]) -> dict[str, Any]:
    return {"guildId": str(guild), field: {"$in": [hexadecimal(member) for member in members]}}


async def _named(db: Handle, name: str, field: str, guild: int) -> set[int]:
    found = db[name].aggregate([{"$match": {"guildId": str(guild)}}, {"$group": {"_id": f"${field}"}}])
    return {pseudonym_number(each["_id"]) async for each in found if each["_id"] is not None}


def _rows(column: bytes, width: int, kept: Any) -> bytes:  # noqa: ANN401 - a numpy mask
    return bytes(np.frombuffer(column, f"V{width}")[kept].tobytes())
