"""Threads and forum posts: what they look like when they come, change or are listed, and who joins."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

import discord
from discord.ext import commands

from bot.client import ServerstatsClient
from bot.ingest.activities.threads import ThreadDeleted, ThreadJoined, ThreadSeen
from bot.ingest.calendars import Calendars
from bot.privacy.gate import Gate
from bot.privacy.pseudonym import Pseudonyms
from bot.services import Services
from cogs.listeners.bots import is_bot
from cogs.listeners.channel_kinds import kind_of
from cogs.listeners.messages import DISCORD_EPOCH_MS, place_of

SOLVED_TAGS = frozenset({"solved", "resolved", "answered"})
"""Names of forum tags that say that a post is solved, in lower case and without emoji and marks."""
AT_ONCE = 50
"""Threads of a list that are recorded before others have their turn."""
_MS_PER_MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class _Picture:
    """What a thread looks like, as Discord says it."""

    channel: int
    thread: int
    owner: int
    last: int | None
    tags: Collection[int]
    archived: bool
    locked: bool
    changed: datetime
    idle_minutes: int


class ThreadTranslator:
    """Makes activities of what Discord says of threads."""

    def __init__(
        self, calendars: Calendars, pseudonyms: Pseudonyms, gate: Gate, now_ms: Callable[[], int]
    ) -> None:
        self._calendars = calendars
        self._pseudonyms = pseudonyms
        self._gate = gate
        self._now_ms = now_ms

    def seen(self, thread: discord.Thread, *, live: bool) -> ThreadSeen:
        """Activity of a thread as it is known."""
        picture = _Picture(
            channel=thread.parent_id,
            thread=thread.id,
            owner=thread.owner_id,
            last=thread.last_message_id,
            tags=[tag.id for tag in thread.applied_tags],
            archived=thread.archived,
            locked=thread.locked,
            changed=thread.archive_timestamp,
            idle_minutes=thread.auto_archive_duration,
        )
        return self._seen(thread.guild, picture, live=live)

    def updated(self, guild: discord.Guild, event: discord.RawThreadUpdateEvent) -> ThreadSeen:
        """Activity of an update, be it of a thread that was archived and forgotten."""
        data = event.data
        state = data["thread_metadata"]
        lasts = (data.get("last_message_id"), None if event.thread is None else event.thread.last_message_id)
        picture = _Picture(
            channel=event.parent_id,
            thread=event.thread_id,
            owner=int(data["owner_id"]),
            last=max((int(last) for last in lasts if last is not None), default=None),
            tags=[int(tag) for tag in data.get("applied_tags") or ()],
            archived=state["archived"],
            locked=state.get("locked", False),
            changed=datetime.fromisoformat(state["archive_timestamp"]),
            idle_minutes=state["auto_archive_duration"],
        )
        return self._seen(guild, picture, live=True)

    def joined(self, thread: discord.Thread, user_id: int) -> ThreadJoined | None:
        """Activity of a member who joined a thread; None if it may not be counted."""
        guild, at = thread.guild, self._now_ms()
        place = place_of(thread)
        member = self._pseudonyms.of(guild.id, user_id)
        if not self._gate.counts(guild.id, place.channel, place.thread, member):
            return None
        return ThreadJoined(
            guild.id,
            place.channel,
            place.thread,
            place.kind,
            member,
            self._pseudonyms.of_joining(guild.id, thread.id, user_id),
            at,
            *self._calendars.label(guild.id, at),
        )

    def deleted(self, guild: discord.Guild, channel: int, thread: int) -> ThreadDeleted:
        """Activity of a thread that was deleted."""
        at = self._now_ms()
        kind = kind_of(guild.get_channel(channel))
        return ThreadDeleted(guild.id, channel, thread, kind, at, *self._calendars.label(guild.id, at))

    def _seen(self, guild: discord.Guild, picture: _Picture, *, live: bool) -> ThreadSeen:
        parent = guild.get_channel(picture.channel)
        at = self._now_ms()
        created = (picture.thread >> 22) + DISCORD_EPOCH_MS
        changed = round(picture.changed.timestamp() * 1000)
        return ThreadSeen(
            guild=guild.id,
            channel=picture.channel,
            thread=picture.thread,
            kind=kind_of(parent),
            creator=self._creator(guild, picture),
            live=live,
            archived=picture.archived,
            locked=picture.locked,
            tagged=_says_solved(parent, picture.tags),
            created=created,
            changed=changed,
            last=0 if picture.last is None else (picture.last >> 22) + DISCORD_EPOCH_MS,
            idle=picture.idle_minutes * _MS_PER_MINUTE,
            at=at,
            created_label=self._calendars.label(guild.id, created),
            changed_label=self._calendars.label(guild.id, changed),
            label=self._calendars.label(guild.id, at),
        )

    def _creator(self, guild: discord.Guild, picture: _Picture) -> int:
        """Who began a thread, if that may be counted: its id tells when that was."""
        if not picture.owner or is_bot(guild, picture.owner):
            return 0
        creator = self._pseudonyms.of(guild.id, picture.owner)
        counts = self._gate.counts(guild.id, picture.channel, picture.thread, creator, picture.thread)
        return creator if counts else 0


class ThreadListener(commands.Cog):
    """Records threads that come, change, go, and whom they gain."""

    def __init__(self, client: ServerstatsClient, translator: ThreadTranslator) -> None:
        self._client = client
        self._record = client.services.recording.record
        self._translator = translator

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Discord sent a server's active threads."""
        await self._list(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was added to a server."""
        await self._list(guild)

    @commands.Cog.listener()
    async def on_thread_create(self, thread: discord.Thread) -> None:
        """A thread was begun."""
        self._record(self._translator.seen(thread, live=True))

    @commands.Cog.listener()
    async def on_thread_join(self, thread: discord.Thread) -> None:
        """A thread came into sight."""
        self._record(self._translator.seen(thread, live=False))

    @commands.Cog.listener()
    async def on_raw_thread_update(self, event: discord.RawThreadUpdateEvent) -> None:
        """A thread was archived, opened, locked, tagged or otherwise changed."""
        guild = self._client.get_guild(event.guild_id)
        if guild is not None:
            self._record(self._translator.updated(guild, event))

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """A thread was deleted."""
        guild = self._client.get_guild(event.guild_id)
        if guild is not None:
            self._record(self._translator.deleted(guild, event.parent_id, event.thread_id))

    @commands.Cog.listener()
    async def on_thread_member_join(self, member: discord.ThreadMember) -> None:
        """A member joined a thread; without the members intent Discord says so only of the bot."""
        if is_bot(member.thread.guild, member.id):
            return
        joined = self._translator.joined(member.thread, member.id)
        if joined is not None:
            self._record(joined)

    async def _list(self, guild: discord.Guild) -> None:
        """Record all active threads, up to a thousand, and let other events in between."""
        for number, thread in enumerate(list(guild.threads), 1):
            try:
                self._record(self._translator.seen(thread, live=False))
            except Exception as error:  # noqa: BLE001 - one strange thread keeps no other from being listed
                self._client.guard.lost("THREAD_UPDATE", {"id": str(thread.id)}, error)
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)


def thread_translator(services: Services) -> ThreadTranslator:
    """A translator that works with the services' clock, calendars and pseudonyms."""
    return ThreadTranslator(services.calendars, services.pseudonyms, services.gate, services.clock.now_ms)


def _says_solved(parent: object, tags: Collection[int]) -> bool:
    if not isinstance(parent, discord.ForumChannel):
        return False
    return any(tag.id in tags and _plain(tag.name) in SOLVED_TAGS for tag in parent.available_tags)


def _plain(name: str) -> str:
    return "".join(each for each in name.casefold() if each.isalnum() or each == " ").strip()
