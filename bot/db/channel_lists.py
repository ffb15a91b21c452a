"""Lists of channels, as they are stored and read back."""

from collections.abc import Iterable, Mapping
from typing import Any

from pymongo import ReplaceOne

from analytics.local_time import day_of_midnight, midnight_utc
from bot.db.database import Handle
from bot.db.keys import pseudonym_number
from bot.db.message_marks import milliseconds
from bot.db.writes import instant
from bot.ingest.books.book import BookKey
from bot.ingest.books.channel_lists import ChannelList, KnownChannel
from bot.privacy.pseudonym import hexadecimal
from schemas.channel_lists import CHANNEL_LISTS


async def read_channel_lists(db: Handle, keys: Iterable[BookKey]) -> dict[BookKey, ChannelList]:
    """The latest list of each server; an empty one where there is none."""
    wanted = {str(guild): (guild, other) for guild, other in keys}
    found = {key: ChannelList() for key in wanted.values()}
    async for document in db[CHANNEL_LISTS.name].find({"_id": {"$in": list(wanted)}}):
        found[wanted[document["_id"]]] = read_channel_list(document)
    return found


def read_channel_list(document: Mapping[str, Any]) -> ChannelList:
    """What a stored document says."""
    return ChannelList(
        at=milliseconds(document["at"]),
        channels={
            int(each["channelId"]): KnownChannel(
                each["kind"], pseudonym_number(each["name"]), int(each["category"])
            )
            for each in document["channels"]
        },
        gone={
            int(each["channelId"]): (each["zone"], day_of_midnight(each["day"]), each["hour"])
            for each in document["gone"]
        },
    )


def channel_list_document(key: BookKey, known: ChannelList) -> ReplaceOne[dict[str, Any]]:
    """Write down a server's list."""
    guild, _ = key
    document = {
        "guildId": str(guild),
        "at": instant(known.at),
        "channels": [
            {
                "channelId": str(channel),
                "kind": each.kind,
                "name": hexadecimal(each.name),
                "category": str(each.category),
            }
            for channel, each in known.channels.items()
        ],
        "gone": [
            {"channelId": str(channel), "zone": zone, "day": midnight_utc(day), "hour": hour}
            for channel, (zone, day, hour) in known.gone.items()
        ],
    }
    return ReplaceOne({"_id": str(guild)}, document, upsert=True)
