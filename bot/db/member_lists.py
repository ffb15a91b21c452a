"""What is stored of a server's members, as the comparison with Discord's list reads it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.db.database import DatabaseError, Handle
from bot.db.instants import optional_milliseconds
from bot.db.keys import pseudonym_number
from bot.db.writes import instant
from bot.ingest.store import StoreUnavailable
from bot.members.comparer import Roster
from bot.members.comparison import Known, digest
from bot.turns import Turns, portions
from schemas.member_activity_stats import COLLECTION as MEMBERS
from schemas.member_rosters import COLLECTION as ROSTERS

BATCH = 250
"""Documents that are decoded at a time; more would hold up the gateway for longer than 20 ms."""
_READ = {"_id": 0, "userId": 1, "joinTimestamp": 1, "standing": 1}


class MemberLists:
    """Reads who is there, and how far that is known."""

    def __init__(self, db: Handle) -> None:
        self._db = db

    async def roster(self, guild: int) -> Roster:
        """See ``RosterStore``."""
        try:
            found = await self._db[ROSTERS.name].find_one({"_id": str(guild)}) or {}
        except DatabaseError as error:
            raise StoreUnavailable(str(error)) from error
        return Roster(
            optional_milliseconds(found.get("knownUntil")), optional_milliseconds(found.get("heardAt"))
        )

    async def known(self, guild: int) -> Known:
        """See ``RosterStore``. Who has left is in the archive, and so not here."""
        known, turns = Known(), Turns()
        here = {"guildId": str(guild), "joinTimestamp": {"$type": "date"}, "standing": {"$type": "object"}}
        cursor = self._db[MEMBERS.name].find(here, _READ, batch_size=BATCH)
        try:
            while documents := await cursor.to_list(BATCH):
                for some in portions(documents):
                    _take(known, some)
                    await turns.give_way()
        except DatabaseError as error:
            raise StoreUnavailable(str(error)) from error
        return known

    async def heard(self, guilds: Iterable[int], at: int) -> None:
        """See ``RosterStore``."""
        which = {"_id": {"$in": [str(guild) for guild in guilds]}}
        try:
            await self._db[ROSTERS.name].update_many(which, {"$max": {"heardAt": instant(at)}})
        except DatabaseError as error:
            raise StoreUnavailable(str(error)) from error


def _take(known: Known, documents: Sequence[Mapping[str, Any]]) -> None:
    for document in documents:
        standing = document["standing"]
        known.add(
            pseudonym_number(document["userId"]),
            optional_milliseconds(document["joinTimestamp"]),
            digest(
                [int(role) for role in standing["roles"]],
                optional_milliseconds(standing["boostingSince"]),
                standing["pending"],
            ),
        )
