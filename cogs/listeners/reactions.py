"""Reactions, from raw events, so that those on old messages count. What bots give and get is left out."""

import discord
from discord.ext import commands

from bot.client import ServerstatsClient
from bot.ingest.activity import ReactionAdded, ReactionRemoved, ReactionsCleared
from cogs.listeners.bots import is_bot
from cogs.listeners.messages import DISCORD_EPOCH_MS, place_of

_UNSAFE = str.maketrans({".": "_", "$": "_", "\0": "_"})
"""What the name of a counter must not hold; no emoji does."""


class ReactionListener(commands.Cog):
    """Records reactions put on and taken off."""

    def __init__(self, client: ServerstatsClient) -> None:
        services = client.services
        self._client = client
        self._recording = services.recording
        self._clock = services.clock
        self._calendars = services.calendars
        self._pseudonyms = services.pseudonyms

    @commands.Cog.listener()
    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """A member put an emoji on a message."""
        guild = self._guild(event.guild_id)
        channel = None if guild is None else guild.get_channel_or_thread(event.channel_id)
        if guild is None or channel is None or _of_bot(guild, event):
            return
        channel_id, thread_id, kind = place_of(channel)
        author = event.message_author_id
        emoji = emoji_of(event.emoji)
        at = self._clock.now_ms()
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
                author=0
                if author is None or is_bot(guild, author)
                else self._pseudonyms.of(guild.id, author),
                sent_zone=sent_zone,
                sent_day=sent_day,
                member=self._pseudonyms.of(guild.id, event.user_id),
                reaction=self._pseudonyms.of_reaction(guild.id, event.message_id, emoji, event.user_id),
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
        """An emoji was taken off; a bot's was never counted and so is not undone."""
        guild = self._guild(event.guild_id)
        if guild is not None:
            emoji = emoji_of(event.emoji)
            self._recording.record(
                ReactionRemoved(
                    guild.id,
                    self._pseudonyms.of_message(guild.id, event.message_id),
                    self._pseudonyms.of(guild.id, event.user_id),
                    self._pseudonyms.of_reaction(guild.id, event.message_id, emoji, event.user_id),
                    self._clock.now_ms(),
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
            self._recording.record(ReactionsCleared(guild.id, message, emoji, self._clock.now_ms()))

    def _guild(self, guild_id: int | None) -> discord.Guild | None:
        return None if guild_id is None else self._client.get_guild(guild_id)


def emoji_of(emoji: discord.PartialEmoji) -> str:
    """An emoji's own characters, or the id of a custom one, whose name stays out."""
    return str(emoji.id) if emoji.id is not None else (emoji.name or "_").translate(_UNSAFE)


def _of_bot(guild: discord.Guild, event: discord.RawReactionActionEvent) -> bool:
    return event.member.bot if event.member is not None else is_bot(guild, event.user_id)
