"""The one place that reaches into discord.py: READY and MESSAGE_CREATE are read as they arrive.

discord.py makes some twenty objects and a task of every message, which is most of what a message costs. Here
its dictionary becomes an activity at once. The first messages are read both ways; should the two ever differ,
or a payload be other than expected, discord.py's way serves from then on.
"""

from collections.abc import Callable, Mapping
from typing import Any

import discord
import structlog

from bot.client import ServerstatsClient
from bot.event_guard import unguarded
from bot.ingest.activities.messages import MessageFlag, MessageSent
from bot.privacy.rules import Writer
from bot.services import Recording
from cogs.listeners.messages import MEMBERS_TYPES, Translator, place_of
from cogs.listeners.places import Places

TRIAL = 20
"""Messages that are read both ways before this one is trusted."""

Payload = dict[str, Any]
Parser = Callable[[Payload], None]

_CREATE, _READY = "MESSAGE_CREATE", "READY"
_TYPES = frozenset(kind.value for kind in MEMBERS_TYPES)
_FORWARD = discord.MessageReferenceType.forward.value
_SHOWN: tuple[tuple[str, int], ...] = (
    ("attachments", MessageFlag.FILES.value),
    ("embeds", MessageFlag.EMBEDS.value),
    ("poll", MessageFlag.POLL.value),
)
_REMEMBERS_LATEST = (discord.TextChannel, discord.VoiceChannel, discord.StageChannel, discord.Thread)

_log = structlog.get_logger(__name__)


class RawGateway:
    """Stands before discord.py's own parsers of two events."""

    def __init__(
        self, client: ServerstatsClient, recording: Recording, translator: Translator, places: Places
    ) -> None:
        self._client = client
        self._places = places
        self._recording = recording
        self._translator = translator
        self._content_shown = client.intents.message_content
        self._on_trial = TRIAL
        self._trusted = True
        self._ready: Parser = _nothing
        self._create: Parser = _nothing

    def install(self) -> bool:
        """Take the place of the parsers; False if this discord.py has them elsewhere."""
        state = self._client._connection  # noqa: SLF001 - the seam that this file is
        parsers = getattr(state, "parsers", None)
        if not isinstance(parsers, dict) or not {_CREATE, _READY} <= parsers.keys():
            _log.warning("this discord.py is unknown: messages are read the slow way")
            return False
        self._ready, self._create = unguarded(parsers[_READY]), unguarded(parsers[_CREATE])
        parsers[_READY], parsers[_CREATE] = self._on_ready, self._on_create
        return True

    def _on_ready(self, data: Payload) -> None:
        """Begin a session at once: a message that follows READY must not be taken for the session before."""
        shard = data.get("shard")
        if shard:
            self._recording.sessions.renew(shard[0])
        else:
            self._recording.sessions.interrupt()
        self._ready(data)

    def _on_create(self, data: Payload) -> None:
        if not self._trusted or self._others_listen():
            self._create(data)
            return
        try:
            channel = self._channel(data)
            if channel is None:
                self._later(data)
                return
            sent = self._read(data, channel)
            if self._on_trial:
                self._on_trial -= 1
                self._compare(sent, channel, data)
        except Exception as error:  # noqa: BLE001 - whatever Discord has changed, discord.py may know it
            self._create(data)  # raises where it does not, either: then this one message is strange
            self._give_up(type(error).__name__)
            return
        if sent is not None:
            self._recording.record(sent)

    def _later(self, data: Payload) -> None:
        """Read a message once it is known where it is; what belongs to no server is nobody's message."""
        if "guild_id" in data:
            self._places.message(
                int(data["guild_id"]), int(data["channel_id"]), lambda channel: self._read(data, channel)
            )

    def _others_listen(self) -> bool:
        """Whether anybody waits for discord.py's message objects."""
        waiting = self._client._listeners  # noqa: SLF001 - the seam that this file is
        return bool(self._client.extra_events.get("on_message")) or "message" in waiting

    def _channel(self, data: Payload) -> discord.abc.GuildChannel | discord.Thread | None:
        """The channel, which then knows its latest message; None if it is not known."""
        guild = self._client.get_guild(int(data.get("guild_id", 0)))
        if guild is None:
            return None
        at = int(data["channel_id"])
        channel = guild.get_channel_or_thread(at) or self._places.find(guild, at)
        if isinstance(channel, _REMEMBERS_LATEST):
            channel.last_message_id = int(data["id"])
        return channel

    def _read(
        self, data: Mapping[str, Any], channel: discord.abc.GuildChannel | discord.Thread
    ) -> MessageSent | None:
        """What ``Translator.message`` makes of the same message."""
        author, message_id, gate = data["author"], int(data["id"]), self._translator.gate
        guild = channel.guild
        if author.get("bot") or data.get("webhook_id") is not None or data["type"] not in _TYPES:
            writer = _writer(data)
            if not gate.counts_writer(guild.id, writer, message_id):
                return None
        roles = _roles(data) if gate.excludes_roles(guild.id) else ()
        return self._translator.sent(
            guild,
            place_of(channel),
            int(author["id"]),
            message_id,
            self._flags(data),
            data["content"],
            roles,
        )

    def _flags(self, data: Mapping[str, Any]) -> int:
        flags = 0
        reference = data.get("message_reference")
        if reference is not None:
            forwarded = reference.get("type") == _FORWARD
            flags = (MessageFlag.FORWARD if forwarded else MessageFlag.REPLY).value
        if data.get("sticker_items"):
            flags |= MessageFlag.STICKERS.value
        if not self._content_shown:
            return flags | MessageFlag.CONTENT_UNKNOWN.value
        for name, flag in _SHOWN:
            if data.get(name):
                flags |= flag
        return flags

    def _compare(
        self,
        sent: MessageSent | None,
        channel: discord.abc.GuildChannel | discord.Thread,
        data: Payload,
    ) -> None:
        """Read the message as discord.py does; raise if that says something else."""
        state = self._client._connection  # noqa: SLF001 - the seam that this file is
        message = discord.Message(state=state, channel=channel, data=data)  # type: ignore[arg-type] # as it does
        if self._translator.message(message) != sent:
            raise ValueError("read otherwise")

    def _give_up(self, why: str) -> None:
        """Hand messages back to discord.py for good."""
        self._trusted = False
        _log.warning("messages look unfamiliar: they are read the slow way", cause=why)


def _writer(data: Mapping[str, Any]) -> Writer:
    """Who wrote a message that is no member's."""
    if data["type"] not in _TYPES:
        return Writer.SYSTEM
    if data.get("webhook_id") is not None and data.get("application_id") is None:
        return Writer.WEBHOOK
    return Writer.BOT


def _roles(data: Mapping[str, Any]) -> list[int]:
    """The author's roles; a webhook and the like has none."""
    return [int(role) for role in data.get("member", {}).get("roles", ())]


def _nothing(_data: Payload) -> None:
    """Stand for a parser before there is one."""
