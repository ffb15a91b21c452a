"""What reactions and votes have in common: members put them on messages, and take them back."""

from collections.abc import Iterator

import discord
from discord.ext import commands

from bot.client import ServerstatsClient
from cogs.listeners.places import Places

ERASURES_BEFORE = 3
"""Marks given before so many erasures of a member are still undone for their messages."""


class MarkListener(commands.Cog):
    """Base of listeners to marks: what they need, and what a mark taken back undoes."""

    def __init__(self, client: ServerstatsClient, places: Places) -> None:
        services = client.services
        self._client = client
        self._places = places
        self._recording = services.recording
        self._clock = services.clock
        self._calendars = services.calendars
        self._pseudonyms = services.pseudonyms
        self._gate = services.gate

    def _guild(self, guild_id: int | None) -> discord.Guild | None:
        return None if guild_id is None else self._client.get_guild(guild_id)

    def _undone(self, guild_id: int, user_id: int) -> Iterator[tuple[int, int]]:
        """Whose mark may have to be undone, and after how many erasures it was given.

        What was given before an erasure, or is taken back by somebody who has opted out, is undone for the
        message alone, and is nobody's: 0.
        """
        member = self._pseudonyms.of(guild_id, user_id)
        erasures = self._gate.erasures(guild_id, member)
        whose = member if self._gate.counts_received(guild_id, member) else 0
        for times in range(max(0, erasures - ERASURES_BEFORE), erasures + 1):
            yield (whose if times == erasures else 0), times
