"""Menus, buttons and forms under the views."""

from bot.client import ServerstatsClient
from cogs.controls.fallback import ControlsCog


async def setup(client: ServerstatsClient) -> None:
    """Load the extension."""
    await client.add_cog(ControlsCog(client))
