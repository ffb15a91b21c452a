"""Which language an answer is in, and what commands are called in each."""

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location

from bot.client import ServerstatsClient
from texts import Language, Languages

NAMES = frozenset({Location.command_name, Location.group_name, Location.parameter_name})
"""Strings that Discord takes as names: one word, in small letters."""
NAME_CONTEXT = "name"
"""Context of those in the catalogues."""


def language_for_all(interaction: discord.Interaction[ServerstatsClient]) -> Language:
    """The language of what everybody in the channel reads: that of the settings, or else Discord's."""
    services, guild_id, locale = interaction.client.services, interaction.guild_id, interaction.guild_locale
    preferred = None if guild_id is None else services.preferences.present(guild_id).language
    return services.languages.of(preferred or (None if locale is None else locale.value))


def context_of(context: app_commands.TranslationContextTypes) -> str | None:
    """Context of a command's string in the catalogues; an entry of a context menu is named like any text."""
    menu = isinstance(context.data, app_commands.ContextMenu)
    return NAME_CONTEXT if context.location in NAMES and not menu else None


class CommandTexts(app_commands.Translator):
    """Tells Discord what commands, options and choices are called in a language."""

    def __init__(self, languages: Languages) -> None:
        self._languages = languages

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The string in a language; None where it is the same as in English."""
        catalogue = self._languages.of(locale.value).catalogue
        named = context_of(context)
        message = string.message
        said = catalogue.gettext(message) if named is None else catalogue.pgettext(named, message)
        return None if said == message else said


async def setup(client: ServerstatsClient) -> None:
    """Load the extension."""
    await client.tree.set_translator(CommandTexts(client.services.languages))
