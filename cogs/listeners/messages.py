"""Messages: who wrote where and when, with what flags. What was written is never looked at."""

from typing import NamedTuple

import discord
from discord.ext import commands

from bot.ingest.activity import ChannelKind, MessageFlag, MessageSent
from bot.ingest.calendars import Calendars
from bot.privacy.pseudonym import Pseudonyms
from bot.services import Recording
from cogs.listeners.channel_kinds import kind_of

DISCORD_EPOCH_MS = 1_420_070_400_000
MEMBERS_TYPES = frozenset({discord.MessageType.default, discord.MessageType.reply})
"""All else is written by Discord itself: joins, pins, boosts, a thread's copy of its first message."""


class Place(NamedTuple):
    """Where a message counts: the channel, its thread (0: none), and the channel's type."""

    channel: int
    thread: int
    kind: ChannelKind


class Translator:
    """Makes an activity of what is known of a message."""

    def __init__(
        self, recording: Recording, calendars: Calendars, pseudonyms: Pseudonyms, *, content_shown: bool
    ) -> None:
        self._recording = recording
        self._calendars = calendars
        self._pseudonyms = pseudonyms
        self._content_shown = content_shown

    def message(self, message: discord.Message) -> MessageSent | None:
        """Activity of a message; None if it is a bot's, a webhook's or Discord's own."""
        if message.guild is None or message.author.bot or message.webhook_id is not None:
            return None
        if message.type not in MEMBERS_TYPES:
            return None
        flags = message_flags(message, content_shown=self._content_shown)
        return self.sent(message.guild, place_of(message.channel), message.author.id, message.id, flags)

    def sent(
        self, guild: discord.Guild, place: Place, author_id: int, message_id: int, flags: int
    ) -> MessageSent:
        """Activity of a member's message."""
        at = (message_id >> 22) + DISCORD_EPOCH_MS
        zone, day, hour = self._calendars.label(guild.id, at)
        return MessageSent(
            guild=guild.id,
            channel=place.channel,
            thread=place.thread,
            kind=place.kind,
            member=self._pseudonyms.of(guild.id, author_id),
            id=message_id,
            session=self._recording.sessions.of(guild.shard_id, place.channel, place.thread),
            at=at,
            zone=zone,
            day=day,
            hour=hour,
            flags=flags,
        )


class MessageListener(commands.Cog):
    """Records members' messages in channels and threads."""

    def __init__(self, recording: Recording, translator: Translator) -> None:
        self._recording = recording
        self._translator = translator

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Record a message that a member wrote."""
        try:
            sent = self._translator.message(message)
        except Exception:
            self._recording.sessions.interrupt()  # history is to find it
            raise
        if sent is not None:
            self._recording.record(sent)


def message_flags(message: discord.Message, *, content_shown: bool) -> int:
    """What a message carries. Without the content intent Discord hides files, embeds and polls."""
    flags = 0
    if message.reference is not None:
        forwarded = message.reference.type is discord.MessageReferenceType.forward
        flags |= (MessageFlag.FORWARD if forwarded else MessageFlag.REPLY).value
    if message.stickers:
        flags |= MessageFlag.STICKERS.value
    if not content_shown:
        return flags | MessageFlag.CONTENT_UNKNOWN.value
    if message.attachments:
        flags |= MessageFlag.FILES.value
    if message.embeds:
        flags |= MessageFlag.EMBEDS.value
    if message.poll is not None:
        flags |= MessageFlag.POLL.value
    return flags


def place_of(channel: "discord.abc.MessageableChannel | discord.abc.GuildChannel") -> Place:
    """Where a message in a channel or thread counts."""
    if isinstance(channel, discord.Thread):
        parent = channel.parent
        return Place(channel.parent_id, channel.id, ChannelKind.TEXT if parent is None else kind_of(parent))
    return Place(channel.id, 0, kind_of(channel))
