"""The card of ``/admin history``."""

import discord

from bot.history.progress import HistoryProgress
from cogs.cards.card import COLOUR
from texts import tr, tr_n

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def history_card(progress: HistoryProgress) -> discord.Embed:
    """How far a server's history is read, how fast that goes and how long it will take."""
    embed = discord.Embed(title=tr("Reading back history"), description=_summary(progress), colour=COLOUR)
    embed.add_field(
        name=tr("Counted since the start"),
        value=tr_n("{count} message", "{count} messages", progress.counted),
    )
    if progress.reading:
        rate = round(progress.messages_per_second)
        embed.add_field(
            name=tr("Rate"), value=tr_n("{count} message a second", "{count} messages a second", rate)
        )
        embed.add_field(name=tr("Time left"), value=_time(progress.seconds_left))
    if progress.blocked:
        embed.add_field(
            name=tr("Closed to me"),
            value=tr_n(
                "{count} channel or thread: give me View Channels and Read Message History there "
                "(Connect in voice channels, Manage Threads for private threads), and I go on.",
                "{count} channels or threads: give me View Channels and Read Message History there "
                "(Connect in voice channels, Manage Threads for private threads), and I go on.",
                progress.blocked,
            ),
            inline=False,
        )
    if progress.retrying:
        embed.add_field(
            name=tr("Waiting for Discord"),
            value=tr_n(
                "{count} channel or thread; I try again by myself.",
                "{count} channels or threads; I try again by myself.",
                progress.retrying,
            ),
            inline=False,
        )
    return embed


def _summary(progress: HistoryProgress) -> str:
    if progress.reading:
        return tr_n(
            "{count} channel or thread has messages that are not counted yet.",
            "{count} channels and threads have messages that are not counted yet.",
            progress.reading,
        )
    return tr("All that I may read is counted.")


def _time(seconds: float | None) -> str:
    """Write a time left, roughly: it goes by the dates of the messages, not by how many there are."""
    if seconds is None:
        return tr("not known yet")
    if seconds < _MINUTE:
        return tr("less than a minute")
    if seconds < _HOUR:
        return tr_n("about {count} minute", "about {count} minutes", round(seconds / _MINUTE))
    if seconds < _DAY:
        return tr_n("about {count} hour", "about {count} hours", round(seconds / _HOUR))
    return tr_n("about {count} day", "about {count} days", round(seconds / _DAY))
