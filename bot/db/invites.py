"""Invites as they are stored and read back."""

from collections.abc import Iterable

from pymongo import UpdateOne

from bot.db.database import Handle
from bot.db.instants import optional_milliseconds
from bot.db.keys import invite_id, pseudonym_number
from bot.db.writes import instant
from bot.ingest.books.book import BookKey
from bot.ingest.books.invites import InviteState
from bot.privacy.pseudonym import hexadecimal
from schemas.invites import INVITES


async def read_invites(db: Handle, keys: Iterable[BookKey]) -> dict[BookKey, InviteState]:
    """What is known of invites; a new state where nothing is."""
    wanted = {invite_id(guild, hexadecimal(invite)): (guild, invite) for guild, invite in keys}
    found = {key: InviteState() for key in wanted.values()}
    async for document in db[INVITES.name].find({"_id": {"$in": list(wanted)}}):
        inviter = document["userId"]
        found[wanted[document["_id"]]] = InviteState(
            pseudonym_number(inviter) if inviter else 0,
            document["uses"],
            optional_milliseconds(document["seenAt"]),
        )
    return found


def invite_document(key: BookKey, state: InviteState) -> UpdateOne:
    """Write down how often an invite was used."""
    guild, invite = key
    known = {
        "guildId": str(guild),
        "userId": hexadecimal(state.inviter) if state.inviter else None,
        "uses": state.uses,
        "seenAt": instant(state.seen),
    }
    return UpdateOne({"_id": invite_id(guild, hexadecimal(invite))}, {"$set": known}, upsert=True)
