"""``/activity analyze``: one member, closely."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.user_errors import Refusal
from bot.views.people.member import MEMBER
from cogs.answering import Answering, Asked
from cogs.asking import MAX_TYPED
from cogs.people.asked import TIMEFRAME, answer, offered_timeframes


@app_commands.guild_only()
@app_commands.default_permissions(view_guild_insights=True)
class ActivityCommands(commands.GroupCog, group_name="activity", group_description="A closer look"):
    """Commands for moderators."""

    analyze = app_commands.Group(name="analyze", description="Look closely at one member")

    @analyze.command(name="member", description="What one member did; only you see it, and it is noted")
    @app_commands.describe(user="Whom to look at (you, if left out)", timeframe=TIMEFRAME)
    async def member(
        self,
        interaction: Asked,
        user: discord.User | None = None,
        timeframe: app_commands.Range[str, 1, MAX_TYPED] | None = None,
    ) -> None:
        """Answer the asker alone with what one member did."""
        async with Answering(interaction):
            await answer(
                interaction,
                MEMBER.kind,
                timeframe,
                subject=_pseudonym(interaction, user or interaction.user),
                ephemeral=True,
            )

    @member.autocomplete("timeframe")
    async def suggest(self, interaction: Asked, typed: str) -> list[app_commands.Choice[str]]:
        """Offer timeframes that fit what is typed so far."""
        return offered_timeframes(interaction, MEMBER.kind, typed)


def _pseudonym(interaction: Asked, user: discord.abc.User) -> int:
    if interaction.guild_id is None:
        raise Refusal("Use this command on the server that it is about.")
    if user.bot:
        raise Refusal("Figures are kept of members, not of bots: choose a member.")
    return interaction.client.services.pseudonyms.of(interaction.guild_id, user.id)
