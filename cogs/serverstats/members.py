"""``/serverstats members``."""

from discord import app_commands
from discord.ext import commands

from cogs.answering import Asked
from cogs.asking import MAX_TYPED
from cogs.serverstats.asked import answer, offered_timeframes, variant_choices

CATEGORIES = variant_choices("members")


class MembersCommand(commands.Cog):
    """The command; part of the group ``/serverstats``."""

    @app_commands.command(name="members", description="Activity, growth, retention, newcomers and engagement")
    @app_commands.describe(
        category="What to show of the members (activity if left out)",
        timeframe="24h, 14d, last month, 2026-01-01..2026-02-01 … (30 days if left out)",
    )
    @app_commands.choices(category=CATEGORIES)
    async def members(
        self,
        interaction: Asked,
        category: str | None = None,
        timeframe: app_commands.Range[str, 1, MAX_TYPED] | None = None,
    ) -> None:
        """Answer with a view of the members over a timeframe."""
        await answer(interaction, category or CATEGORIES[0].value, timeframe)

    @members.autocomplete("timeframe")
    async def suggest_for_members(self, interaction: Asked, typed: str) -> list[app_commands.Choice[str]]:
        """Offer timeframes that fit what is typed so far."""
        return offered_timeframes(interaction, CATEGORIES[0].value, typed)
