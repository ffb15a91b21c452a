"""What is not counted yet, by server and channel."""

from dataclasses import dataclass
from datetime import datetime

from bot.db.database import Handle
from bot.db.writes import instant
from schemas.bookkeeping import COVERAGE

DISCORD_EPOCH_MS = 1_420_070_400_000
_MS_SHIFT = 22


@dataclass(frozen=True, slots=True)
class UncountedChannel:
    """A channel or thread with ``ranges`` that are not counted; they lie between two instants."""

    guild_id: int
    channel_id: int
    ranges: int
    oldest: datetime
    newest: datetime


async def uncounted_channels(db: Handle, guild_id: int | None = None) -> list[UncountedChannel]:
    """Channels with ranges, of one server or all; those with the newest first.

    A range that begins at no message begins with the channel itself.
    """
    query: dict[str, object] = {"uncounted.0": {"$exists": True}}
    if guild_id is not None:
        query["guildId"] = str(guild_id)
    found = []
    async for stored in db[COVERAGE.name].find(query, {"guildId": 1, "channelId": 1, "uncounted": 1}):
        channel, spans = int(stored["channelId"]), stored["uncounted"]
        oldest = min(max(channel, span["after"]) for span in spans)
        found.append(
            UncountedChannel(
                int(stored["guildId"]),
                channel,
                len(spans),
                _moment(oldest),
                _moment(max(span["before"] for span in spans)),
            )
        )
    return sorted(found, key=lambda each: each.newest, reverse=True)


def _moment(message_id: int) -> datetime:
    return instant((message_id >> _MS_SHIFT) + DISCORD_EPOCH_MS)
