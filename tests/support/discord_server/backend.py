"""What the REST routes share: the world, the gateway that hears of changes, and open interactions."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.support.discord_server import message_payloads
from tests.support.discord_server.messages import EPHEMERAL, FakeMessage
from tests.support.discord_server.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiohttp import web

    from tests.support.discord_server.exchange import Exchange, SentFile
    from tests.support.discord_server.gateway import Gateway
    from tests.support.discord_server.messages import StoredMessage
    from tests.support.discord_server.model import FakeChannel, FakeGuild, FakeMember, FakeUser, World
    from tests.support.discord_server.payloads import Json

_CONTENT_FLAGS = 1 << 18 | 1 << 19


class ApiError(Exception):
    """An answer other than success, with Discord's own code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass(slots=True, eq=False)
class Backend:
    """The state behind the routes."""

    world: World
    gateway: Gateway
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    # Registered commands, by server (None: everywhere).
    commands: dict[int | None, list[Json]] = field(default_factory=dict)

    @property
    def content(self) -> bool:
        """Whether the application may read message content over REST."""
        return bool(self.world.application_flags & _CONTENT_FLAGS)

    def channel(self, request: web.Request, *, needs: int = 0) -> FakeChannel:
        """Return the channel a path names, if the bot sees it and has what is needed.

        Raises ApiError as Discord answers: unknown, no access, no permission.
        """
        found = self.world.channels.get(number(request, "channel_id"))
        if found is None:
            raise ApiError(404, 10003, "Unknown Channel")
        if not found.bot_permissions & Permission.VIEW_CHANNEL:
            raise ApiError(403, 50001, "Missing Access")
        if needs & ~found.bot_permissions:
            raise ApiError(403, 50013, "Missing Permissions")
        return found

    def guild(self, request: web.Request) -> FakeGuild:
        """Return the server a path names. Raises ApiError if the bot is in none of that id."""
        found = self.world.guilds.get(number(request, "guild_id"))
        if found is None:
            raise ApiError(404, 10004, "Unknown Guild")
        return found

    def command_id(self, guild: FakeGuild | None, name: str) -> int:
        """Return the id under which a command is registered, or a new one if none was."""
        own = [] if guild is None else self.commands.get(guild.id, [])
        for command in [*own, *self.commands.get(None, [])]:
            if command["name"] == name:
                return int(command["id"])
        return self.world.ids.next()

    def announce(self, message: FakeMessage, event: str = "MESSAGE_CREATE") -> None:
        """Tell the gateway of a message, where the bot sees its channel."""
        if not message.channel.bot_permissions & Permission.VIEW_CHANNEL:
            return
        full, hidden = (
            message_payloads.with_guild(message, message.payload(content=shown)) for shown in (True, False)
        )
        self.gateway.dispatch(event, full, guild=message.channel.guild, hidden=hidden)

    def post(
        self, channel: FakeChannel, data: Json, files: Sequence[SentFile], *, message_type: int = 0
    ) -> FakeMessage:
        """Make the bot's message out of what it sent; an ephemeral one is kept nowhere and told to no one."""
        guild = channel.guild
        author: FakeMember | FakeUser = guild.me if guild is not None and guild.has_bot else self.world.bot
        made = FakeMessage(
            self.world.ids.next(), channel, author, message_type=message_type, flags=data.get("flags") or 0
        )
        self.revise(made, data, files)
        if not made.flags & EPHEMERAL:
            channel.history.add(made)
            self.announce(made)
        return made

    def revise(self, message: FakeMessage, data: Json, files: Sequence[SentFile]) -> None:
        """Take over what a create or an edit says about a message."""
        message.content = data.get("content", message.content) or ""
        message.embeds = [{"type": "rich", **each} for each in data.get("embeds", message.embeds) or []]
        message.components = data.get("components", message.components) or []
        if "attachments" in data or files:
            kept = [each for each in message.attachments if _is_kept(each, data)]
            message.attachments = [*kept, *(self._attachment(sent) for sent in files)]

    def edit(self, message: FakeMessage, data: Json, files: Sequence[SentFile], *, stamp: str) -> None:
        """Change a message that is there and tell the gateway."""
        self.revise(message, data, files)
        message.edited_timestamp = stamp
        if not message.flags & EPHEMERAL:
            self.announce(message, "MESSAGE_UPDATE")

    def delete(self, channel: FakeChannel, message_id: int) -> bool:
        """Remove a message and tell the gateway; False if there was none."""
        if not channel.history.remove(message_id):
            return False
        body: Json = {"id": str(message_id), "channel_id": str(channel.id)}
        if channel.guild is not None:
            body["guild_id"] = str(channel.guild.id)
        self.gateway.dispatch("MESSAGE_DELETE", body, guild=channel.guild)
        return True

    def shown(self, message: StoredMessage) -> Json:
        """Return a message as REST shows it to this application."""
        return message.payload(content=self.content)

    def _attachment(self, sent: SentFile) -> Json:
        at = self.world.ids.next()
        url = f"https://cdn.invalid/attachments/{at}/{sent.name}"
        return {
            "id": str(at),
            "filename": sent.name,
            "size": len(sent.data),
            "content_type": sent.content_type,
            "url": url,
            "proxy_url": url,
        }


def _is_kept(attachment: Json, data: Json) -> bool:
    if "attachments" not in data:
        return True
    return any(str(each.get("id")) == attachment["id"] for each in data["attachments"] or [])


def number(request: web.Request, name: str) -> int:
    """Return a snowflake of the path. Raises ApiError for anything else."""
    text = request.match_info[name]
    if not text.isdecimal():
        raise ApiError(400, 50035, f"{name} is not a snowflake")
    return int(text)


def query_number(request: web.Request, name: str) -> int | None:
    """Return a number of the query, None if it is not there. Raises ApiError for anything else."""
    text = request.query.get(name)
    if text is None:
        return None
    if not text.isdecimal():
        raise ApiError(400, 50035, f"{name} is not a number")
    return int(text)


def query_limit(request: web.Request, *, default: int, most: int) -> int:
    """Return the `limit` of the query. Raises ApiError outside of 1 to `most`."""
    limit = query_number(request, "limit")
    if limit is None:
        return default
    if not 1 <= limit <= most:
        raise ApiError(400, 50035, f"limit lies between 1 and {most}")
    return limit


def elapsed(exchange: Exchange) -> float:
    """Return the seconds since an interaction was sent."""
    return time.perf_counter() - exchange.started
