"""The command group ``/admin``: for those who run the server."""

from discord import app_commands
from discord.ext import commands

from bot.client import ServerstatsClient
from cogs.admin.history import HistoryCommand


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class AdminCommands(
    HistoryCommand,
    commands.GroupCog,
    group_name="admin",
    group_description="How Serverstats is doing on this server",
):
    """Commands for admins; each stands in a file of its own."""


async def setup(client: ServerstatsClient) -> None:
    """Load the extension."""
    await client.add_cog(AdminCommands())
