"""The command group ``/privacy``: what every member decides alone."""

from discord import app_commands
from discord.ext import commands

from bot.client import ServerstatsClient
from cogs.privacy.consent import ConsentCommands
from cogs.privacy.erasing import EraseButton, EraseCommand
from cogs.privacy.shown import ShowCommand


@app_commands.guild_only()
class PrivacyCommands(
    ConsentCommands,
    EraseCommand,
    ShowCommand,
    commands.GroupCog,
    group_name="privacy",
    group_description="What is counted of you on this server: see it, stop it, erase it",
):
    """Commands for every member; each only sees and changes what is about who asks."""

    def __init__(self, client: ServerstatsClient) -> None:
        self._client = client

    async def cog_load(self) -> None:
        """Let the button work on messages of earlier runs."""
        self._client.add_dynamic_items(EraseButton)

    async def cog_unload(self) -> None:
        """Forget it again."""
        self._client.remove_dynamic_items(EraseButton)


async def setup(client: ServerstatsClient) -> None:
    """Load the extension."""
    await client.add_cog(PrivacyCommands(client))
