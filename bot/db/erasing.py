"""How a member is removed from each collection, one row each; a collection without a row fails a test.

Every step can be done again: an erasure that was cut short is done anew. Sums of servers and channels stay,
for they hold no person.
"""

from collections.abc import AsyncIterator, Mapping
from collections.abc import Collection as Container
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from analytics.day_packs import member_pack, members_of_pack
from analytics.local_time import day_of_midnight
from analytics.member_days import without_members
from analytics.member_spans import month_pack, only_rows, span_of_month
from analytics.months import month_of
from analytics.packs import Ids, counts_from_bytes, ids_from_bytes
from bot.db.database import Handle
from bot.db.keys import pseudonym_number
from bot.db.member_months import new_mark
from bot.privacy.pseudonym import hexadecimal
from schemas.agreements import AGREEMENTS
from schemas.bookkeeping import COVERAGE, IMPORTS, LEASES, WATERMARKS
from schemas.channel_lists import CHANNEL_LISTS
from schemas.channel_stats import COLLECTION as CHANNEL_STATS
from schemas.collection import Collection
from schemas.consents import CONSENTS
from schemas.day_packs import CHANNEL_BASES, CHANNEL_PACKS, MEMBER_BASES, MEMBER_PACKS
from schemas.day_slices import CHANNEL_DAYS, GUILD_DAYS, MEMBER_DAYS
from schemas.directory import CHANNELS, GUILDS
from schemas.guild_activity_snapshots import COLLECTION as SNAPSHOTS
from schemas.invites import INVITE_DAYS, INVITES
from schemas.member_activity_stats import COLLECTION as MEMBER_STATS
from schemas.member_archive import COLLECTION as MEMBER_ARCHIVE
from schemas.member_rosters import COLLECTION as MEMBER_ROSTERS
from schemas.message_marks import MESSAGE_MARKS
from schemas.message_states import MESSAGE_STATES
from schemas.moderation import AUDIT_LOGS, MODERATION_DAYS
from schemas.month_packs import MEMBER_MONTHS
from schemas.poll_states import POLL_STATES
from schemas.scheduled_events import ATTENDED_MS, SCHEDULED_EVENTS
from schemas.settings import AUDIT, SETTINGS
from schemas.threads import THREADS
from schemas.warnings import WARNINGS


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
    """The document is about something else, and ``field`` names a member.

    ``nobody`` is put in its place. It also is when a member opts out (``when_opted_out``), where more would
    be counted by it.
    """

    field: str
    nobody: str | None = None
    when_opted_out: bool = False

    async def remove(self, db: Handle, name: str, guild: int, members: Container[int]) -> None:
        """See ``Removal``."""
        await db[name].update_many(_naming(self.field, guild, members), {"$set": {self.field: self.nobody}})

    async def members(self, db: Handle, name: str, guild: int) -> set[int]:
        """See ``Removal``."""
        return await _named(db, name, self.field, guild)


@dataclass(frozen=True, slots=True)
class PackedRows:
    """The document holds a day's members as columns (``schemas.day_packs.MemberPack``): their rows go.

    A day that is about to be packed is made a revision older for whoever packs it just now from what was
    there before: it then stays to be packed.
    """

    async def remove(self, db: Handle, name: str, guild: int, members: Container[int]) -> None:
        """See ``Removal``."""
        await db[GUILD_DAYS.name].update_many(
            {"guildId": str(guild), "dirty": True}, {"$inc": {"revision": 1}}
        )
        gone = np.array(sorted(members), "<u8")
        async for identity in _holding(db, name, guild, gone):
            await self._cut(db, name, identity, gone)

    async def members(self, db: Handle, name: str, guild: int) -> set[int]:
        """See ``Removal``."""
        return await _packed_members(db, name, guild)

    async def _cut(self, db: Handle, name: str, identity: str, gone: Ids) -> None:
        """Cut rows out of one pack; again where somebody packed it meanwhile."""
        while (pack := await db[name].find_one({"_id": identity})) is not None:
            as_read = {
                "_id": identity,
                **{field: pack[field] for field in ("revision", *_WHO) if field in pack},
            }
            if (await db[name].update_one(as_read, {"$set": _without(pack, gone)})).matched_count:
                return


@dataclass(frozen=True, slots=True)
class MonthRows:
    """The document holds a month's members as columns (``schemas.month_packs``): their rows go.

    Its row in ``REMOVALS`` has to stand behind that of the packs that months are made of. A month that is
    stale gets another mark for whoever makes it just now from what was there before.
    """

    async def remove(self, db: Handle, name: str, guild: int, members: Container[int]) -> None:
        """See ``Removal``."""
        stale = {"guildId": str(guild), "stale": True}
        await db[name].update_many(stale, {"$set": {"mark": new_mark()}})
        gone = np.array(sorted(members), "<u8")
        async for identity in _holding(db, name, guild, gone):
            await self._cut(db, name, identity, gone)

    async def members(self, db: Handle, name: str, guild: int) -> set[int]:
        """See ``Removal``."""
        return await _packed_members(db, name, guild)

    async def _cut(self, db: Handle, name: str, identity: str, gone: Ids) -> None:
        """Cut rows out of one month; again where somebody made it meanwhile."""
        while (month := await db[name].find_one({"_id": identity})) is not None:
            span = span_of_month(month_of(day_of_midnight(month["day"])), month)
            columns = month_pack(only_rows(span, ~np.isin(span.members, gone)))
            as_read = {"_id": identity, "mark": month["mark"]}
            left = {"$set": {"mark": new_mark(), **columns}}
            if (await db[name].update_one(as_read, left)).matched_count:
                return


@dataclass(frozen=True, slots=True)
class ListItems:
    """Items of a list name members: those go."""

    items: str
    field: str = "userId"

    async def remove(self, db: Handle, name: str, guild: int, members: Container[int]) -> None:
        """See ``Removal``."""
        item = {self.field: {"$in": [hexadecimal(member) for member in members]}}
        naming = _naming(f"{self.items}.{self.field}", guild, members)
        await db[name].update_many(naming, {"$pull": {self.items: item}})

    async def members(self, db: Handle, name: str, guild: int) -> set[int]:
        """See ``Removal``."""
        return {
            pseudonym_number(item[self.field])
            async for each in db[name].find(
                {"guildId": str(guild), f"{self.items}.0": {"$exists": True}}, {self.items: 1}
            )
            for item in each[self.items]
        }


@dataclass(frozen=True, slots=True)
class Guests:
    """The document is a scheduled event: it forgets who was interested and who came, and counts them less.

    The same numbers come out when the recorder writes the event again. Times that it was held before stay.
    """

    async def remove(self, db: Handle, name: str, guild: int, members: Container[int]) -> None:
        """See ``Removal``."""
        gone = [hexadecimal(member) for member in members]
        naming = {
            "guildId": str(guild),
            "$or": [{"interested": {"$in": gone}}, {"attendance.userId": {"$in": gone}}],
        }
        lists = {
            "interested": _but("$interested", {"$in": ["$$this", gone]}),
            "attendance": _but("$attendance", {"$in": ["$$this.userId", gone]}),
        }
        came = _but("$attendance", {"$lt": ["$$this.ms", ATTENDED_MS]})
        who_came = {"$map": {"input": came, "in": "$$this.userId"}}
        counts = {
            "interestedCount": {"$size": "$interested"},
            "attendedCount": _if_known("$attendedCount", {"$size": came}),
            "attendedInterestedCount": _if_known(
                "$attendedInterestedCount", {"$size": {"$setIntersection": ["$interested", who_came]}}
            ),
        }
        await db[name].update_many(naming, [{"$set": lists}, {"$set": counts}])

    async def members(self, db: Handle, name: str, guild: int) -> set[int]:
        """See ``Removal``."""
        found: set[str] = set()
        async for each in db[name].find({"guildId": str(guild)}, {"interested": 1, "attendance": 1}):
            found.update(each["interested"], (guest["userId"] for guest in each["attendance"]))
        return {pseudonym_number(member) for member in found}


@dataclass(frozen=True, slots=True)
class Several:
    """Members stand in more than one way in it."""

    ways: tuple[Removal, ...]

    async def remove(self, db: Handle, name: str, guild: int, members: Container[int]) -> None:
        """See ``Removal``."""
        for way in self.ways:
            await way.remove(db, name, guild, members)

    async def members(self, db: Handle, name: str, guild: int) -> set[int]:
        """See ``Removal``."""
        found: set[int] = set()
        for way in self.ways:
            found |= await way.members(db, name, guild)
        return found


@dataclass(frozen=True, slots=True)
class Nobody:
    """The collection holds no member; ``because`` says why."""

    because: str

    async def remove(self, db: Handle, name: str, guild: int, members: Container[int]) -> None:
        """Do nothing."""

    async def members(self, db: Handle, name: str, guild: int) -> set[int]:  # noqa: ARG002 - as the others
        """Nobody."""
        return set()


_WHO = ("members", "others")
_UNKNOWN = hexadecimal(0)
"""Stands for a moderator of whom nothing is known."""
_SUMS = Nobody("sums over all members")
_MESSAGE_IDS = Nobody("message ids, without their authors")

REMOVALS: Mapping[str, Removal] = MappingProxyType(
    {
        MEMBER_STATS.name: Documents(),
        MEMBER_ARCHIVE.name: Documents(),
        MEMBER_ROSTERS.name: Nobody("until when joins and leaves of a server are known"),
        INVITES.name: Mention("userId"),
        INVITE_DAYS.name: Mention("userId"),
        THREADS.name: Several((Mention("creator"), ListItems("earliest"))),
        SCHEDULED_EVENTS.name: Guests(),
        POLL_STATES.name: Nobody("keyed hashes of votes, which name nobody"),
        MESSAGE_MARKS.name: _MESSAGE_IDS,
        CHANNEL_LISTS.name: Nobody("channels"),
        MEMBER_DAYS.name: Documents(),
        MEMBER_PACKS.name: PackedRows(),
        MEMBER_BASES.name: PackedRows(),
        MEMBER_MONTHS.name: MonthRows(),
        MODERATION_DAYS.name: Documents(),
        AUDIT_LOGS.name: ListItems("timeouts"),
        WARNINGS.name: Several(
            (Documents(), Mention("moderatorId", _UNKNOWN), Mention("resolvedBy", _UNKNOWN))
        ),
        MESSAGE_STATES.name: Mention("author", when_opted_out=True),
        SNAPSHOTS.name: _SUMS,
        CHANNEL_STATS.name: _SUMS,
        CHANNEL_DAYS.name: _SUMS,
        GUILD_DAYS.name: _SUMS,
        CHANNEL_PACKS.name: _SUMS,
        CHANNEL_BASES.name: _SUMS,
        GUILDS.name: Nobody("the server's name and time zones"),
        CHANNELS.name: Nobody("names of channels"),
        WATERMARKS.name: Nobody("places in journals"),
        LEASES.name: Nobody("processes"),
        COVERAGE.name: _MESSAGE_IDS,
        IMPORTS.name: Nobody("places in files"),
        SETTINGS.name: Nobody("channels and roles"),
        AGREEMENTS.name: Nobody("servers"),
        AUDIT.name: Several((Mention("actor"), Mention("member"))),
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
    return {pseudonym_number(each["_id"]) async for each in found if each["_id"] not in {None, _UNKNOWN}}


def _but(items: str, leaving_out: dict[str, Any]) -> dict[str, Any]:
    return {"$filter": {"input": items, "cond": {"$not": [leaving_out]}}}


def _if_known(field: str, now: dict[str, Any]) -> dict[str, Any]:
    return {"$cond": [{"$eq": [field, None]}, None, now]}


async def _holding(db: Handle, name: str, guild: int, members: Ids) -> AsyncIterator[str]:
    """The documents of columns that have a row of any of these members."""
    async for pack in db[name].find({"guildId": str(guild)}, _WHO):
        if np.isin(_packed(pack), members).any():
            yield pack["_id"]


async def _packed_members(db: Handle, name: str, guild: int) -> set[int]:
    found: set[int] = set()
    async for pack in db[name].find({"guildId": str(guild)}, _WHO):
        found.update(_packed(pack).tolist())
    return found


def _packed(pack: Mapping[str, Any]) -> Ids:
    return np.concatenate([ids_from_bytes(pack.get(field, b"")) for field in _WHO])


def _without(pack: Mapping[str, Any], gone: Ids) -> dict[str, bytes]:
    """The columns of a pack, of either form, without the rows of some members."""
    if pack.get("form", 1) > 1:
        return member_pack(without_members(members_of_pack(pack), gone))
    kept = ~np.isin(ids_from_bytes(pack["members"]), gone)
    return {
        "members": ids_from_bytes(pack["members"])[kept].tobytes(),
        "messages": counts_from_bytes(pack["messages"])[kept].tobytes(),
        "hours": counts_from_bytes(pack["hours"])[kept].tobytes(),
    }
