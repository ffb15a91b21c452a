"""Removing what was counted for the one account that Discord shows in place of deleted ones.

Versions before this one counted it like a member. Sums of servers and channels stay.
"""

from typing import Any

import structlog

from bot.claims import Claim
from bot.db.database import Handle
from bot.db.erasing import erase
from bot.db.keys import member_id
from bot.privacy.pseudonym import Pseudonyms, hexadecimal
from schemas.directory import GUILDS
from schemas.member_activity_stats import COLLECTION as MEMBERS

_STATE = "migrations"
_NOTE = "deleted users"

_log = structlog.get_logger(__name__)


async def remove_deleted_users(db: Handle, claim: Claim, pseudonyms: Pseudonyms) -> int:
    """Remove the account of deleted users from the claimed servers; returns from how many.

    A server is noted before and forgotten after, so that one that was cut short is done again.
    """
    known = [int(guild["_id"]) async for guild in db[GUILDS.name].find({}, {"_id": 1})]
    guilds = {guild: pseudonyms.of_deleted_user(guild) for guild in known if claim.holds(guild)}
    ids = {member_id(guild, hexadecimal(member)): guild for guild, member in guilds.items()}
    note: dict[str, Any] = await db[_STATE].find_one({"_id": _NOTE}) or {"guilds": []}
    counted = {guild for guild in map(int, note["guilds"]) if guild in guilds}
    async for found in db[MEMBERS.name].find({"_id": {"$in": list(ids)}}, {"_id": 1}):
        counted.add(ids[found["_id"]])
    for guild in sorted(counted):
        await db[_STATE].update_one({"_id": _NOTE}, {"$addToSet": {"guilds": str(guild)}}, upsert=True)
        await erase(db, guild, {guilds[guild]})
        await db[_STATE].update_one({"_id": _NOTE}, {"$pull": {"guilds": str(guild)}})
    if counted:
        _log.info("deleted accounts count as no member any more", servers=len(counted))
    return len(counted)
