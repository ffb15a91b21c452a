"""Reads what is stored about one member."""

from pymongo.errors import PyMongoError

from bot.db.database import Handle
from bot.db.keys import member_id
from bot.ingest.store import StoreUnavailable
from bot.privacy.own_data import OwnData
from bot.privacy.pseudonym import hexadecimal
from schemas.day_slices import MEMBER_DAYS
from schemas.member_activity_stats import COLLECTION as MEMBERS


class OwnDataStore:
    """See ``bot.privacy.own_data.OwnDataReader``."""

    def __init__(self, db: Handle) -> None:
        self._db = db

    async def own_data(self, guild: int, member: int) -> OwnData:
        """Everything stored about a member, summed up."""
        try:
            return await self._read(guild, hexadecimal(member))
        except PyMongoError as error:
            raise StoreUnavailable(str(error)) from error

    async def _read(self, guild: int, name: str) -> OwnData:
        days = await self._db[MEMBER_DAYS.name].count_documents({"guildId": str(guild), "userId": name})
        stored = await self._db[MEMBERS.name].find_one({"_id": member_id(guild, name)})
        if stored is None:
            return OwnData(days=days)
        messages = stored["messageStats"]
        return OwnData(
            messages=messages["totalCount"],
            reactions_given=messages["reactionCount"]["given"],
            reactions_received=messages["reactionCount"]["received"],
            voice_minutes=float(stored["voiceStats"]["totalMinutes"]),
            first_message=messages.get("firstMessageTimestamp"),
            last_active=stored["lastActive"],
            days=days,
        )
