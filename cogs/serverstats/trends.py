"""``/serverstats trends``."""

from discord import app_commands
from discord.ext import commands

from cogs.answering import Asked
from cogs.viewing import TIMEFRAME_HELP, Choice, Typed, answer, choices_of, chosen, timeframes


class TrendsCommand(commands.Cog):
    """The command; part of the group ``/serverstats``."""

    @app_commands.command(
        name="trends", description="One metric over time: level, change, best, worst and weekdays"
    )
    @app_commands.describe(kind="Which metric (messages if left out)", timeframe=TIMEFRAME_HELP)
    @app_commands.rename(kind="metric")
    @app_commands.choices(kind=choices_of("trends"))
    async def trends(
        self, interaction: Asked, kind: Choice | None = None, timeframe: Typed | None = None
    ) -> None:
        """Answer with the chosen metric over a timeframe."""
        await answer(interaction, chosen(kind, "trends/messages"), timeframe)

    @trends.autocomplete("timeframe")
    async def suggest_for_trends(self, interaction: Asked, typed: str) -> list[app_commands.Choice[str]]:
        """Offer timeframes that fit what is typed so far."""
        return timeframes(interaction, "trends/messages", typed)
