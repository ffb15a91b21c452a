"""The context menus of members and messages."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ServerstatsClient
from bot.privacy.pseudonym import DELETED_USER
from bot.user_errors import Refusal
from cogs.access import require_moderator
from cogs.answering import Asked
from cogs.warnings.controls import show_warnings
from cogs.warnings.forms import record_form
from texts import tr

RECORD = "Record warning"
LIST = "Warnings of this member"


class WarningCommands(commands.Cog):
    """Offers the commands to those who may time members out."""

    def __init__(self, client: ServerstatsClient) -> None:
        self._client = client
        self._menus = (
            app_commands.ContextMenu(name=RECORD, callback=record_of_member),
            app_commands.ContextMenu(name=RECORD, callback=record_of_message),
            app_commands.ContextMenu(name=LIST, callback=list_of_member),
        )

    async def cog_load(self) -> None:
        """Add the commands."""
        for menu in self._menus:
            menu.guild_only = True
            menu.default_permissions = discord.Permissions(moderate_members=True)
            self._client.tree.add_command(menu)

    async def cog_unload(self) -> None:
        """Take them away again."""
        for menu in self._menus:
            self._client.tree.remove_command(menu.name, type=menu.type)


async def record_of_member(interaction: Asked, member: discord.Member) -> None:
    """Ask for the category of a warning of a member."""
    require_moderator(interaction)
    await interaction.response.send_modal(record_form(_person(member).id))


async def record_of_message(interaction: Asked, message: discord.Message) -> None:
    """Ask for the category of a warning of whoever wrote a message."""
    require_moderator(interaction)
    if message.webhook_id is not None:
        raise Refusal(tr("A webhook wrote this message, not a member: there is nobody to warn."))
    await interaction.response.send_modal(record_form(_person(message.author).id))


async def list_of_member(interaction: Asked, member: discord.Member) -> None:
    """Show a member's warnings to the asker alone."""
    require_moderator(interaction)
    await interaction.response.defer(ephemeral=True)
    await show_warnings(interaction, _person(member).id)


def _person(user: discord.Member | discord.User) -> discord.Member | discord.User:
    if user.bot:
        raise Refusal(tr("That is a bot: only members can be warned."))
    if user.id == DELETED_USER:
        raise Refusal(tr("That account was deleted: there is nobody to warn."))
    return user
