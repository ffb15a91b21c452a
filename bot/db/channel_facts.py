"""What is known of channels and threads besides their counts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.db.database import Handle
from bot.db.message_marks import milliseconds
from bot.db.writes import instant
from bot.ingest.activities.messages import ChannelKind
from schemas.channel_lists import CHANNEL_LISTS
from schemas.channel_stats import COLLECTION as CHANNEL_STATS
from schemas.threads import THREADS

DISCORD_EPOCH_MS = 1_420_070_400_000
MAX_THREADS = 50_000
"""Threads that are looked at, the latest first."""
THREADS_A_BATCH = 1_000
"""The driver decodes a batch in one go: 5 ms in which nothing else runs."""
_WRITTEN_IN = [kind.value for kind in ChannelKind if kind not in {ChannelKind.VOICE, ChannelKind.STAGE}]


@dataclass(frozen=True, slots=True)
class ThreadTimes:
    """When a thread began, was first answered by somebody else and was solved, in ms; None: not so far."""

    channel: int
    created: int
    first_reply: int | None
    solved: int | None


def made_at(channel: int) -> int:
    """When a channel was made, in ms: its id says so."""
    return (channel >> 22) + DISCORD_EPOCH_MS


async def read_text_channels(db: Handle, guild_id: int) -> dict[int, int] | None:
    """The channels that a server has for writing, as it was last listed; None: it never was.

    With when each was made, in ms.
    """
    stored = await db[CHANNEL_LISTS.name].find_one({"_id": str(guild_id)}, {"channels": 1})
    if stored is None:
        return None
    listed = [int(each["channelId"]) for each in stored["channels"] if each["kind"] in _WRITTEN_IN]
    return {channel: made_at(channel) for channel in listed}


async def read_last_messages(db: Handle, guild_id: int, channels: Collection[int]) -> dict[int, datetime]:
    """When the last counted message in each channel was sent; channels without any are missing."""
    found = db[CHANNEL_STATS.name].find(
        {"guildId": str(guild_id), "channelId": {"$in": [str(channel) for channel in channels]}},
        {"channelId": 1, "lastActive": 1},
    )
    return {
        int(stored["channelId"]): stored["lastActive"]
        async for stored in found
        if stored["lastActive"] is not None
    }


async def read_threads_begun(
    db: Handle, guild_id: int, begun: tuple[int, int], channels: Collection[int]
) -> list[ThreadTimes]:
    """Threads begun between two instants in ms, in some channels (none: in all), the latest first."""
    start, stop = begun
    wanted: dict[str, object] = {
        "guildId": str(guild_id),
        "createdAt": {"$gte": instant(start), "$lt": instant(stop)},
    }
    if channels:
        wanted["channelId"] = {"$in": [str(channel) for channel in channels]}
    columns = ("channelId", "createdAt", "firstReplyAt", "solvedAt")
    found = db[THREADS.name].find(wanted, {"_id": 0, **dict.fromkeys(columns, 1)}, batch_size=THREADS_A_BATCH)
    return [
        ThreadTimes(
            int(stored["channelId"]),
            milliseconds(stored["createdAt"]),
            milliseconds(stored["firstReplyAt"]) or None,
            milliseconds(stored["solvedAt"]) or None,
        )
        async for stored in found.sort("createdAt", -1).limit(MAX_THREADS)
    ]
