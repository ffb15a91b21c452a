"""The card of ``/admin history``."""

import discord

from bot.history.progress import HistoryProgress
from bot.wording.format import amount
from cogs.cards.card import COLOUR

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def history_card(progress: HistoryProgress) -> discord.Embed:
    """How far a server's history is read, how fast that goes and how long it will take."""
    embed = discord.Embed(title="Reading back history", description=_summary(progress), colour=COLOUR)
    embed.add_field(name="Counted since the start", value=f"{amount(progress.counted)} messages")
    if progress.reading:
        embed.add_field(name="Rate", value=f"{amount(round(progress.messages_per_second))} messages a second")
        embed.add_field(name="Time left", value=_time(progress.seconds_left))
    if progress.blocked:
        embed.add_field(
            name="Closed to me",
            value=f"{amount(progress.blocked)} channels or threads: give me View Channels and Read Message "
            "History there (Connect in voice channels, Manage Threads for private threads), and I go on.",
            inline=False,
        )
    if progress.retrying:
        embed.add_field(
            name="Waiting for Discord",
            value=f"{amount(progress.retrying)} channels or threads; I try again by myself.",
            inline=False,
        )
    return embed


def _summary(progress: HistoryProgress) -> str:
    if progress.reading:
        return f"{amount(progress.reading)} channels and threads have messages that are not counted yet."
    return "All that I may read is counted."


def _time(seconds: float | None) -> str:
    """Write a time left, roughly: it goes by the dates of the messages, not by how many there are."""
    if seconds is None:
        return "not known yet"
    if seconds < _MINUTE:
        return "less than a minute"
    for unit, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        if seconds >= unit:
            count = round(seconds / unit)
            return f"about {count} {name}{'' if count == 1 else 's'}"
    raise AssertionError(seconds)
