"""``/activity analyze``: one member or channel, closely."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.user_errors import Refusal
from bot.views.analyze.channel import VIEW as CHANNEL
from bot.views.people.member import MEMBER
from cogs.answering import Answering, Asked
from cogs.viewing import TIMEFRAME_HELP, Typed, answer, timeframes
from texts import tr

Counted = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.ForumChannel
"""Channels that messages count for; those of announcements and media are among them."""


@app_commands.guild_only()
@app_commands.default_permissions(view_guild_insights=True)
class ActivityCommands(commands.GroupCog, group_name="activity", group_description="A closer look"):
    """Commands for moderators."""

    analyze = app_commands.Group(name="analyze", description="Look closely at one member or channel")

    @analyze.command(name="member", description="What one member did; only you see it, and it is noted")
    @app_commands.describe(user="Whom to look at (you, if left out)", timeframe=TIMEFRAME_HELP)
    async def member(
        self,
        interaction: Asked,
        user: discord.User | None = None,
        timeframe: Typed | None = None,
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

    @analyze.command(name="channel", description="Messages of one channel, their share and their curve")
    @app_commands.describe(channel="Which to look at (this one, if left out)", timeframe=TIMEFRAME_HELP)
    async def channel(
        self,
        interaction: Asked,
        channel: Counted | None = None,
        timeframe: Typed | None = None,
    ) -> None:
        """Answer with the messages of one channel."""
        async with Answering(interaction):
            subject = _channel(interaction) if channel is None else channel.id
            await answer(interaction, CHANNEL.kind, timeframe, subject=subject)

    @channel.autocomplete("timeframe")
    async def suggest_for_channel(self, interaction: Asked, typed: str) -> list[app_commands.Choice[str]]:
        """Offer timeframes that fit what is typed so far."""
        return timeframes(interaction, CHANNEL.kind, typed)

    @member.autocomplete("timeframe")
    async def suggest(self, interaction: Asked, typed: str) -> list[app_commands.Choice[str]]:
        """Offer timeframes that fit what is typed so far."""
        return timeframes(interaction, MEMBER.kind, typed)


def _channel(interaction: Asked) -> int:
    """The channel that is asked in, of a thread the one it belongs to."""
    here = interaction.channel
    if isinstance(here, discord.Thread):
        return here.parent_id
    if here is None:
        raise Refusal(tr("Name the channel to look at."))
    return here.id


def _pseudonym(interaction: Asked, user: discord.abc.User) -> int:
    if interaction.guild_id is None:
        raise Refusal(tr("Use this command on the server that it is about."))
    if user.bot:
        raise Refusal(tr("Figures are kept of members, not of bots: choose a member."))
    return interaction.client.services.pseudonyms.of(interaction.guild_id, user.id)
