"""Distinct lifetime counts of channels: who ever wrote there, who ever was in voice there.

A member's lifetime totals name the channels, so the counts are those of members who name a channel, and of
those who did before their totals were deleted or archived (``Forgotten``). Exact, and one pass over a
server's members inside the database; a document a channel comes back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import UpdateOne

from bot.db.database import Handle, Session
from bot.db.keys import channel_id
from schemas.channel_stats import COLLECTION as CHANNELS
from schemas.member_activity_stats import COLLECTION as MEMBERS


@dataclass(frozen=True, slots=True)
class Distinct:
    """A count: ``of`` is the members' map by channel, the others are the channel's fields."""

    of: str
    metric: str
    forgotten: str


DISTINCT = (
    Distinct("messageStats.channelDistribution", "uniqueAuthors", "authors"),
    Distinct("voiceMs.channels", "uniqueVoiceUsers", "voiceUsers"),
)


async def count_distinct(db: Handle, guild: int) -> None:
    """Bring the distinct counts of a server's channels up to date."""
    everybody = {"guildId": str(guild)}
    counts = {row.metric: await _by_channel(db, row, everybody) for row in DISTINCT}
    updates = []
    async for stored in db[CHANNELS.name].find(
        {**everybody, "type": {"$ne": "THREAD"}}, {"channelId": 1, "metrics": 1, "forgotten": 1}
    ):
        known = {
            row.metric: counts[row.metric].get(stored["channelId"], 0)
            + stored.get("forgotten", {}).get(row.forgotten, 0)
            for row in DISTINCT
        }
        changed = {f"metrics.{name}": n for name, n in known.items() if stored["metrics"].get(name) != n}
        if changed:
            updates.append(UpdateOne({"_id": stored["_id"]}, {"$set": changed}))
    if updates:
        await db[CHANNELS.name].bulk_write(updates, ordered=False)


async def forget(db: Handle, guild: int, members: Sequence[str], session: Session) -> None:
    """Delete members' totals (by id), and let the channels they were in go on counting them."""
    which = {"_id": {"$in": list(members)}}
    added: dict[str, dict[str, int]] = {}
    for row in DISTINCT:
        for channel, number in (await _by_channel(db, row, which, session)).items():
            added.setdefault(channel, {})[f"forgotten.{row.forgotten}"] = number
    await db[MEMBERS.name].delete_many(which, session=session)
    updates = [
        UpdateOne({"_id": channel_id(guild, int(channel))}, {"$inc": numbers})
        for channel, numbers in added.items()
    ]
    if updates:
        await db[CHANNELS.name].bulk_write(updates, ordered=False, session=session)


async def archived(
    db: Handle, guild: int, before: Mapping[str, Any], after: Mapping[str, Any], session: Session
) -> None:
    """Go on counting a member whose totals are no longer those ``before`` in the archive, but ``after``.

    An empty document stands for none. Whoever is in the archive is not among the members, who are counted.
    """
    moved: dict[str, dict[str, int]] = {}
    for row in DISTINCT:
        old, new = _channels(before, row), _channels(after, row)
        for channel in old ^ new:
            moved.setdefault(channel, {})[f"forgotten.{row.forgotten}"] = 1 if channel in new else -1
    updates = [
        UpdateOne({"_id": channel_id(guild, int(channel))}, {"$inc": numbers})
        for channel, numbers in sorted(moved.items())
    ]
    if updates:
        await db[CHANNELS.name].bulk_write(updates, ordered=False, session=session)


def _channels(document: Mapping[str, Any], row: Distinct) -> set[str]:
    part, _, name = row.of.partition(".")
    return {channel for channel, number in document.get(part, {}).get(name, {}).items() if number > 0}


async def _by_channel(
    db: Handle, row: Distinct, members: Mapping[str, Any], session: Session | None = None
) -> dict[str, int]:
    found = db[MEMBERS.name].aggregate(
        [
            {"$match": dict(members)},
            {"$project": {"channel": {"$objectToArray": f"${row.of}"}}},
            {"$unwind": "$channel"},
            {"$match": {"channel.v": {"$gt": 0}}},
            {"$group": {"_id": "$channel.k", "members": {"$sum": 1}}},
        ],
        session=session,
    )
    return {each["_id"]: each["members"] async for each in found}
