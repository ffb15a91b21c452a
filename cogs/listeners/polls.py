"""Votes in polls: that somebody voted, never for what. Bots cannot vote."""

import discord
from discord.ext import commands

from bot.ingest.activities.polls import PollVoted, PollVoteRemoved
from cogs.listeners.marks import MarkListener
from cogs.listeners.messages import place_of
from cogs.listeners.places import Somewhere


class PollListener(MarkListener):
    """Records votes given and taken back."""

    @commands.Cog.listener()
    async def on_raw_poll_vote_add(self, event: discord.RawPollVoteActionEvent) -> None:
        """A member voted."""
        guild, at = self._guild(event.guild_id), self._clock.now_ms()
        if guild is not None:
            self._places.at(guild, event.channel_id, lambda channel: self._add(guild, channel, event, at))

    def _add(
        self, guild: discord.Guild, channel: Somewhere, event: discord.RawPollVoteActionEvent, at: int
    ) -> None:
        channel_id, thread_id, kind = place_of(channel)
        member = self._pseudonyms.of(guild.id, event.user_id)
        if not self._gate.counts(guild.id, channel_id, thread_id, member):
            return
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
        """A member took a vote back."""
        guild, at = self._guild(event.guild_id), self._clock.now_ms()
        if guild is not None:
            self._places.in_order(event.channel_id, lambda: self._remove(guild, event, at))

    def _remove(self, guild: discord.Guild, event: discord.RawPollVoteActionEvent, at: int) -> None:
        for whose, times in self._undone(guild.id, event.user_id):
            self._recording.record(
                PollVoteRemoved(
                    guild.id,
                    self._pseudonyms.of_message(guild.id, event.message_id),
                    whose,
                    self._vote(guild.id, event, times),
                    at,
                )
            )

    def _vote(self, guild_id: int, event: discord.RawPollVoteActionEvent, erasures: int) -> int:
        return self._pseudonyms.of_vote(guild_id, event.message_id, event.answer_id, event.user_id, erasures)
