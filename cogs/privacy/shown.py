"""``/privacy show``."""

from discord import app_commands
from discord.ext import commands

from cogs.answering import Asked
from cogs.cards.own_data import own_data_card
from cogs.privacy.asker import guild_of


class ShowCommand(commands.Cog):
    """The command; part of the group ``/privacy``."""

    @app_commands.command(name="show", description="What is stored about me on this server")
    async def show(self, interaction: Asked) -> None:
        """Answer with what is stored about the asker; only the asker sees it."""
        guild_id = guild_of(interaction)
        services = interaction.client.services
        await interaction.response.defer(ephemeral=True)
        member = services.pseudonyms.of(guild_id, interaction.user.id)
        data = await services.own_data.own_data(guild_id, member)
        consent = services.decisions.consent(guild_id, interaction.user.id)
        card = own_data_card(data, consent, scored=services.sentiment.is_on(guild_id))
        await interaction.edit_original_response(embed=card)
