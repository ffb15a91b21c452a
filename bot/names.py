"""Names of servers and channels: taken from Discord at once, written down when the database answers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from bot.db.directory import ChannelRecord


class NameStore(Protocol):
    """Where names are kept."""

    async def add_guild(self, guild_id: int, name: str, zone: str) -> None:
        """Write down a server; a known one keeps its zone."""

    async def mark_discord(self, guild_id: int) -> None:
        """Note that Discord feeds the server."""

    async def save_channels(self, guild_id: int, channels: Iterable[ChannelRecord]) -> None:
        """Write down channels."""


@dataclass(slots=True)
class _Seen:
    name: str
    channels: dict[int, ChannelRecord] = field(default_factory=dict)


class NameKeeper:
    """Collects names without waiting; a job writes them down."""

    def __init__(self, store: NameStore, default_zone: str) -> None:
        self._store = store
        self._default_zone = default_zone
        self._pending: dict[int, _Seen] = {}

    def seen(self, guild_id: int, name: str, channels: Iterable[ChannelRecord]) -> None:
        """Note a server's name and some or all of its channels, but for names that nobody could store."""
        if not _is_storable(name):
            return
        pending = self._pending.setdefault(guild_id, _Seen(name))
        pending.name = name
        pending.channels.update(
            {channel.channel_id: channel for channel in channels if _is_storable(channel.name)}
        )

    async def save(self) -> None:
        """Write down what was noted; what fails is kept for the next time."""
        while self._pending:
            guild_id, seen = next(iter(self._pending.items()))
            channels = list(seen.channels.values())
            await self._store.add_guild(guild_id, seen.name, self._default_zone)
            await self._store.mark_discord(guild_id)
            await self._store.save_channels(guild_id, channels)
            if len(seen.channels) == len(channels) and self._pending.get(guild_id) is seen:
                del self._pending[guild_id]


def _is_storable(name: object) -> bool:
    """Whether a name is text; one that is not would keep all others from being written down."""
    if not isinstance(name, str):
        return False
    try:
        name.encode()
    except UnicodeEncodeError:  # half of a pair of surrogates
        return False
    return True
