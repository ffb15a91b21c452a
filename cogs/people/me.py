"""``/me``: what is counted of who asks, for nobody else to see, and wherever the person asks."""

from discord import app_commands
from discord.ext import commands

from bot.views.people.member import ME
from cogs.answering import Asked, Suggestions, suggested_later
from cogs.places import counted_here, server_choices
from cogs.viewing import TIMEFRAME_HELP, Typed, answer, answer_about, timeframes


class MeCommand(commands.Cog):
    """The command; people may have it on their account."""

    @app_commands.command(name="me", description="What is counted of you; only you see it")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.describe(
        timeframe=TIMEFRAME_HELP,
        server="Which of your servers (this one if left out; elsewhere, where you were active last)",
    )
    async def me(
        self, interaction: Asked, timeframe: Typed | None = None, server: Typed | None = None
    ) -> None:
        """Answer with the asker's own figures."""
        if server is None and counted_here(interaction) is not None:
            await answer(interaction, ME.kind, timeframe, ephemeral=True)
        else:
            await answer_about(interaction, ME.kind, timeframe, server)

    @me.autocomplete("timeframe")
    async def suggest(self, interaction: Asked, typed: str) -> Suggestions:
        """Offer timeframes that fit what is typed so far."""
        return timeframes(interaction, ME.kind, typed)

    @me.autocomplete("server")
    async def suggest_server(self, interaction: Asked, typed: str) -> Suggestions:
        """Offer the servers in which something of the asker is counted."""
        return await suggested_later(interaction, typed, server_choices(interaction, typed))
