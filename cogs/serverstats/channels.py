"""``/serverstats channels``."""

from discord import app_commands
from discord.ext import commands

from cogs.answering import Asked
from cogs.viewing import TIMEFRAME_HELP, Choice, Typed, answer, choices_of, chosen, timeframes


class ChannelsCommand(commands.Cog):
    """The command; part of the group ``/serverstats``."""

    @app_commands.command(
        name="channels",
        description="Channels that are used, quiet ones, and how long threads wait for answers",
    )
    @app_commands.describe(kind="What to show (usage if left out)", timeframe=TIMEFRAME_HELP)
    @app_commands.rename(kind="category")
    @app_commands.choices(kind=choices_of("channels"))
    async def channels(
        self, interaction: Asked, kind: Choice | None = None, timeframe: Typed | None = None
    ) -> None:
        """Answer with the chosen view over a timeframe."""
        await answer(interaction, chosen(kind, "channels/usage"), timeframe)

    @channels.autocomplete("timeframe")
    async def suggest_for_channels(self, interaction: Asked, typed: str) -> list[app_commands.Choice[str]]:
        """Offer timeframes that fit what is typed so far."""
        return timeframes(interaction, "channels/usage", typed)
