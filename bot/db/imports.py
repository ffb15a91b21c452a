"""How far files have been imported, so that the same content counts once."""

from dataclasses import asdict
from uuid import uuid4

from bot.db.database import Handle
from bot.ingest.store import FilePlace
from schemas.bookkeeping import IMPORTS


class Imports:
    """Reads and begins imports; their progress moves with each commit."""

    def __init__(self, db: Handle) -> None:
        self._imports = db[IMPORTS.name]

    async def of_guild(self, guild_id: int) -> dict[str, FilePlace]:
        """How far each file came that was imported into a server, by import id."""
        return {
            stored["_id"]: FilePlace(stored["index"], stored["offset"], stored["digest"])
            async for stored in self._imports.find({"guildId": str(guild_id)})
        }

    async def begin(self, guild_id: int, at: FilePlace) -> str:
        """Write down a new import that has counted nothing yet; returns its id."""
        import_id = str(uuid4())
        new = {"guildId": str(guild_id), **asdict(at)}
        await self._imports.update_one(
            {"_id": import_id}, {"$set": new, "$currentDate": {"updatedAt": True}}, upsert=True
        )
        return import_id
