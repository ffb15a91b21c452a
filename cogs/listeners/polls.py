"""Votes in polls: that somebody voted, never for what. Bots cannot vote."""

import discord
from discord.ext import commands

from bot.client import ServerstatsClient
from bot.ingest.activity import PollVoted, PollVoteRemoved
from cogs.listeners.messages import place_of


class PollListener(commands.Cog):
    """Records votes given and taken back."""

    def __init__(self, client: ServerstatsClient) -> None:
        services = client.services
        self._client = client
        self._recording = services.recording
        self._clock = services.clock
        self._calendars = services.calendars
        self._pseudonyms = services.pseudonyms

    @commands.Cog.listener()
    async def on_raw_poll_vote_add(self, event: discord.RawPollVoteActionEvent) -> None:
        """A member voted."""
        guild = None if event.guild_id is None else self._client.get_guild(event.guild_id)
        channel = None if guild is None else guild.get_channel_or_thread(event.channel_id)
        if guild is None or channel is None:
            return
        channel_id, _, kind = place_of(channel)
        at = self._clock.now_ms()
        zone, day, hour = self._calendars.label(guild.id, at)
        self._recording.record(
            PollVoted(
                guild=guild.id,
                channel=channel_id,
                kind=kind,
                message=self._pseudonyms.of_message(guild.id, event.message_id),
                member=self._pseudonyms.of(guild.id, event.user_id),
                vote=self._vote(guild.id, event),
                at=at,
                zone=zone,
                day=day,
                hour=hour,
            )
        )

    @commands.Cog.listener()
    async def on_raw_poll_vote_remove(self, event: discord.RawPollVoteActionEvent) -> None:
        """A member took a vote back."""
        guild_id = event.guild_id
        if guild_id is None or self._client.get_guild(guild_id) is None:
            return
        self._recording.record(
            PollVoteRemoved(
                guild_id,
                self._pseudonyms.of_message(guild_id, event.message_id),
                self._pseudonyms.of(guild_id, event.user_id),
                self._vote(guild_id, event),
                self._clock.now_ms(),
            )
        )

    def _vote(self, guild_id: int, event: discord.RawPollVoteActionEvent) -> int:
        return self._pseudonyms.of_vote(guild_id, event.message_id, event.answer_id, event.user_id)
