"""Messages with reactions, as they are stored and read back."""

from collections.abc import Iterable
from typing import Any

from pymongo import ReplaceOne

from analytics.local_time import day_of_midnight, midnight_utc
from analytics.packs import ids_from_bytes, ids_to_bytes
from bot.db.database import Handle
from bot.db.hour_labels import pack, unpack
from bot.db.keys import message_id, pseudonym_number
from bot.db.writes import instant
from bot.ingest.books.reactions import Given, MessageKey, MessageState
from bot.privacy.pseudonym import hexadecimal
from schemas.message_states import MESSAGE_STATES

_UNRECEIVED = 1 << 7
"""Set in the byte of the hour where the reaction does not count for the author."""


async def read_messages(db: Handle, keys: Iterable[MessageKey]) -> dict[MessageKey, MessageState]:
    """What is known of messages; an empty state where nothing is."""
    wanted = {message_id(guild, hexadecimal(message)): (guild, message) for guild, message in keys}
    found = {key: MessageState() for key in wanted.values()}
    async for document in db[MESSAGE_STATES.name].find({"_id": {"$in": list(wanted)}}):
        found[wanted[document["_id"]]] = _read(document)
    return found


def message_document(key: MessageKey, state: MessageState) -> ReplaceOne[dict[str, Any]]:
    """Write down what is known of a message."""
    guild, message = key
    document = {
        "guildId": str(guild),
        "channelId": str(state.channel),
        "threadId": str(state.thread) if state.thread else None,
        "kind": state.kind,
        "author": hexadecimal(state.author) if state.author else None,
        "sentZone": state.sent_zone,
        "sentDay": midnight_utc(state.sent_day),
        "sentHour": state.sent_hour,
        "reactions": [
            {
                "emoji": emoji,
                "ids": ids_to_bytes([identity for identity, _ in given]),
                "hours": ids_to_bytes([_label(each) for _, each in given]),
            }
            for emoji, given in _by_emoji(state).items()
        ],
        "expiresAt": instant(state.expires),
    }
    return ReplaceOne({"_id": message_id(guild, hexadecimal(message))}, document, upsert=True)


def _by_emoji(state: MessageState) -> dict[str, list[tuple[int, Given]]]:
    grouped: dict[str, list[tuple[int, Given]]] = {}
    for identity, given in state.reactions.items():
        grouped.setdefault(given.emoji, []).append((identity, given))
    return grouped


def _read(document: dict[str, Any]) -> MessageState:
    author, thread = document["author"], document["threadId"]
    return MessageState(
        channel=int(document["channelId"]),
        thread=int(thread) if thread else 0,
        kind=document["kind"],
        author=pseudonym_number(author) if author else 0,
        sent_zone=document["sentZone"],
        sent_day=day_of_midnight(document["sentDay"]),
        sent_hour=document.get("sentHour", -1),
        expires=int(document["expiresAt"].timestamp() * 1000),
        reactions={
            identity: _given(each["emoji"], label)
            for each in document["reactions"]
            for identity, label in zip(
                ids_from_bytes(each["ids"]).tolist(), ids_from_bytes(each["hours"]).tolist(), strict=True
            )
        },
    )


def _label(given: Given) -> int:
    hour = given.hour if given.received else given.hour | _UNRECEIVED
    return pack(given.zone, given.day, hour)


def _given(emoji: str, label: int) -> Given:
    zone, day, hour = unpack(label)
    return Given(emoji, zone, day, hour & ~_UNRECEIVED, received=not hour & _UNRECEIVED)
