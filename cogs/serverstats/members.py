"""``/serverstats members``."""

from discord import app_commands
from discord.ext import commands

from cogs.answering import Asked
from cogs.viewing import TIMEFRAME_HELP, Choice, Typed, answer, choices_of, chosen, timeframes


class MembersCommand(commands.Cog):
    """The command; part of the group ``/serverstats``."""

    @app_commands.command(
        name="members", description="Activity, growth, retention, newcomers, engagement and categories"
    )
    @app_commands.describe(
        category="What to show of the members (activity if left out)", timeframe=TIMEFRAME_HELP
    )
    @app_commands.choices(category=choices_of("members"))
    async def members(
        self, interaction: Asked, category: Choice | None = None, timeframe: Typed | None = None
    ) -> None:
        """Answer with the chosen view over a timeframe."""
        await answer(interaction, chosen(category, "members/activity"), timeframe)

    @members.autocomplete("timeframe")
    async def suggest_for_members(self, interaction: Asked, typed: str) -> list[app_commands.Choice[str]]:
        """Offer timeframes that fit what is typed so far."""
        return timeframes(interaction, "members/activity", typed)
