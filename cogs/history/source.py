"""Discord's history as the worker asks for it: pages of messages and of archived threads."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import aiohttp
import discord
import msgspec

from bot.client import ServerstatsClient
from bot.history.source import (
    PAGE_SIZE,
    Archive,
    ArchivedThreads,
    BusyError,
    GoneError,
    NotAllowedError,
    Page,
    Place,
)
from bot.turns import Turns
from cogs.listeners.messages import Translator
from cogs.listeners.threads import ThreadTranslator

Readable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
Threaded = discord.TextChannel | discord.ForumChannel

_UNKNOWN_CHANNEL = 10003
_TOO_MANY = 429


class DiscordHistory:
    """See ``bot.history.source.HistorySource``."""

    def __init__(self, client: ServerstatsClient, translator: Translator, threads: ThreadTranslator) -> None:
        self._client = client
        self._translator = translator
        self._threads = threads
        self._record = client.services.recording.record
        self._sessions = client.services.recording.sessions

    def places(self, guild: int) -> list[Place]:
        """Channels and active threads of a server."""
        found = self._client.get_guild(guild)
        if found is None or found.unavailable:
            return []
        return [
            _place(channel)
            for channel in (*found.channels, *found.threads)
            if isinstance(channel, Readable | discord.ForumChannel)
        ]

    def session(self, place: Place) -> int:
        """Gateway session to which live messages of the place belong now."""
        guild = self._client.get_guild(place.guild)
        shard = 0 if guild is None else guild.shard_id
        if place.parent:
            return self._sessions.of(shard, place.guild, place.parent, place.id)
        return self._sessions.of(shard, place.guild, place.id)

    def readable(self, place: Place) -> bool:
        """Whether present permissions show the place's history."""
        channel, permissions = self._permissions(place)
        if isinstance(channel, discord.VoiceChannel | discord.StageChannel) and not permissions.connect:
            return False
        if isinstance(channel, discord.Thread) and channel.is_private():
            joined = place.joined or channel.me is not None
            return _open(permissions) and (joined or permissions.manage_threads)
        return _open(permissions)

    def lists_archived(self, place: Place, archive: Archive) -> bool:
        """Whether present permissions show a list of the archived threads of a channel, and it is needed."""
        _, permissions = self._permissions(place)
        if not _open(permissions):
            return False
        return archive is Archive.PUBLIC or permissions.manage_threads == (archive is Archive.PRIVATE)

    async def find(self, guild: int, channel: int) -> Place:
        """A channel or thread, be it archived."""
        server = self._client.get_guild(guild)
        if server is None or server.unavailable:
            raise NotAllowedError("the server is not there now")
        found: object = server.get_channel_or_thread(channel)
        if found is None:
            with said_plainly():
                found = await server.fetch_channel(channel)
        if isinstance(found, Readable | discord.ForumChannel):
            return _place(found)
        raise GoneError("nobody can write there any more")

    async def page(self, place: Place, before: int | None) -> Page:
        """The newest messages, or the newest before an id."""
        channel, _ = self._permissions(place)
        if not isinstance(channel, Readable):
            raise GoneError("nobody can write there any more")
        edge = None if before is None else discord.Object(before)
        with said_plainly():
            messages = [each async for each in channel.history(limit=PAGE_SIZE, before=edge)]
            roles = await self._roles(channel.guild, messages)
        turns, found = Turns(), []
        for each in messages:
            sent = self._translator.message(each, roles.get(each.author.id, ()))
            if sent is not None:
                found.append(msgspec.structs.replace(sent, session=0))
            await turns.give_way()  # where texts are scored, a page takes longer than a turn
        return Page(
            found,
            size=len(messages),
            oldest=min((each.id for each in messages), default=0),
            newest=max((each.id for each in messages), default=0),
        )

    async def archived(self, place: Place, archive: Archive, beginning: int | None) -> ArchivedThreads:
        """A page of a list of a channel's archived threads; each is recorded.

        A list by time goes on before an instant, that of joined threads before a thread's id.
        """
        channel, _ = self._permissions(place)
        joined = archive is Archive.JOINED
        before: datetime | discord.Object | None = None
        if beginning is not None:
            at = discord.Object(beginning)
            before = at if joined else datetime.fromtimestamp(beginning / 1000, UTC)
        with said_plainly():
            if isinstance(channel, discord.TextChannel):
                private = archive is not Archive.PUBLIC
                listed = channel.archived_threads(
                    private=private, joined=joined, limit=PAGE_SIZE, before=before
                )
            elif isinstance(channel, discord.ForumChannel):
                listed = channel.archived_threads(limit=PAGE_SIZE, before=before)
            else:
                raise GoneError("the channel has no threads any more")
            found = [each async for each in listed]
        for each in found:
            self._record(self._threads.seen(each, live=False))
        threads = [(replace(_place(each), joined=joined), _archived_ms(each)) for each in found]
        if len(threads) < PAGE_SIZE:
            return ArchivedThreads(threads)
        last, archived_ms = threads[-1]
        # others may have been archived in the same instant
        return ArchivedThreads(threads, following=last.id if joined else archived_ms + 1)

    async def _roles(
        self, guild: discord.Guild, messages: Sequence[discord.Message]
    ) -> Mapping[int, Sequence[int]]:
        """Present roles of the messages' authors, where any role is excluded; history does not name them."""
        if not messages or not self._translator.gate.excludes_roles(guild.id):
            return {}
        authors = list({each.author.id for each in messages})
        try:
            found = await guild.query_members(user_ids=authors, limit=PAGE_SIZE, cache=False)
        except (discord.ClientException, RuntimeError) as error:  # asked over the gateway, which is gone
            raise BusyError(type(error).__name__) from error
        return {member.id: [role.id for role in member.roles] for member in found}

    def _permissions(self, place: Place) -> tuple[object, discord.Permissions]:
        """The channel as it is now, or as it was found, and what the bot may do in it."""
        guild = self._client.get_guild(place.guild)
        if guild is None or guild.unavailable or guild.me is None:
            return place.handle, discord.Permissions.none()
        channel: object = guild.get_channel_or_thread(place.id) or place.handle
        decides = guild.get_channel(place.parent) if place.parent else channel
        if not isinstance(decides, discord.abc.GuildChannel):
            return channel, discord.Permissions.none()
        return channel, decides.permissions_for(guild.me)


def _open(permissions: discord.Permissions) -> bool:
    return permissions.view_channel and permissions.read_message_history


def _place(channel: Readable | discord.ForumChannel) -> Place:
    return Place(
        guild=channel.guild.id,
        id=channel.id,
        parent=channel.parent_id if isinstance(channel, discord.Thread) else 0,
        latest=None if isinstance(channel, discord.ForumChannel) else channel.last_message_id,
        threads=isinstance(channel, Threaded),
        private_threads=channel.type is discord.ChannelType.text,
        handle=channel,
    )


def _archived_ms(thread: discord.Thread) -> int:
    return int(thread.archive_timestamp.timestamp() * 1000)


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turn what discord.py raises into what the worker knows."""
    try:
        yield
    except discord.NotFound as error:
        if error.code == _UNKNOWN_CHANNEL:
            raise GoneError(str(error)) from error
        raise NotAllowedError(str(error)) from error
    except discord.Forbidden as error:
        raise NotAllowedError(str(error)) from error
    except discord.InvalidData as error:  # of a type that this discord.py does not know, or of another server
        raise NotAllowedError("it is no channel that can be read") from error
    except discord.HTTPException as error:
        # discord.py waits out a usual 429 by itself; one that comes this far is Cloudflare's, or the fifth
        limited = error.status == _TOO_MANY
        raise BusyError(f"HTTP {error.status}", seconds=_retry_after(error), everywhere=limited) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise BusyError(type(error).__name__) from error


def _retry_after(error: discord.HTTPException) -> float | None:
    """Seconds that Discord asks to wait, if it says so in a way that can be read."""
    try:
        return float(error.response.headers.get("Retry-After", ""))
    except ValueError:
        return None
