"""Reactions, from raw events, so that those on old messages count. What bots give and get is left out."""

import discord
from discord.ext import commands

from bot.ingest.activities.reactions import ReactionAdded, ReactionRemoved, ReactionsCleared
from bot.privacy.rules import Writer
from cogs.listeners.bots import is_bot
from cogs.listeners.marks import MarkListener
from cogs.listeners.messages import DISCORD_EPOCH_MS, place_of
from cogs.listeners.places import Somewhere

_UNSAFE = str.maketrans({".": "_", "$": "_", "\0": "_"})
"""What the name of a counter must not hold; no emoji does."""
MAX_EMOJI_LENGTH = 64
"""Characters; the longest known emoji has 14, and the name of a custom one 32."""


class ReactionListener(MarkListener):
    """Records reactions put on and taken off."""

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """A member put an emoji on a message."""
        guild, at = self._guild(event.guild_id), self._clock.now_ms()
        if guild is not None:
            self._places.at(guild, event.channel_id, lambda channel: self._add(guild, channel, event, at))

    def _add(
        self, guild: discord.Guild, channel: Somewhere, event: discord.RawReactionActionEvent, at: int
    ) -> None:
        channel_id, thread_id, kind = place_of(channel)
        member = self._pseudonyms.of(guild.id, event.user_id)
        roles = () if event.member is None else [role.id for role in event.member.roles]
        if self._of_silent_bot(guild, event) or not self._gate.counts(
            guild.id, channel_id, thread_id, member, roles=roles
        ):
            return
        emoji = emoji_of(event.emoji)
        sent_zone, sent_day, sent_hour = self._calendars.label(
            guild.id, (event.message_id >> 22) + DISCORD_EPOCH_MS
        )
        zone, day, hour = self._calendars.label(guild.id, at)
        self._recording.record(
            ReactionAdded(
                guild=guild.id,
                channel=channel_id,
                thread=thread_id,
                kind=kind,
                message=self._pseudonyms.of_message(guild.id, event.message_id),
                author=self._author(guild, event.message_author_id),
                sent_zone=sent_zone,
                sent_day=sent_day,
                member=member,
                reaction=self._reaction(guild, event, self._gate.erasures(guild.id, member)),
                emoji=emoji,
                at=at,
                zone=zone,
                day=day,
                hour=hour,
                sent_hour=sent_hour,
            )
        )

    @commands.Cog.listener()
    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """An emoji was taken off; what was never counted, such as a bot's, is not undone."""
        guild, at = self._guild(event.guild_id), self._clock.now_ms()
        if guild is not None:
            self._places.in_order(event.channel_id, lambda: self._remove(guild, event, at))

    def _remove(self, guild: discord.Guild, event: discord.RawReactionActionEvent, at: int) -> None:
        for whose, times in self._undone(guild.id, event.user_id):
            self._recording.record(
                ReactionRemoved(
                    guild.id,
                    self._pseudonyms.of_message(guild.id, event.message_id),
                    whose,
                    self._reaction(guild, event, times),
                    at,
                )
            )

    @commands.Cog.listener()
    async def on_raw_reaction_clear(self, event: discord.RawReactionClearEvent) -> None:
        """A moderator took all emoji off a message."""
        self._clear(event, "")

    @commands.Cog.listener()
    async def on_raw_reaction_clear_emoji(self, event: discord.RawReactionClearEmojiEvent) -> None:
        """A moderator took all emoji of one kind off a message."""
        self._clear(event, emoji_of(event.emoji))

    def _clear(
        self, event: discord.RawReactionClearEvent | discord.RawReactionClearEmojiEvent, emoji: str
    ) -> None:
        guild = self._guild(event.guild_id)
        if guild is not None:
            message = self._pseudonyms.of_message(guild.id, event.message_id)
            cleared = ReactionsCleared(guild.id, message, emoji, self._clock.now_ms())
            self._places.in_order(event.channel_id, lambda: self._recording.record(cleared))

    def _of_silent_bot(self, guild: discord.Guild, event: discord.RawReactionActionEvent) -> bool:
        bot = event.member.bot if event.member is not None else is_bot(guild, event.user_id)
        return bot and not self._gate.counts_writer(guild.id, Writer.BOT)

    def _author(self, guild: discord.Guild, user_id: int | None) -> int:
        """Who receives; 0 for nobody: a bot that does not count, somebody unknown or opted out."""
        if user_id is None or (is_bot(guild, user_id) and not self._gate.counts_writer(guild.id, Writer.BOT)):
            return 0
        author = self._pseudonyms.of(guild.id, user_id)
        return author if self._gate.counts_received(guild.id, author) else 0

    def _reaction(self, guild: discord.Guild, event: discord.RawReactionActionEvent, erasures: int) -> int:
        emoji = emoji_of(event.emoji)
        return self._pseudonyms.of_reaction(guild.id, event.message_id, emoji, event.user_id, erasures)


def emoji_of(emoji: discord.PartialEmoji) -> str:
    """An emoji's own characters, or the id of a custom one, whose name stays out.

    It becomes the name of a counter. Raises ValueError where Discord's words make none.
    """
    number: object = emoji.id
    if number is not None:
        if not isinstance(number, int) or not 0 < number < 1 << 63:
            raise ValueError("a custom emoji's id is no id")
        return str(number)
    name: object = emoji.name or "_"
    if not isinstance(name, str) or len(name) > MAX_EMOJI_LENGTH:
        raise ValueError("an emoji is no text, or a long one")
    return name.translate(_UNSAFE)
