"""``/admin history``."""

from discord import app_commands
from discord.ext import commands

from cogs.access import require_admin
from cogs.answering import Asked
from cogs.cards.history import history_card


class HistoryCommand(commands.Cog):
    """The command; part of the group ``/admin``."""

    @app_commands.command(name="history", description="How far messages from before are read back")
    async def history(self, interaction: Asked) -> None:
        """Answer with how far the server's history is read; only the asker sees it."""
        guild_id = require_admin(interaction)
        progress = interaction.client.services.history.progress(guild_id)
        await interaction.response.send_message(embed=history_card(progress), ephemeral=True)
