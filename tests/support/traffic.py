"""Traffic in which every message can be told apart in the counters: each has an author of its own."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING

from tests.support.discord_server.model import FakeMember, FakeUser, World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.discord_server.messages import FakeMessage, StoredMessage
    from tests.support.discord_server.model import FakeChannel, FakeGuild
    from tests.support.discord_server.server import DiscordServer

_JOINED = "2024-01-01T00:00:00+00:00"


@dataclass(frozen=True, slots=True)
class Town:
    """A server with some channels, and threads in the first of them."""

    world: World
    guild: FakeGuild
    places: tuple[FakeChannel, ...]


def make_town(
    *, channels: int = 6, threads: int = 2, world: World | None = None, guild_id: int | None = None
) -> Town:
    """Put a server into a world, a new one if none is given; its id decides about its shard."""
    world = world or World()
    guild = world.guild("town", guild_id=guild_id)
    streets = [guild.text_channel(f"street-{number}") for number in range(channels)]
    owner = guild.member("owner")
    yards = [guild.thread(streets[0], f"yard-{number}", owner) for number in range(threads)]
    return Town(world, guild, (*streets, *yards))


@dataclass(slots=True, eq=False)
class Traffic:
    """Sends messages over the gateway, and remembers each by its id."""

    server: DiscordServer
    town: Town
    sent: dict[int, FakeMessage] = field(default_factory=dict)

    async def send(self, place: FakeChannel) -> FakeMessage:
        """Let somebody who never wrote before write a message."""
        author = FakeUser(self.town.world.ids.next(), "passer-by")
        member = FakeMember(author, self.town.guild, _JOINED)
        message = self.server.world.message(place, member, content="hello")
        self.sent[message.id] = message  # before anybody hears of it: whoever waits may be cancelled
        self.server.backend.announce(message)
        await asyncio.sleep(0)
        return message

    async def send_everywhere(self) -> set[int]:
        """Send one message to each place; their ids."""
        return {(await self.send(place)).id for place in self.town.places}

    def newest(self, count: int) -> list[StoredMessage]:
        """The newest messages of every place, each place's in order."""
        return [message for place in self.town.places for message in place.history.latest(count)]

    @asynccontextmanager
    async def flowing(self, rate: float) -> AsyncIterator[None]:
        """Send so many messages a second, to all places in turn, as long as the block lasts."""
        task = asyncio.create_task(self._flow(rate))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _flow(self, rate: float) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for count, place in enumerate(cycle(self.town.places), start=1):
            await self.send(place)
            await asyncio.sleep(max(0.0, began + count / rate - loop.time()))
