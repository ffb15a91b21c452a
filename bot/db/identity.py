"""The pseudonym key belongs to the data: another key would split every member in two."""

from bot.db.database import Handle, Session
from bot.privacy.keyfile import KeyFileError
from bot.privacy.pseudonym import fingerprint

_STATE = "migrations"
_ID = "pseudonym key"


async def require_same_key(db: Handle, key: bytes) -> None:
    """Remember the key's fingerprint at first use; raise KeyFileError if the data was made under another."""
    mine = fingerprint(key)
    kept = await db[_STATE].find_one_and_update(
        {"_id": _ID}, {"$setOnInsert": {"fingerprint": mine}}, upsert=True, return_document=True
    )
    if kept["fingerprint"] != mine:
        raise KeyFileError(
            "The data in this database was made under another pseudonym key. Put that one back: the file "
            "pseudonym.key of the data folder it was made with, or its digits in SERVERSTATS_PSEUDONYM_KEY."
        )


async def key_fingerprint(db: Handle, session: Session | None = None) -> str | None:
    """Fingerprint of the key that the data was made under; None if there is none yet."""
    kept = await db[_STATE].find_one({"_id": _ID}, session=session)
    return None if kept is None else str(kept["fingerprint"])


async def set_key_fingerprint(db: Handle, mine: str) -> None:
    """Say which key the data of a database was made under."""
    await db[_STATE].update_one({"_id": _ID}, {"$set": {"fingerprint": mine}}, upsert=True)
