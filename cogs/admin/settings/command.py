"""``/admin settings``: one panel for everything that admins set."""

from discord import app_commands
from discord.ext import commands

from cogs.access import require_admin
from cogs.admin.settings.panel import home
from cogs.answering import Answering, Asked


class SettingsCommand(commands.Cog):
    """The command; part of the group ``/admin``."""

    @app_commands.command(
        name="settings",
        description="Time zone, who may see what, retention, sentiment, reports and charts",
    )
    async def settings(self, interaction: Asked) -> None:
        """Answer with all settings; only the asker sees it."""
        async with Answering(interaction):
            page = home(interaction, require_admin(interaction))
            await interaction.response.send_message(embed=page.embed, view=page.view, ephemeral=True)
