"""A bot on discord.py that listens to nothing: ``python idle_client.py ADDRESS all|few``.

It asks for the events that Serverstats asks for. ``all``: it keeps what discord.py keeps if nobody says
otherwise, every member and the last 1,000 messages. ``few``: it keeps whom Serverstats keeps.
"""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import discord

from benchmarks.support.probe import watch
from tests.support.discord_server.pointing import point_discord_at
from tests.support.discord_server.worlds import WorldSpec


def make(keeps: str) -> discord.Client:
    """The client. Its intents are those of ``bot.client``, which would bring all of Serverstats along."""
    intents = discord.Intents.none()
    intents.guilds = intents.guild_messages = intents.guild_reactions = True
    intents.voice_states = intents.message_content = intents.members = True
    if keeps == "all":
        return discord.Client(intents=intents)
    kept = discord.MemberCacheFlags.none()
    kept.voice = True
    return discord.Client(
        intents=intents, member_cache_flags=kept, chunk_guilds_at_startup=False, max_messages=None
    )


async def run(client: discord.Client) -> None:
    async with client:
        await client.start(WorldSpec().token)


def main() -> None:
    address, keeps = sys.argv[1:]
    point_discord_at(address)
    watch()
    asyncio.run(run(make(keeps)))


if __name__ == "__main__":
    main()
