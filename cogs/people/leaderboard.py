"""``/leaderboard``."""

from discord import app_commands
from discord.ext import commands

from bot.views.people.leaderboard import VIEWS
from cogs.answering import Asked
from cogs.viewing import TIMEFRAME_HELP, Choice, Typed, answer, chosen, timeframes

METRICS = [app_commands.Choice(name=view.title.message, value=view.kind) for view in VIEWS]


class LeaderboardCommand(commands.Cog):
    """The command."""

    @app_commands.command(name="leaderboard", description="Which members did most in a period")
    @app_commands.guild_only()
    @app_commands.describe(metric="What to rank by (messages if left out)", timeframe=TIMEFRAME_HELP)
    @app_commands.choices(metric=METRICS)
    async def leaderboard(
        self,
        interaction: Asked,
        metric: Choice | None = None,
        timeframe: Typed | None = None,
    ) -> None:
        """Answer with the members who did most of something."""
        await answer(interaction, chosen(metric, VIEWS[0].kind), timeframe)

    @leaderboard.autocomplete("timeframe")
    async def suggest(self, interaction: Asked, typed: str) -> list[app_commands.Choice[str]]:
        """Offer timeframes that fit what is typed so far."""
        return timeframes(interaction, VIEWS[0].kind, typed)
