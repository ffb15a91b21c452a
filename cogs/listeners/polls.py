"""Votes in polls: that somebody voted, never for what. Bots cannot vote."""

import discord
from discord.ext import commands

from bot.client import ServerstatsClient
from bot.ingest.activities.polls import PollVoted, PollVoteRemoved
from cogs.listeners.messages import place_of
from cogs.listeners.reactions import ERASURES_BEFORE


class PollListener(commands.Cog):
    """Records votes given and taken back."""

    def __init__(self, client: ServerstatsClient) -> None:
        services = client.services
        self._client = client
        self._recording = services.recording
        self._clock = services.clock
        self._calendars = services.calendars
        self._pseudonyms = services.pseudonyms
        self._gate = services.gate

    @commands.Cog.listener()
    async def on_raw_poll_vote_add(self, event: discord.RawPollVoteActionEvent) -> None:
        """A member voted."""
        guild = None if event.guild_id is None else self._client.get_guild(event.guild_id)
        channel = None if guild is None else guild.get_channel_or_thread(event.channel_id)
        if guild is None or channel is None:
            return
        channel_id, thread_id, kind = place_of(channel)
        member = self._pseudonyms.of(guild.id, event.user_id)
        if not self._gate.counts(guild.id, channel_id, thread_id, member):
            return
        at = self._clock.now_ms()
        zone, day, hour = self._calendars.label(guild.id, at)
        self._recording.record(
            PollVoted(
                guild=guild.id,
                channel=channel_id,
                kind=kind,
                message=self._pseudonyms.of_message(guild.id, event.message_id),
                member=member,
                vote=self._vote(guild.id, event, self._gate.erasures(guild.id, member)),
                at=at,
                zone=zone,
                day=day,
                hour=hour,
            )
        )

    @commands.Cog.listener()
    async def on_raw_poll_vote_remove(self, event: discord.RawPollVoteActionEvent) -> None:
        """A member took a vote back; who was erased, or has opted out, as with reactions."""
        guild_id = event.guild_id
        if guild_id is None or self._client.get_guild(guild_id) is None:
            return
        member = self._pseudonyms.of(guild_id, event.user_id)
        erasures = self._gate.erasures(guild_id, member)
        whose = member if self._gate.counts_received(guild_id, member) else 0
        for times in range(max(0, erasures - ERASURES_BEFORE), erasures + 1):
            self._recording.record(
                PollVoteRemoved(
                    guild_id,
                    self._pseudonyms.of_message(guild_id, event.message_id),
                    whose if times == erasures else 0,
                    self._vote(guild_id, event, times),
                    self._clock.now_ms(),
                )
            )

    def _vote(self, guild_id: int, event: discord.RawPollVoteActionEvent, erasures: int) -> int:
        return self._pseudonyms.of_vote(guild_id, event.message_id, event.answer_id, event.user_id, erasures)
