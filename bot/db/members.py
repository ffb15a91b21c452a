"""Members as they come and go: in their lifetime documents, or in the archive while they are away."""

from collections.abc import Iterable, Mapping
from typing import Any

from pymongo import DeleteOne, ReplaceOne, UpdateOne

from analytics.local_time import day_of_midnight, midnight_utc
from bot.db.counters import MEMBER
from bot.db.database import Handle, Session
from bot.db.distinct import archived
from bot.db.instants import optional_instant, optional_milliseconds
from bot.db.keys import member_id
from bot.db.merging import merged
from bot.db.writes import SCHEMA_VERSION, instant
from bot.ingest.books.book import BookKey
from bot.ingest.books.members import Away, LeaveLabel, MemberState, RosterState
from bot.ingest.delta import Delta
from bot.privacy.pseudonym import hexadecimal
from bot.turns import Turns, portions
from schemas.member_activity_stats import COLLECTION as MEMBERS
from schemas.member_archive import COLLECTION as ARCHIVE
from schemas.member_rosters import COLLECTION as ROSTERS

SLICE = 100
"""Documents that are moved at a time: few are in memory, and the driver encodes them in under 2 ms."""
_STANDING = ("joinTimestamp", "leaveHistory", "standing")
_KNOWN = dict.fromkeys(_STANDING, 1)
_NEW = {name: value for name, value in MEMBER.total_new.items() if name not in _STANDING}

Stored = dict[str, Any]


async def read_members(db: Handle, keys: Iterable[BookKey]) -> dict[BookKey, MemberState]:
    """What is known of members; a new state where nothing is. Of one who is away the archive knows."""
    wanted = {_id(key): key for key in keys}
    found = {key: MemberState() for key in wanted.values()}
    for collection in (MEMBERS, ARCHIVE):
        async for document in db[collection.name].find({"_id": {"$in": list(wanted)}}, _KNOWN):
            if document.get("standing") is not None:
                found[wanted[document["_id"]]] = member_state(document)
    return found


def member_state(document: Mapping[str, Any]) -> MemberState:
    """Read a member's standing out of a document that has one."""
    standing = document["standing"]
    left = standing["left"]
    return MemberState(
        joined=optional_milliseconds(document["joinTimestamp"]),
        absences=[
            Away(
                optional_milliseconds(each["leftAt"]),
                optional_milliseconds(each["rejoinedAt"]),
                optional_milliseconds(each.get("notBefore")),
                optional_milliseconds(each.get("joinedAt")),
            )
            for each in document["leaveHistory"]
        ],
        roles=tuple(int(role) for role in standing["roles"]),
        boosting=optional_milliseconds(standing["boostingSince"]),
        pending=standing["pending"],
        left=None
        if left is None
        else LeaveLabel(
            left["zone"], day_of_midnight(left["day"]), left["hour"], left["found"], left["boosted"]
        ),
    )


def member_document(key: BookKey, state: MemberState) -> UpdateOne | None:
    """Write down what is known of a member; nothing where nothing is."""
    if not state.joined and not state.away:
        return None
    guild, member = key
    named = {"schemaVersion": SCHEMA_VERSION, "guildId": str(guild), "userId": hexadecimal(member)}
    standing = {
        "joinTimestamp": optional_instant(state.joined),
        "leaveHistory": [
            {
                "leftAt": instant(each.since),
                "rejoinedAt": optional_instant(each.until),
                "notBefore": optional_instant(each.not_before),
                "joinedAt": optional_instant(each.joined),
            }
            for each in state.absences
        ],
        "standing": {
            "roles": [str(role) for role in state.roles],
            "boostingSince": optional_instant(state.boosting),
            "pending": state.pending,
            "left": None if state.left is None else _label(state.left),
        },
    }
    return UpdateOne({"_id": _id(key)}, {"$set": standing, "$setOnInsert": {**named, **_NEW}}, upsert=True)


async def settle_members(
    db: Handle, session: Session, delta: Delta, states: Mapping[BookKey, MemberState]
) -> None:
    """Bring the documents that a batch has written to where they belong, in its transaction.

    Totals of who has left go into the archive; so does what history brings of them later. They come back with
    the member, and what has gathered meanwhile is added.
    """
    by_id = {_id(key): state for key, state in states.items()}
    counted = {
        member_id(key[0], hexadecimal(key[3]))
        for family in MEMBER.families
        for key in getattr(delta, family.days)
    }
    leaving = [name for name, state in by_id.items() if state.away]
    asked = counted | by_id.keys()
    if not asked:
        return
    known = {
        document["_id"]
        async for document in db[ARCHIVE.name].find(
            {"_id": {"$in": list(asked)}}, {"_id": 1}, session=session
        )
    }
    moving = sorted({*leaving, *known})
    turns = Turns()
    for some in portions(moving, SLICE):
        await _move(db, session, some, by_id)
        await turns.give_way()


async def read_rosters(db: Handle, keys: Iterable[BookKey]) -> dict[BookKey, RosterState]:
    """How far servers' joins are known; a new state where nothing is."""
    wanted = {str(guild): (guild, other) for guild, other in keys}
    found = {key: RosterState() for key in wanted.values()}
    async for document in db[ROSTERS.name].find({"_id": {"$in": list(wanted)}}):
        found[wanted[document["_id"]]] = RosterState(
            optional_milliseconds(document["knownUntil"]), optional_milliseconds(document["comparedAt"])
        )
    return found


def roster_document(key: BookKey, state: RosterState) -> UpdateOne:
    """Write down how far a server's joins are known."""
    known = {"knownUntil": instant(state.known_until), "comparedAt": instant(state.compared)}
    return UpdateOne({"_id": str(key[0])}, {"$set": {"guildId": str(key[0]), **known}}, upsert=True)


async def _move(db: Handle, session: Session, names: list[str], states: Mapping[str, MemberState]) -> None:
    here, kept_before = [
        {
            document["_id"]: document
            async for document in db[collection.name].find({"_id": {"$in": names}}, session=session)
        }
        for collection in (MEMBERS, ARCHIVE)
    ]
    totals: list[ReplaceOne[Stored] | DeleteOne | UpdateOne] = []
    kept: list[ReplaceOne[Stored] | DeleteOne | UpdateOne] = []
    for name in names:
        state, old, new = states.get(name), kept_before.get(name), here.get(name)
        document = merged(MEMBER, old, new)
        if state is None and old is not None:  # history has brought something of a former member
            document |= {field: old[field] for field in _STANDING}
        derived = [UpdateOne({"_id": name}, list(MEMBER.derived))] if old and new else []
        guild = int(document["guildId"])
        if state is None or state.away:
            await archived(db, guild, old or {}, document, session)
            left_at = document["leaveHistory"][-1]["leftAt"]
            kept += [ReplaceOne({"_id": name}, {**document, "leftAt": left_at}, upsert=True), *derived]
            totals.append(DeleteOne({"_id": name}))
        else:
            await archived(db, guild, old or {}, {}, session)
            document.pop("leftAt", None)
            totals += [ReplaceOne({"_id": name}, document, upsert=True), *derived]
            kept.append(DeleteOne({"_id": name}))
    await db[MEMBERS.name].bulk_write(totals, ordered=True, session=session)
    await db[ARCHIVE.name].bulk_write(kept, ordered=True, session=session)


def _id(key: BookKey) -> str:
    return member_id(key[0], hexadecimal(key[1]))


def _label(left: LeaveLabel) -> Stored:
    return {
        "zone": left.zone,
        "day": midnight_utc(left.day),
        "hour": left.hour,
        "found": left.found,
        "boosted": left.boosted,
    }
