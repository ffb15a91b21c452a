"""``/serverstats overview``."""

from discord import app_commands
from discord.ext import commands

from cogs.answering import Asked
from cogs.asking import MAX_TYPED
from cogs.serverstats.asked import answer, offered_timeframes


class OverviewCommand(commands.Cog):
    """The command; part of the group ``/serverstats``."""

    @app_commands.command(
        name="overview", description="Members, messages, top channels and the curve of a period"
    )
    @app_commands.describe(timeframe="24h, 14d, last month, 2026-01-01..2026-02-01 … (30 days if left out)")
    async def overview(
        self, interaction: Asked, timeframe: app_commands.Range[str, 1, MAX_TYPED] | None = None
    ) -> None:
        """Answer with the overview of the server over a timeframe."""
        await answer(interaction, "overview", timeframe)

    @overview.autocomplete("timeframe")
    async def suggest(self, interaction: Asked, typed: str) -> list[app_commands.Choice[str]]:
        """Offer timeframes that fit what is typed so far."""
        return offered_timeframes(interaction, "overview", typed)
