"""Messages: who wrote where and when, with what flags. What was written is never looked at."""

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


class MessageListener(commands.Cog):
    """Records members' messages in channels and threads."""

    def __init__(
        self, recording: Recording, calendars: Calendars, pseudonyms: Pseudonyms, *, content_shown: bool
    ) -> None:
        self._recording = recording
        self._calendars = calendars
        self._pseudonyms = pseudonyms
        self._content_shown = content_shown

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Record a message, unless it is a bot's, a webhook's or Discord's own."""
        if message.guild is None or message.author.bot or message.webhook_id is not None:
            return
        if message.type not in MEMBERS_TYPES:
            return
        self._recording.record(self._translate(message, message.guild))

    def _translate(self, message: discord.Message, guild: discord.Guild) -> MessageSent:
        channel, thread, kind = _place(message.channel)
        at = (message.id >> 22) + DISCORD_EPOCH_MS
        zone, day, hour = self._calendars.label(guild.id, at)
        return MessageSent(
            guild=guild.id,
            channel=channel,
            thread=thread,
            kind=kind,
            member=self._pseudonyms.of(guild.id, message.author.id),
            id=message.id,
            session=self._recording.sessions.of(guild.shard_id),
            at=at,
            zone=zone,
            day=day,
            hour=hour,
            flags=message_flags(message, content_shown=self._content_shown),
        )


def message_flags(message: discord.Message, *, content_shown: bool) -> int:
    """What a message carries. Without the content intent Discord empties all but replies and forwards."""
    flags = 0
    if message.reference is not None:
        forwarded = message.reference.type is discord.MessageReferenceType.forward
        flags |= (MessageFlag.FORWARD if forwarded else MessageFlag.REPLY).value
    if not content_shown:
        return flags | MessageFlag.CONTENT_UNKNOWN.value
    if message.attachments:
        flags |= MessageFlag.FILES.value
    if message.embeds:
        flags |= MessageFlag.EMBEDS.value
    if message.stickers:
        flags |= MessageFlag.STICKERS.value
    if message.poll is not None:
        flags |= MessageFlag.POLL.value
    return flags


def _place(channel: "discord.abc.MessageableChannel") -> tuple[int, int, ChannelKind]:
    """Channel that a message counts for, its thread (0: none), and the channel's type."""
    if isinstance(channel, discord.Thread):
        parent = channel.parent
        return channel.parent_id, channel.id, ChannelKind.TEXT if parent is None else kind_of(parent)
    return channel.id, 0, kind_of(channel)
