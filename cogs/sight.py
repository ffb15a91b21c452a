"""Which channels an answer may show: those that the asker sees, and where others read it, everybody."""

import re
from collections.abc import Sequence

import discord

from analytics.sight import EVERYTHING, NOTHING, Sight
from cogs.answering import Asked
from texts import tr

_MENTION = re.compile(r"<#(\d+)>")


def sight_of(interaction: Asked, guild_id: int, *, private: bool) -> Sight:
    """What may be shown of a server in an answer; ``private``: the asker alone reads it.

    An answer in a channel that everybody sees holds only what both everybody and the asker see. Of a server
    other than the one asked in nothing is seen, since nobody's permissions there are known.
    """
    guild, asker = interaction.guild, interaction.user
    if guild is None or guild.id != guild_id or not isinstance(asker, discord.Member):
        return NOTHING
    readers: list[discord.Member | discord.Role] = [asker]
    if not private and _everybody_reads(interaction.channel, guild):
        readers.append(guild.default_role)
    return _seen_by(guild, readers)


def without_unseen(card: discord.Embed, sight: Sight) -> discord.Embed:
    """The card, in which channels that are not seen are mentioned without their ids."""

    def mention(found: re.Match[str]) -> str:
        return found[0] if sight.sees(int(found[1])) else f"*{tr('a channel that you do not see')}*"

    shown = card.copy()
    shown.description = _MENTION.sub(mention, card.description or "") or None
    for place, field in enumerate(card.fields):
        shown.set_field_at(
            place, name=field.name, value=_MENTION.sub(mention, field.value or ""), inline=field.inline
        )
    return shown


def _seen_by(guild: discord.Guild, readers: Sequence[discord.Member | discord.Role]) -> Sight:
    """What all of them see; who sees everything also sees what is known of channels that are gone."""
    limited = [each for each in readers if not _sees_everything(each)]
    if not limited:
        return EVERYTHING
    seen = {
        channel.id
        for channel in guild.channels
        if all(channel.permissions_for(each).view_channel for each in limited)
    }
    # Discord shows a category to whoever sees a channel in it.
    around = {
        channel.category_id
        for channel in guild.channels
        if channel.id in seen and channel.category_id is not None
    }
    return Sight(frozenset(seen | around))


def _sees_everything(who: discord.Member | discord.Role) -> bool:
    permissions = who.permissions if isinstance(who, discord.Role) else who.guild_permissions
    return permissions.administrator


def _everybody_reads(channel: object, guild: discord.Guild) -> bool:
    """Whether @everyone sees what is posted there; where nobody knows, it is taken for seen."""
    if isinstance(channel, discord.Thread):
        if channel.is_private():
            return False
        channel = channel.parent
    if not isinstance(channel, discord.abc.GuildChannel):
        return True
    return channel.permissions_for(guild.default_role).view_channel
