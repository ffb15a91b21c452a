"""Edits, deletions and link previews, from raw events: messages are not kept in memory."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import discord
from discord.ext import commands

from bot.client import ServerstatsClient
from bot.ingest.activities.message_changes import MessageDeleted, MessageEdited, PreviewShown
from bot.ingest.books.message_changes import NEWS_MS
from bot.ingest.folds.message_changes import FIRST_OF_BULK
from cogs.listeners.messages import DISCORD_EPOCH_MS, MEMBERS_TYPES, Place, place_of
from cogs.listeners.places import Places

_TYPES = frozenset(kind.value for kind in MEMBERS_TYPES)


class MessageChanges:
    """Makes activities of what Discord says of a changed or deleted message."""

    def __init__(self, client: ServerstatsClient, places: Places) -> None:
        services = client.services
        self._client = client
        self._places = places
        self._record = services.recording.record
        self._clock = services.clock
        self._calendars = services.calendars
        self._pseudonyms = services.pseudonyms
        self._gate = services.gate

    def updated(self, data: Mapping[str, Any]) -> None:
        """Record what an update of a member's message says that is news: an edit, or a preview.

        Discord repeats both with every later update (a pin, a thread on the message): what is old is no news.
        """
        author = data.get("author")
        if author is None or author.get("bot") or data.get("webhook_id") is not None:
            return
        if data.get("type") not in _TYPES:
            return
        edited, embeds = data.get("edited_timestamp"), data.get("embeds")
        if not edited and not embeds:
            return
        guild = self._client.get_guild(int(data.get("guild_id", 0)))
        if guild is None:
            return
        now = self._clock.now_ms()
        self._places.at(
            guild, int(data["channel_id"]), lambda channel: self._update(guild, place_of(channel), data, now)
        )

    def _update(self, guild: discord.Guild, place: Place, data: Mapping[str, Any], now: int) -> None:
        author, message = data["author"], int(data["id"])
        edited, embeds = data.get("edited_timestamp"), data.get("embeds")
        member = self._pseudonyms.of(guild.id, int(author["id"]))
        if not self._gate.counts_begun(guild.id, member, message) or not self._in_place(
            guild, place, message
        ):
            return
        if edited:
            edited_ms = round(datetime.fromisoformat(edited).timestamp() * 1000)
            if now - edited_ms < NEWS_MS:
                label = self._calendars.label(guild.id, edited_ms)
                self._record(
                    MessageEdited(
                        guild.id, place.channel, place.kind, member, message, edited_ms, now, *label
                    )
                )
        sent = (message >> 22) + DISCORD_EPOCH_MS
        if embeds and now - sent < NEWS_MS:
            label = self._calendars.label(guild.id, sent)
            self._record(PreviewShown(guild.id, place.channel, place.kind, message, sent, *label))

    def deleted(self, guild_id: int | None, channel_id: int, messages: set[int], *, bulk: bool) -> None:
        """Record deletions, of whomever the messages were."""
        guild = None if guild_id is None else self._client.get_guild(guild_id)
        if guild is None:
            return
        now = self._clock.now_ms()
        self._places.at(
            guild,
            channel_id,
            lambda channel: self._delete(guild, place_of(channel), messages, now, bulk=bulk),
        )

    def _delete(
        self, guild: discord.Guild, place: Place, messages: set[int], now: int, *, bulk: bool
    ) -> None:
        label = self._calendars.label(guild.id, now)
        for number, message in enumerate(sorted(messages)):
            together = (1 if number else FIRST_OF_BULK) if bulk else 0
            if self._in_place(guild, place, message):
                self._record(
                    MessageDeleted(guild.id, place.channel, place.kind, message, together, now, *label)
                )

    def _in_place(self, guild: discord.Guild, place: Place, message: int) -> bool:
        """Whether the channel was counted when a message was sent, and is now."""
        where = (guild.id, place.channel, place.thread)
        return self._gate.counts_place(*where, message) and self._gate.counts_place(*where)


class MessageChangeListener(commands.Cog):
    """Hears of changes; of members' updates only where ``RawUpdates`` does not stand before discord.py."""

    def __init__(self, changes: MessageChanges) -> None:
        self._changes = changes

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """A message was changed, or got a preview."""
        self._changes.updated(event.data)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """A message was deleted."""
        self._changes.deleted(event.guild_id, event.channel_id, {event.message_id}, bulk=False)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Several messages were deleted at once."""
        self._changes.deleted(event.guild_id, event.channel_id, event.message_ids, bulk=True)
