"""Categories of channels: who chooses one means the channels that are in it now."""

import discord


def channels_in(guild: discord.Guild | None, chosen: tuple[int, ...]) -> tuple[int, ...]:
    """The chosen channels with those of the chosen categories; one without any stands for itself, empty."""
    return tuple(dict.fromkeys(channel for each in chosen for channel in _within(guild, each)))


def _within(guild: discord.Guild | None, chosen: int) -> list[int]:
    found = None if guild is None else guild.get_channel(chosen)
    if isinstance(found, discord.CategoryChannel) and found.channels:
        return [channel.id for channel in found.channels]
    return [chosen]
