"""Polls with votes, as they are stored and read back."""

from collections.abc import Iterable
from typing import Any

from pymongo import ReplaceOne

from analytics.packs import ids_from_bytes, ids_to_bytes
from bot.db.database import Handle
from bot.db.hour_labels import pack, unpack
from bot.db.keys import message_id
from bot.db.writes import instant
from bot.ingest.books.book import BookKey
from bot.ingest.books.polls import PollState
from bot.privacy.pseudonym import hexadecimal
from schemas.poll_states import POLL_STATES


async def read_polls(db: Handle, keys: Iterable[BookKey]) -> dict[BookKey, PollState]:
    """What is known of polls; an empty state where nothing is."""
    wanted = {message_id(guild, hexadecimal(message)): (guild, message) for guild, message in keys}
    found = {key: PollState() for key in wanted.values()}
    async for document in db[POLL_STATES.name].find({"_id": {"$in": list(wanted)}}):
        found[wanted[document["_id"]]] = _read(document)
    return found


def poll_document(key: BookKey, state: PollState) -> ReplaceOne[dict[str, Any]]:
    """Write down what is known of a poll."""
    guild, message = key
    document = {
        "guildId": str(guild),
        "channelId": str(state.channel),
        "kind": state.kind,
        "votes": ids_to_bytes(list(state.votes)),
        "hours": ids_to_bytes([pack(*label) for label in state.votes.values()]),
        "expiresAt": instant(state.expires),
    }
    return ReplaceOne({"_id": message_id(guild, hexadecimal(message))}, document, upsert=True)


def _read(document: dict[str, Any]) -> PollState:
    votes, hours = ids_from_bytes(document["votes"]).tolist(), ids_from_bytes(document["hours"]).tolist()
    return PollState(
        channel=int(document["channelId"]),
        kind=document["kind"],
        expires=round(document["expiresAt"].timestamp() * 1000),
        votes={vote: unpack(label) for vote, label in zip(votes, hours, strict=True)},
    )
