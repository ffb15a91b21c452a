"""From when on what is counted is known, kind by kind: before that it is unknown, never zero.

One table, which every view asks: what a file holds are messages, so all else is known from when the bot came.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import Enum, auto
from types import MappingProxyType

from analytics.local_time import HOURS_PER_DAY, ZoneHistory
from bot.db.directory import GuildRecord
from bot.db.reader import Reader
from bot.views.heads import Placed


class Kind(Enum):
    """Kinds of counts that become known in different ways."""

    MESSAGES = auto()
    """Messages, what they carry and who wrote them: from history and files, too."""
    MEMBERSHIP = auto()
    """Joins and leaves: without the members intent nobody tells of them."""
    WAYS = auto()
    """By which invite members came."""
    VOICE = auto()
    REACTIONS = auto()
    """Reactions given and received, and messages with any."""
    THREADS = auto()
    """What became of threads. Discord lists also those that are older than the bot's coming."""


async def known_of(reader: Reader, placed: Placed, kind: Kind) -> Placed:
    """The question with the hour from which on a kind of count is known.

    Whatever it is, that is not before the first day of which anything is kept.
    """
    hour, kept = await KNOWN_FROM[kind](reader, placed), placed.counted_hour
    return replace(placed, first_hour=None if hour is None or kept is None else max(hour, kept))


def live_since(guild: GuildRecord) -> int | None:
    """Hour number (of the present zone) from which on a server was listened to; None: never."""
    return None if guild.discord_since is None else _hour_of(guild, guild.discord_since)


async def _counted(_: Reader, placed: Placed) -> int | None:
    return placed.counted_hour


async def _live(_: Reader, placed: Placed) -> int | None:
    return live_since(placed.guild)


async def _membership(reader: Reader, placed: Placed) -> int | None:
    """From when the server was listened to, if joins and leaves are told of at all."""
    told = await reader.membership_told(placed.guild.guild_id)
    return live_since(placed.guild) if told else None


async def _ways(reader: Reader, placed: Placed) -> int | None:
    """From the first join on of which the way was told: where invites may not be read, none ever is."""
    live = live_since(placed.guild)
    told = await reader.first_invited_day(placed.guild.guild_id)
    return None if live is None or told is None else max(live, told * HOURS_PER_DAY)


async def _threads(reader: Reader, placed: Placed) -> int | None:
    """From the oldest thread on that is still known, where that was begun before the bot came."""
    live = live_since(placed.guild)
    if live is None:
        return None
    oldest = await reader.first_thread(placed.guild.guild_id)
    return live if oldest is None else min(live, _hour_of(placed.guild, oldest))


def _hour_of(guild: GuildRecord, moment: datetime) -> int:
    label = ZoneHistory.single(guild.zones.current.zone).label(round(moment.timestamp() * 1000))
    return label.day * HOURS_PER_DAY + label.hour


KNOWN_FROM: Mapping[Kind, Callable[[Reader, Placed], Awaitable[int | None]]] = MappingProxyType(
    {
        Kind.MESSAGES: _counted,
        Kind.MEMBERSHIP: _membership,
        Kind.WAYS: _ways,
        Kind.VOICE: _live,
        Kind.REACTIONS: _live,
        Kind.THREADS: _threads,
    }
)
"""Hour number (of the present zone) from which on each kind is known; None: it is not."""
