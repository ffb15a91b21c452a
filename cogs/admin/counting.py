"""``/admin counting``: which channels, roles and writers are counted, changed by menus that work for good."""

from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from analytics.sight import EVERYTHING, Sight
from bot.privacy.rules import Change, Rules, Subject, Writer
from cogs.access import require_admin
from cogs.answering import Answering, Asked
from cogs.cards.card import COLOUR
from cogs.controls.control import Wrapped
from cogs.controls.state import OutdatedControlError
from cogs.sight import sight_of, without_unseen
from texts import LazyText, tr, tr_n

PREFIX = "counting:"
MOST = 25
"""Discord lets nobody choose more at once; what is excluded beyond shows when others are taken out."""
_CHANNELS = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.voice,
    discord.ChannelType.stage_voice,
    discord.ChannelType.forum,
    discord.ChannelType.media,
]
_WRITERS = {
    Writer.BOT: LazyText("Bots"),
    Writer.WEBHOOK: LazyText("Webhooks"),
    Writer.SYSTEM: LazyText("Discord's own messages (joins, pins, boosts)"),
}
EXPLAINED = LazyText(
    "Changes hold from now on: what was counted stays, and what is sent while something is excluded is never "
    "counted, also not from history."
)


class CountingCommand(commands.Cog):
    """The command; part of the group ``/admin``."""

    @app_commands.command(
        name="counting", description="Channels and roles to exclude; whether bots, webhooks and system count"
    )
    async def counting(self, interaction: Asked) -> None:
        """Answer with the present rules and menus that change them; only the asker sees it."""
        guild_id = require_admin(interaction)
        rules = interaction.client.services.counting.present(guild_id)
        sight = sight_of(interaction, guild_id, private=True)
        await interaction.response.send_message(
            embed=rules_card(rules, sight), view=rules_panel(rules, sight), ephemeral=True
        )


class RulesMenu(Wrapped, template=f"(?s){PREFIX}.*"):
    """One of the menus: its choice is what is excluded, or counted, from now on."""

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Change the rules as chosen, then show them."""
        async with Answering(interaction):
            guild_id = require_admin(interaction)
            named = self.custom_id.removeprefix(PREFIX)
            subject = next((each for each in Subject if each.value == named), None)
            if subject is None:
                raise OutdatedControlError
            services = interaction.client.services
            await interaction.response.defer()
            sight = sight_of(interaction, guild_id, private=True)
            changes = changes_of(services.counting.present(guild_id), subject, self._chosen(guild_id), sight)
            actor = services.pseudonyms.of(guild_id, interaction.user.id)
            await services.counting.change(guild_id, actor, changes, interaction.id)
            if interaction.guild is not None:
                interaction.client.dispatch("counting_changed", interaction.guild)
            rules = services.counting.present(guild_id)
            await interaction.edit_original_response(
                embed=rules_card(rules, sight), view=rules_panel(rules, sight)
            )

    def _chosen(self, guild_id: int) -> set[str]:
        """Ids or names in the menu's choice; everybody's role cannot be excluded."""
        values = getattr(self.item, "values", [])
        named = {str(value if isinstance(value, str) else value.id) for value in values}
        return named - {str(guild_id)}


def changes_of(rules: Rules, subject: Subject, chosen: set[str], sight: Sight = EVERYTHING) -> list[Change]:
    """What has to change so that what a menu offered is as it was chosen; what it did not offer stays."""
    shown = offered(rules, subject, sight)
    hidden = set(present(rules, subject)) - set(shown)
    ended = [Change(subject, target, applies=False) for target in shown if target not in chosen]
    begun = [
        Change(subject, target, applies=True)
        for target in sorted(chosen - set(shown))
        if target not in hidden
    ]
    return ended + begun


def present(rules: Rules, subject: Subject) -> list[str]:
    """What a kind of rule applies to now, in a steady order."""
    match subject:
        case Subject.CHANNEL:
            return [str(channel) for channel in sorted(rules.excluded_channels)]
        case Subject.ROLE:
            return [str(role) for role in sorted(rules.excluded_roles)]
        case Subject.WRITER:
            return sorted(rules.counted_writers)


def offered(rules: Rules, subject: Subject, sight: Sight) -> list[str]:
    """What a menu shows of it: as many as it can, of channels those that are seen."""
    there = present(rules, subject)
    if subject is Subject.CHANNEL:
        there = [channel for channel in there if sight.sees(int(channel))]
    return there[:MOST]


def rules_card(rules: Rules, sight: Sight) -> discord.Embed:
    """What is counted now."""
    embed = discord.Embed(title=tr("What is counted"), description=str(EXPLAINED), colour=COLOUR)
    channels = [f"<#{each}>" for each in present(rules, Subject.CHANNEL)]
    roles = [f"<@&{each}>" for each in present(rules, Subject.ROLE)]
    writers = [str(_WRITERS[each]) for each in sorted(rules.counted_writers)]
    embed.add_field(name=tr("Excluded channels"), value=_listed(channels), inline=False)
    embed.add_field(name=tr("Excluded roles"), value=_listed(roles), inline=False)
    embed.add_field(name=tr("Counted besides members"), value=_listed(writers), inline=False)
    return without_unseen(embed, sight)


def rules_panel(rules: Rules, sight: Sight) -> discord.ui.View:
    """The menus, showing the present rules. They are finished at once: discord.py need not remember them."""
    view = discord.ui.View(timeout=None)
    view.add_item(
        discord.ui.ChannelSelect(
            custom_id=f"{PREFIX}{Subject.CHANNEL.value}",
            channel_types=_CHANNELS,
            placeholder=tr("Channels to exclude, threads included"),
            min_values=0,
            max_values=MOST,
            default_values=[
                discord.SelectDefaultValue(id=int(each), type=discord.SelectDefaultValueType.channel)
                for each in offered(rules, Subject.CHANNEL, sight)
            ],
        )
    )
    view.add_item(
        discord.ui.RoleSelect(
            custom_id=f"{PREFIX}{Subject.ROLE.value}",
            placeholder=tr("Roles whose members to exclude"),
            min_values=0,
            max_values=MOST,
            default_values=[
                discord.SelectDefaultValue(id=int(each), type=discord.SelectDefaultValueType.role)
                for each in offered(rules, Subject.ROLE, sight)
            ],
        )
    )
    counted = rules.counted_writers
    view.add_item(
        discord.ui.Select(
            custom_id=f"{PREFIX}{Subject.WRITER.value}",
            placeholder=tr("Who counts besides members"),
            min_values=0,
            max_values=len(_WRITERS),
            options=[
                discord.SelectOption(label=str(label), value=writer.value, default=writer in counted)
                for writer, label in _WRITERS.items()
            ],
        )
    )
    view.stop()
    return view


def _listed(names: list[str]) -> str:
    if not names:
        return tr("none")
    shown = ", ".join(names[:MOST])
    more = len(names) - MOST
    return f"{shown} {tr_n('and {count} more', 'and {count} more', more)}" if more > 0 else shown
