"""Commands about members: who did most, oneself, and one member."""

from bot.client import ServerstatsClient
from cogs.people.analyze import ActivityCommands
from cogs.people.leaderboard import LeaderboardCommand
from cogs.people.me import MeCommand


async def setup(client: ServerstatsClient) -> None:
    """Load the extension."""
    for cog in (LeaderboardCommand(), MeCommand(), ActivityCommands()):
        await client.add_cog(cog)
