"""Categories of channels: who chooses one means the channels that are in it now."""

from dataclasses import dataclass

import discord

from analytics.sight import Sight


@dataclass(frozen=True, slots=True)
class ChosenChannels:
    """``seen`` are the channels that a choice comes to; ``unseen``: how many more its categories have."""

    seen: tuple[int, ...]
    unseen: int


def channels_in(guild: discord.Guild | None, chosen: tuple[int, ...], sight: Sight) -> ChosenChannels:
    """The chosen channels, with those of the chosen categories that are seen.

    A category without any stands for itself, empty. ``bot.views.seen`` asks whether what
    was chosen is seen itself.
    """
    found = {each: _within(guild, each) for each in chosen}
    unseen = {channel for channels in found.values() for channel in channels or () if not sight.sees(channel)}
    seen = [
        channel
        for each, channels in found.items()
        for channel in [inside for inside in channels or () if inside not in unseen] or [each]
    ]
    return ChosenChannels(tuple(dict.fromkeys(seen)), len(unseen))


def _within(guild: discord.Guild | None, chosen: int) -> list[int] | None:
    """The channels of a category; None where it is none."""
    found = None if guild is None else guild.get_channel(chosen)
    return [channel.id for channel in found.channels] if isinstance(found, discord.CategoryChannel) else None
