"""``/serverstats overview``."""

from discord import app_commands
from discord.ext import commands

from cogs.answering import Asked
from cogs.viewing import TIMEFRAME_HELP, Typed, answer, timeframes


class OverviewCommand(commands.Cog):
    """The command; part of the group ``/serverstats``."""

    @app_commands.command(
        name="overview", description="Members, messages, top channels and the curve of a period"
    )
    @app_commands.describe(timeframe=TIMEFRAME_HELP)
    async def overview(self, interaction: Asked, timeframe: Typed | None = None) -> None:
        """Answer with the overview of the server over a timeframe."""
        await answer(interaction, "overview", timeframe)

    @overview.autocomplete("timeframe")
    async def suggest(self, interaction: Asked, typed: str) -> list[app_commands.Choice[str]]:
        """Offer timeframes that fit what is typed so far."""
        return timeframes(interaction, "overview", typed)
