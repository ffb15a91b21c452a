"""How far files have been imported, so that the same content counts once."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.db.database import Handle
from schemas.bookkeeping import IMPORTS


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """``offset`` bytes of some file, with this SHA-256, are counted; they held ``rows`` rows."""

    import_id: str
    offset: int
    digest: bytes
    rows: int


class Imports:
    """Reads and begins imports; their progress moves with each commit."""

    def __init__(self, db: Handle) -> None:
        self._imports = db[IMPORTS.name]

    async def of_guild(self, guild_id: int) -> list[ImportProgress]:
        """All imports into a server."""
        return [
            ImportProgress(stored["_id"], stored["offset"], stored["digest"], stored["rows"])
            async for stored in self._imports.find({"guildId": str(guild_id)})
        ]

    async def begin(self, guild_id: int, import_id: str) -> None:
        """Write down a new import that has counted nothing yet."""
        await self._imports.insert_one(
            {
                "_id": import_id,
                "guildId": str(guild_id),
                "offset": 0,
                "digest": b"",
                "rows": 0,
                "updatedAt": datetime.now(UTC),
            }
        )
