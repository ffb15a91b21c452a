"""The command group ``/admin``: for those who run the server."""

from discord import app_commands
from discord.ext import commands

from bot.client import ServerstatsClient
from cogs.admin.agreements import AgreementControls, AgreementsCommand
from cogs.admin.audit import AuditCommand, AuditPage
from cogs.admin.counting import CountingCommand, RulesMenu
from cogs.admin.departures import DepartureListener
from cogs.admin.history import HistoryCommand
from cogs.admin.settings.command import SettingsCommand
from cogs.admin.settings.controls import SettingsControls


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class AdminCommands(
    SettingsCommand,
    HistoryCommand,
    CountingCommand,
    AuditCommand,
    AgreementsCommand,
    commands.GroupCog,
    group_name="admin",
    group_description="Settings of Serverstats on this server, and how it is doing",
):
    """Commands for admins; each stands in a file of its own."""

    def __init__(self, client: ServerstatsClient) -> None:
        self._client = client

    async def cog_load(self) -> None:
        """Let menus and buttons work on messages of earlier runs."""
        self._client.add_dynamic_items(RulesMenu, AuditPage)

    async def cog_unload(self) -> None:
        """Forget them again."""
        self._client.remove_dynamic_items(RulesMenu, AuditPage)


async def setup(client: ServerstatsClient) -> None:
    """Load the extension."""
    await client.add_cog(AdminCommands(client))
    await client.add_cog(SettingsControls())
    await client.add_cog(AgreementControls())
    await client.add_cog(DepartureListener(client))
