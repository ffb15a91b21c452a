"""Removing all that was counted for a server which only files tell of, so that it can be counted anew."""

from bot.db.database import Handle
from schemas.bookkeeping import IMPORTS
from schemas.collection import Collection
from schemas.consents import CONSENTS
from schemas.directory import GUILDS
from schemas.registry import COLLECTIONS
from schemas.settings import AUDIT, SETTINGS

_STAYS = frozenset({CONSENTS.name, SETTINGS.name, AUDIT.name})
"""What people decided holds for what is counted anew, too."""


async def forget_server(db: Handle, guild_id: int) -> bool:
    """Remove what was counted for a server; False, and nothing is, if it was ever counted from Discord.

    The server goes first and how far its files were counted last: who finds the one without the other knows
    that a removal was cut short. Done again, it comes to its end.
    """
    known = await db[GUILDS.name].find_one({"_id": str(guild_id)}, {"discordSince": 1})
    if known is not None and known["discordSince"] is not None:
        return False
    await db[GUILDS.name].delete_one({"_id": str(guild_id)})
    counted = (each for each in COLLECTIONS if _by_server(each) and each.name not in _STAYS)
    for collection in sorted(counted, key=lambda each: each.name == IMPORTS.name):
        await db[collection.name].delete_many({"guildId": str(guild_id)})
    return True


def _by_server(collection: Collection) -> bool:
    """Whether documents of a collection say of which server they are."""
    return "guild_id" in collection.document.__struct_fields__
