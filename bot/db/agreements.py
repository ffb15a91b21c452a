"""Where offers to be compared, and so agreements, are stored (``bot.agreements`` says what they mean)."""

from functools import partial
from typing import Any
from uuid import uuid4

from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern

from bot.agreements import MOST, Noted, Offer, Partners, Step, TooManyOffers, after, noted
from bot.db.database import MAJORITY, Handle, Session
from bot.db.writes import SCHEMA_VERSION, instant
from bot.ingest.store import StoreUnavailable
from bot.privacy.pseudonym import hexadecimal
from schemas.agreements import AGREEMENTS
from schemas.directory import GUILDS
from schemas.settings import AUDIT

_BOTH = {"$size": 2}


async def read_partners(db: Handle, guild: int) -> dict[int, str]:
    """The servers with which a server's agreement is in force now, in order of names: 2 documents each."""
    found = db[AGREEMENTS.name].find({"$and": [{"offered": str(guild)}, {"offered": _BOTH}]})
    others = [_other(stored["_id"], guild) async for stored in found]
    names = await _names(db, others)
    return dict(sorted(names.items(), key=lambda pair: (pair[1].casefold(), pair[0])))


class StoredAgreements:
    """See ``bot.agreements.AgreementStore``."""

    def __init__(self, db: Handle) -> None:
        self._db = db

    async def take(self, step: Step, now_ms: int) -> bool:
        """Do a step and note it in one transaction; False: it changes nothing."""
        try:
            async with await self._db.client.start_session() as session:
                return bool(
                    await session.with_transaction(
                        partial(self._take, step, now_ms), ReadConcern("snapshot"), MAJORITY
                    )
                )
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error

    async def offers(self, guild: int) -> list[Offer]:
        """The offers of a server that stand, agreements by name first."""
        try:
            stored = await self._db[AGREEMENTS.name].find({"offered": str(guild)}).to_list(MOST)
            partners = await read_partners(self._db, guild)
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error
        open_ones = sorted({_other(each["_id"], guild) for each in stored} - partners.keys())
        return [
            *(Offer(other, in_force=True, name=name) for other, name in partners.items()),
            *(Offer(other, in_force=False) for other in open_ones),
        ]

    async def partners(self) -> Partners:
        """All agreements in force."""
        try:
            pairs = [
                _pair(stored["_id"]) async for stored in self._db[AGREEMENTS.name].find({"offered": _BOTH})
            ]
            names = await _names(self._db, [guild for pair in pairs for guild in pair])
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error
        found: dict[int, dict[int, str]] = {}
        for one, other in pairs:
            found.setdefault(one, {})[other] = names[other]
            found.setdefault(other, {})[one] = names[one]
        return found

    async def offering(self) -> frozenset[int]:
        """All servers that have an offer standing."""
        try:
            return frozenset(map(int, await self._db[AGREEMENTS.name].distinct("offered")))
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error

    async def _take(self, step: Step, now_ms: int, session: Session) -> bool:
        agreements, key = self._db[AGREEMENTS.name], _key(step.by, step.other)
        stored = await agreements.find_one({"_id": key}, session=session)
        standing = frozenset(map(int, stored["offered"])) if stored else frozenset[int]()
        then = after(standing, step)
        if then == standing:
            return False
        if step.offers:
            mine = {"offered": str(step.by)}
            if await agreements.count_documents(mine, limit=MOST, session=session) == MOST:
                raise TooManyOffers
        if then:
            fields = {"schemaVersion": SCHEMA_VERSION, "offered": [str(each) for each in sorted(then)]}
            await agreements.update_one({"_id": key}, {"$set": fields}, upsert=True, session=session)
        else:
            await agreements.delete_one({"_id": key}, session=session)
        entries = [_entry(each, now_ms) for each in noted(standing, step)]
        await self._db[AUDIT.name].insert_many(entries, session=session)
        return True


def _entry(note: Noted, now_ms: int) -> dict[str, Any]:
    return {
        "_id": str(uuid4()),
        "schemaVersion": SCHEMA_VERSION,
        "guildId": str(note.guild),
        "actor": None if note.actor is None else hexadecimal(note.actor),
        "what": note.said.value,
        "subject": str(note.other),
        "at": instant(now_ms),
    }


async def _names(db: Handle, guilds: list[int]) -> dict[int, str]:
    """What servers are called; one that has no name yet is called nothing."""
    found = db[GUILDS.name].find({"_id": {"$in": [str(guild) for guild in guilds]}}, {"name": 1})
    names = {int(stored["_id"]): str(stored["name"]) async for stored in found}
    return {guild: names.get(guild, "") for guild in guilds}


def _key(one: int, other: int) -> str:
    return f"{min(one, other)}:{max(one, other)}"


def _pair(key: str) -> tuple[int, int]:
    one, other = map(int, key.split(":"))
    return one, other


def _other(key: str, guild: int) -> int:
    one, other = _pair(key)
    return other if one == guild else one
