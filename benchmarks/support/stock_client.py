"""A bot on stock discord.py: ``python stock_client.py ADDRESS COUNTS [URI DATABASE]``.

orjson, zstandard and uvloop are kept from it, as if they had not been installed. It prints a line each time
one of the COUNTS (comma-separated) of messages is reached. Without URI its ``on_message`` does nothing but
count; with one it awaits an ``update_one`` a message, as bots that count usually do. It lets itself be
watched: see ``benchmarks.support.probe``.
"""

import asyncio
import sys
from pathlib import Path

for _extra in ("orjson", "zstandard", "uvloop"):
    sys.modules[_extra] = None  # type: ignore[assignment] # makes its import fail
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import discord  # noqa: E402 - after the extras are blocked

from benchmarks.support.probe import Watch, watch  # noqa: E402 - same
from tests.support.discord_server.pointing import point_discord_at  # noqa: E402 - same
from tests.support.discord_server.worlds import WorldSpec  # noqa: E402 - same


class Counting(discord.Client):
    """Counts, so that the benchmark knows when everything has arrived."""

    def __init__(self, watching: Watch, counts: frozenset[int]) -> None:
        super().__init__(intents=discord.Intents.default())
        self._watching = watching
        self._counts = counts
        self._seen = 0

    async def on_message(self, message: discord.Message) -> None:
        if self._watching.asked:
            self._watching.message(message.id)
        self.tick()

    def tick(self) -> None:
        self._seen += 1
        if self._seen in self._counts:
            print(self._seen, flush=True)


class Updating(Counting):
    """Adds every message to its author's document."""

    def __init__(self, watching: Watch, counts: frozenset[int], uri: str, database: str) -> None:
        super().__init__(watching, counts)
        from motor.motor_asyncio import AsyncIOMotorClient  # noqa: PLC0415 - the other client must not load it

        driver: AsyncIOMotorClient[dict[str, object]] = AsyncIOMotorClient(uri)
        self._members = driver[database]["members"]

    async def on_message(self, message: discord.Message) -> None:
        if message.guild is None:
            return
        at = message.created_at
        await self._members.update_one(
            {"_id": f"{message.guild.id}:{message.author.id}"},
            {
                "$inc": {
                    "messages": 1,
                    f"channels.{message.channel.id}": 1,
                    f"hours.{at.hour}": 1,
                },
                "$max": {"last": at},
            },
            upsert=True,
        )
        self.tick()


def main() -> None:
    address, counts, *database = sys.argv[1:]
    point_discord_at(address)
    wanted = frozenset(int(count) for count in counts.split(","))
    watching = watch()
    client = Updating(watching, wanted, *database) if database else Counting(watching, wanted)
    asyncio.run(_run(client))


async def _run(client: discord.Client) -> None:
    async with client:
        await client.start(WorldSpec().token)


if __name__ == "__main__":
    main()
