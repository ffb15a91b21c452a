"""Messages: who wrote where and when, with what flags.

What was written is looked at for its sentiment alone, and only where an admin has switched that on.
"""

from collections.abc import Iterable
from typing import NamedTuple

import discord

from bot.client import ServerstatsClient
from bot.ingest.activities.messages import ChannelKind, MessageFlag, MessageSent
from bot.ingest.calendars import Calendars
from bot.privacy.gate import Gate
from bot.privacy.pseudonym import Pseudonyms
from bot.privacy.rules import Writer
from bot.sentiment.switch import Sentiment
from bot.services import Recording
from cogs.listeners.channel_kinds import kind_of
from cogs.listeners.lost_events import break_off
from cogs.listeners.places import Places, Somewhere

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

    def __init__(  # noqa: PLR0913 - one argument a thing that it needs
        self,
        recording: Recording,
        calendars: Calendars,
        pseudonyms: Pseudonyms,
        gate: Gate,
        sentiment: Sentiment,
        *,
        content_shown: bool,
    ) -> None:
        self.gate = gate
        self._sentiment = sentiment
        self._recording = recording
        self._calendars = calendars
        self._pseudonyms = pseudonyms
        self._content_shown = content_shown

    def message(self, message: discord.Message, roles: Iterable[int] | None = None) -> MessageSent | None:
        """Activity of a message; None if it may not be counted.

        ``roles`` are the author's, where the message does not name them.
        """
        if message.guild is None:
            return None
        if not self.gate.counts_writer(message.guild.id, writer_of(message), message.id):
            return None
        if roles is None and isinstance(message.author, discord.Member):
            roles = [role.id for role in message.author.roles]
        return self.sent(
            message.guild,
            place_of(message.channel),
            message.author.id,
            message.id,
            message_flags(message, content_shown=self._content_shown),
            message.content,
            roles or (),
        )

    def sent(  # noqa: PLR0913, PLR0917 - called for every message, without an object in between
        self,
        guild: discord.Guild,
        place: Place,
        author_id: int,
        message_id: int,
        flags: int,
        text: str,
        roles: Iterable[int] = (),
    ) -> MessageSent | None:
        """Activity of a message; None if it may not be counted for where it is, who wrote it, or when."""
        member = self._pseudonyms.of(guild.id, author_id)
        if not self.gate.counts(guild.id, place.channel, place.thread, member, message_id, roles):
            return None
        at = (message_id >> 22) + DISCORD_EPOCH_MS
        zone, day, hour = self._calendars.label(guild.id, at)
        return MessageSent(
            guild=guild.id,
            channel=place.channel,
            thread=place.thread,
            kind=place.kind,
            member=member,
            id=message_id,
            session=self._recording.sessions.of(guild.shard_id, guild.id, place.channel, place.thread),
            at=at,
            zone=zone,
            day=day,
            hour=hour,
            flags=flags,
            sentiment=self._sentiment.of(guild.id, message_id, text),
        )


class MessageListener:
    """Records members' messages in channels and threads, as discord.py reads them."""

    def __init__(self, recording: Recording, translator: Translator, places: Places) -> None:
        self._recording = recording
        self._translator = translator
        self._places = places

    def install(self, client: ServerstatsClient) -> None:
        """Begin to listen, at once: a message belongs to the session in which it came."""
        client.hear_at_once("message", self._heard)

    def _heard(self, message: discord.Message) -> None:
        channel = message.channel
        if isinstance(channel, discord.PartialMessageable):
            self._later(message, channel)
            return
        try:
            sent = self._translator.message(message)
        except Exception:
            break_off(self._recording.sessions, message.channel.id)  # history is to find it
            raise
        if sent is not None:
            self._recording.record(sent)

    def _later(self, message: discord.Message, channel: discord.PartialMessageable) -> None:
        """Record a message once it is known where it is."""

        def read(found: Somewhere) -> MessageSent | None:
            message.channel = found  # type: ignore[assignment] # a place that messages come from
            return self._translator.message(message)

        if channel.guild_id is not None:
            self._places.message(channel.guild_id, channel.id, read)


def writer_of(message: discord.Message) -> Writer:
    """Who wrote a message: a member, a bot (also one that answers a command), a webhook, or Discord."""
    if message.type not in MEMBERS_TYPES:
        return Writer.SYSTEM
    if message.webhook_id is not None and message.application_id is None:
        return Writer.WEBHOOK
    return Writer.BOT if message.author.bot or message.webhook_id is not None else Writer.MEMBER


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
    """Where a message in a channel or thread counts. Raises TypeError for one that is not known yet."""
    if isinstance(channel, discord.Thread):
        parent = channel.parent
        return Place(channel.parent_id, channel.id, ChannelKind.TEXT if parent is None else kind_of(parent))
    if isinstance(channel, discord.abc.GuildChannel):
        return Place(channel.id, 0, kind_of(channel))
    raise TypeError(f"nothing counts for a {type(channel).__name__}")
