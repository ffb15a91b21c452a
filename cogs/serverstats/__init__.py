"""The command group ``/serverstats``."""

from discord import app_commands
from discord.ext import commands

from bot.client import ServerstatsClient
from cogs.serverstats.activity import ActivityCommand
from cogs.serverstats.channels import ChannelsCommand
from cogs.serverstats.members import MembersCommand
from cogs.serverstats.overview import OverviewCommand
from cogs.serverstats.trends import TrendsCommand


@app_commands.guild_only()
class ServerstatsCommands(
    OverviewCommand,
    MembersCommand,
    ActivityCommand,
    ChannelsCommand,
    TrendsCommand,
    commands.GroupCog,
    group_name="serverstats",
    group_description="Figures of this server, for the people who run it",
):
    """Commands for moderators; each stands in a file of its own."""


async def setup(client: ServerstatsClient) -> None:
    """Load the extension."""
    await client.add_cog(ServerstatsCommands())
