"""``/serverstats activity``."""

from discord import app_commands
from discord.ext import commands

from cogs.answering import Asked
from cogs.viewing import TIMEFRAME_HELP, Choice, Typed, answer, choices_of, chosen, timeframes


class ActivityCommand(commands.Cog):
    """The command; part of the group ``/serverstats``."""

    @app_commands.command(
        name="activity", description="Messages, voice, threads, reactions, content and hours of a period"
    )
    @app_commands.describe(kind="What to show (messages if left out)", timeframe=TIMEFRAME_HELP)
    @app_commands.rename(kind="type")
    @app_commands.choices(kind=choices_of("activity"))
    async def activity(
        self, interaction: Asked, kind: Choice | None = None, timeframe: Typed | None = None
    ) -> None:
        """Answer with the chosen view over a timeframe."""
        await answer(interaction, chosen(kind, "activity/messages"), timeframe)

    @activity.autocomplete("timeframe")
    async def suggest_for_activity(self, interaction: Asked, typed: str) -> list[app_commands.Choice[str]]:
        """Offer timeframes that fit what is typed so far."""
        return timeframes(interaction, "activity/messages", typed)
