"""What is computed once a local day of each server: distinct counts of channels, scores of members."""

from bot.claims import ALL_SERVERS, Claim
from bot.db.database import Handle
from bot.db.directory import Directory
from bot.db.distinct import count_distinct
from bot.db.scores import score_members

LATER_MS = 300_000
"""How long after a day's end: by then it is packed, mostly."""
_STATE = "migrations"


class DailyFigures:
    """Computes them when the day of a server that is claimed is over; asked often, done once."""

    def __init__(self, db: Handle, claim: Claim = ALL_SERVERS) -> None:
        self._db = db
        self._claim = claim
        self._directory = Directory(db)

    async def compute(self, now_ms: int) -> list[int]:
        """Compute what is due; returns the servers that it was done for."""
        state = self._db[_STATE]
        done = {each["_id"]: each["day"] async for each in state.find({"_id": {"$regex": "^daily "}})}
        computed = []
        for guild, zones in (await self._directory.zones()).items():
            now = zones.label(now_ms - LATER_MS)
            day, name = [now.zone, now.day], f"daily {guild}"
            if self._claim.holds(guild) and done.get(name) != day:
                await count_distinct(self._db, guild)
                await score_members(self._db, guild, now.day)
                await state.update_one({"_id": name}, {"$set": {"day": day}}, upsert=True)
                computed.append(guild)
        return computed
