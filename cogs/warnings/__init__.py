"""Warnings: context menus that record and list them, and the forms and menus that belong to these."""

from bot.client import ServerstatsClient
from cogs.warnings.commands import WarningCommands
from cogs.warnings.controls import WarningControls


async def setup(client: ServerstatsClient) -> None:
    """Load the extension."""
    await client.add_cog(WarningCommands(client))
    await client.add_cog(WarningControls())
