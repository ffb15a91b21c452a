"""``/activity analyze``: one member or channel closely, or a few things side by side."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.user_errors import Refusal
from bot.views.analyze.channel import GROUP as CHANNEL
from bot.views.analyze.channel import VIEWS as CHANNEL_VIEWS
from bot.views.analyze.member_median import GROUP as MEMBER_MEDIAN
from bot.views.analyze.servers import GROUP as SERVERS
from bot.views.people.member import MEMBER
from cogs.access import is_allowed, require_access
from cogs.answering import Answering, Asked, Suggestions, suggested
from cogs.people.comparing import (
    Given,
    kind_of,
    metric_suggestions,
    server_of,
    server_suggestions,
    two_channels,
    two_roles,
)
from cogs.viewing import TIMEFRAME_HELP, Choice, Typed, answer, choices_of, chosen, timeframes
from texts import tr

Counted = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.ForumChannel
"""Channels that messages count for; those of announcements and media are among them."""


@app_commands.guild_only()
class ActivityCommands(commands.GroupCog, group_name="activity", group_description="A closer look"):
    """Commands for moderators."""

    analyze = app_commands.Group(
        name="analyze", description="Look closely at one member or channel, or compare a few"
    )

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

    @analyze.command(name="channel", description="What one channel has of a metric, its share and its curve")
    @app_commands.describe(
        channel="Which to look at (this one, if left out)",
        metric="Which metric (messages if left out)",
        timeframe=TIMEFRAME_HELP,
    )
    @app_commands.choices(metric=choices_of(CHANNEL))
    async def channel(
        self,
        interaction: Asked,
        channel: Counted | None = None,
        metric: Choice | None = None,
        timeframe: Typed | None = None,
    ) -> None:
        """Answer with what one channel has of a metric."""
        async with Answering(interaction):
            subject = _channel(interaction) if channel is None else channel.id
            kind = chosen(metric, CHANNEL_VIEWS[0].kind)
            await answer(interaction, kind, timeframe, subject=subject)

    @channel.autocomplete("timeframe")
    async def suggest_for_channel(self, interaction: Asked, typed: str) -> Suggestions:
        """Offer timeframes that fit what is typed so far."""
        return timeframes(interaction, CHANNEL_VIEWS[0].kind, typed)

    @analyze.command(
        name="comparative",
        description="Periods, channels, roles, a member and the median, or servers that agree, side by side",
    )
    @app_commands.describe(
        metric="Which metric (all of them if left out)",
        timeframe=TIMEFRAME_HELP,
        channel="Compare this channel …",
        other_channel="… with that one; the menu takes up to four",
        role="Compare members with this role …",
        other_role="… with members with that one; the menu takes up to four",
        user="Compare this member with the median; only you see it, and it is noted",
        server="Compare this server with that one, if both agree; the menu takes up to three",
    )
    async def comparative(  # noqa: PLR0913, PLR0917 - one parameter an option
        self,
        interaction: Asked,
        metric: Typed | None = None,
        timeframe: Typed | None = None,
        channel: Counted | None = None,
        other_channel: Counted | None = None,
        role: discord.Role | None = None,
        other_role: discord.Role | None = None,
        user: discord.User | None = None,
        server: Typed | None = None,
    ) -> None:
        """Answer with what is asked for, side by side."""
        async with Answering(interaction):
            asked = Given(
                (_id(channel), _id(other_channel)),
                (_id(role), _id(other_role)),
                0 if user is None else _pseudonym(interaction, user),
                0 if server is None else _server(interaction, server),
            )
            group = asked.group
            await answer(
                interaction,
                kind_of(group, metric, interaction.client.services.languages),
                timeframe,
                subject=asked.member,
                channels=two_channels(asked.channels, _channel(interaction)) if any(asked.channels) else (),
                roles=two_roles(asked.roles, interaction.guild_id or 0),
                servers=(asked.server,) if asked.server else (),
                ephemeral=group == MEMBER_MEDIAN,
            )

    @comparative.autocomplete("metric")
    async def suggest_metric(self, interaction: Asked, typed: str) -> Suggestions:
        """Offer the metrics of what is compared, as far as it is filled in."""
        return metric_choices(interaction, _group_so_far(interaction), typed)

    @comparative.autocomplete("timeframe")
    async def suggest_for_comparative(self, interaction: Asked, typed: str) -> Suggestions:
        """Offer timeframes that fit what is typed so far."""
        return timeframes(interaction, kind_of(_group_so_far(interaction), None), typed)

    @comparative.autocomplete("server")
    async def suggest_server(self, interaction: Asked, typed: str) -> Suggestions:
        """Offer the servers that agree to be compared with this one."""
        return server_choices(interaction, typed)

    @member.autocomplete("timeframe")
    async def suggest(self, interaction: Asked, typed: str) -> Suggestions:
        """Offer timeframes that fit what is typed so far."""
        return timeframes(interaction, MEMBER.kind, typed)


def metric_choices(interaction: Asked, group: str, typed: str) -> Suggestions:
    """Metrics of a comparison that fit; nothing to who may not see it."""

    def offer() -> Suggestions:
        if not is_allowed(interaction, kind_of(group, None)):
            return []
        return [
            app_commands.Choice(name=name, value=value) for name, value in metric_suggestions(group, typed)
        ]

    return suggested(interaction, typed, offer)


def server_choices(interaction: Asked, typed: str) -> Suggestions:
    """Servers with which there is an agreement; nothing to who may not see the comparison."""

    def offer() -> Suggestions:
        if interaction.guild_id is None or not is_allowed(interaction, kind_of(SERVERS, None)):
            return []
        known = interaction.client.services.agreements.suggested(interaction.guild_id)
        return [
            app_commands.Choice(name=name, value=value) for name, value in server_suggestions(known, typed)
        ]

    return suggested(interaction, typed, offer)


def _server(interaction: Asked, typed: str) -> int:
    here = require_access(interaction, kind_of(SERVERS, None))
    return server_of(typed, here, interaction.client.services.agreements.suggested(here))


def _group_so_far(interaction: Asked) -> str:
    """What is compared, as far as the options are filled in."""
    given = interaction.namespace
    asked = Given(
        (int("channel" in given), int("other_channel" in given)),
        (int("role" in given), int("other_role" in given)),
        int("user" in given),
        int("server" in given),
    )
    return asked.groups[0]


def _id(given: discord.abc.Snowflake | None) -> int:
    return 0 if given is None else given.id


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
