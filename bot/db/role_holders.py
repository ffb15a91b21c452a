"""Who has a role now, as far as the member list and its changes have told."""

from collections.abc import Iterable

import numpy as np

from analytics.packs import Ids
from bot.db.database import Handle
from bot.db.keys import pseudonym_number
from schemas.member_activity_stats import COLLECTION as MEMBER_STATS
from schemas.member_rosters import COLLECTION as MEMBER_ROSTERS

BATCH = 2_000
"""Index entries a batch: the driver decodes it in one go, in about 2 ms."""


async def read_role_holders(db: Handle, guild_id: int, roles: Iterable[int]) -> dict[int, Ids] | None:
    """Pseudonyms, ascending, of the present members who have each role; None: nobody has read the list.

    Reads one document, and an index entry a role and member who has it. Who has left is in the archive.
    """
    if await db[MEMBER_ROSTERS.name].find_one({"_id": str(guild_id)}, {"_id": 1}) is None:
        return None
    return {role: await _holders(db, guild_id, role) for role in roles}


async def _holders(db: Handle, guild_id: int, role: int) -> Ids:
    found = db[MEMBER_STATS.name].find(
        {"guildId": str(guild_id), "standing.roles": str(role)}, {"_id": 0, "userId": 1}, batch_size=BATCH
    )
    pseudonyms: list[int] = []
    while rows := await found.to_list(BATCH):
        pseudonyms.extend(pseudonym_number(row["userId"]) for row in rows)
    return np.array(sorted(pseudonyms), "<u8")
