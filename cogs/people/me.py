"""``/me``: what is counted of who asks, for nobody else to see."""

from discord import app_commands
from discord.ext import commands

from bot.views.people.member import ME
from cogs.answering import Asked
from cogs.viewing import TIMEFRAME_HELP, Typed, answer, timeframes


class MeCommand(commands.Cog):
    """The command."""

    @app_commands.command(name="me", description="What is counted of you on this server; only you see it")
    @app_commands.guild_only()
    @app_commands.describe(timeframe=TIMEFRAME_HELP)
    async def me(self, interaction: Asked, timeframe: Typed | None = None) -> None:
        """Answer with the asker's own figures."""
        await answer(interaction, ME.kind, timeframe, ephemeral=True)

    @me.autocomplete("timeframe")
    async def suggest(self, interaction: Asked, typed: str) -> list[app_commands.Choice[str]]:
        """Offer timeframes that fit what is typed so far."""
        return timeframes(interaction, ME.kind, typed)
