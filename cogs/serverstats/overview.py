"""``/serverstats overview``."""

from discord import app_commands
from discord.ext import commands

from cogs.access import may_see, require_access
from cogs.answering import Answering, Asked
from cogs.asking import MAX_TYPED, read_timeframe, suggestions, today
from cogs.controls.state import ViewState
from cogs.showing import show


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
        async with Answering(interaction):
            guild_id = require_access(interaction, "overview")
            asked = read_timeframe(timeframe, today(guild_id, interaction.client.services))
            await interaction.response.defer(thinking=True)
            await show(interaction, ViewState("overview", asked))

    @overview.autocomplete("timeframe")
    async def suggest(self, interaction: Asked, typed: str) -> list[app_commands.Choice[str]]:
        """Offer timeframes that fit what is typed so far."""
        if interaction.guild_id is None or not may_see("overview", interaction.permissions):
            return []
        offered = suggestions(typed, today(interaction.guild_id, interaction.client.services))
        return [app_commands.Choice(name=name, value=value) for name, value in offered]
