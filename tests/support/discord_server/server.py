"""The fake Discord as a test holds it: start it, let members do things, break it, read what the bot did."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import TYPE_CHECKING, Self, Unpack

from aiohttp import web

from tests.support.discord_server import interactions, payloads
from tests.support.discord_server.backend import Backend
from tests.support.discord_server.exchange import Exchange
from tests.support.discord_server.faults import Rules
from tests.support.discord_server.gateway import Gateway
from tests.support.discord_server.load import Flood, TemplateMessage, make_templates
from tests.support.discord_server.messages import FakeMessage, MessageFields
from tests.support.discord_server.model import FakeVoice
from tests.support.discord_server.records import Records
from tests.support.discord_server.rest import GATEWAY, application

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from tests.support.discord_server.interactions import OptionValue
    from tests.support.discord_server.messages import StoredMessage
    from tests.support.discord_server.model import FakeChannel, FakeGuild, FakeMember, FakeUser, World
    from tests.support.discord_server.payloads import Json

_SHUTDOWN = 1.0


class DiscordServer:
    """A fake Discord on 127.0.0.1; `async with` starts and ends it.

    `gateway` and `rules` break things, `records` tells what was seen, `world` is what there is.
    """

    def __init__(self, world: World, *, port: int = 0) -> None:
        self.world = world
        self.records = Records()
        self.rules = Rules()
        self.gateway = Gateway(world, self.records)
        self.backend = Backend(world, self.gateway)
        self._port = port
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = application(self.backend, self.rules, self.records)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        self.gateway.url = f"ws://127.0.0.1:{self._port}{GATEWAY}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gateway.drop()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        """What `point_discord_at` wants."""
        return f"http://127.0.0.1:{self._port}"

    async def connected(self, shards: int = 1, *, timeout: float = 5.0) -> None:  # noqa: ASYNC109 - tests pass it
        """Wait until so many sessions have a connection. Raises TimeoutError."""
        sessions = self.gateway.sessions.values()
        await self.records.until(
            lambda: sum(1 for each in sessions if each.outlet is not None) >= shards, timeout=timeout
        )

    async def send_message(
        self, channel: FakeChannel, author: FakeMember | FakeUser, **fields: Unpack[MessageFields]
    ) -> FakeMessage:
        """Let someone write a message: into the history and over the gateway."""
        made = self.world.message(channel, author, **fields)
        self.backend.announce(made)
        await asyncio.sleep(0)
        return made

    async def redeliver(self, message: StoredMessage) -> None:
        """Send a message's MESSAGE_CREATE once more, under a new sequence number."""
        match message:
            case FakeMessage():
                self.backend.announce(message)
            case TemplateMessage(template=template):
                again = FakeMessage(message.id, template.channel, template.author, template.content)
                self.backend.announce(again)
            case _:
                raise TypeError(f"Nothing is known of how to send a {type(message).__name__} again.")
        await asyncio.sleep(0)

    async def dispatch(self, guild: FakeGuild | None, event: str, data: Json) -> None:
        """Send any event to the sessions of a server's shard (None: direct messages, shard 0)."""
        self.gateway.dispatch(event, data, guild=guild)
        await asyncio.sleep(0)

    async def lose_guild(self, guild: FakeGuild, *, removed: bool = False) -> None:
        """Let a server be unavailable for a while, or (`removed`) the bot be sent away."""
        gone: Json = {"id": str(guild.id)} if removed else {"id": str(guild.id), "unavailable": True}
        await self.dispatch(guild, "GUILD_DELETE", gone)

    async def show_guild(self, guild: FakeGuild, *, invited: bool = False) -> None:
        """Let a server be available again, or (`invited`) the bot be added to it."""
        made = payloads.guild_create(guild, large_threshold=50, presences=False)
        await self.dispatch(guild, "GUILD_CREATE", made if invited else {**made, "unavailable": False})

    async def join(self, guild: FakeGuild, name: str, *, told: bool = True) -> FakeMember:
        """Let somebody join, or join again."""
        member = guild.member(name)
        if told:
            body = payloads.member(member) | {"guild_id": str(guild.id)}
            await self.dispatch(guild, "GUILD_MEMBER_ADD", body)
        return member

    async def leave(self, member: FakeMember, *, told: bool = True) -> None:
        """Let a member leave, or be sent away."""
        del member.guild.members[member.id]
        if told:
            body = {"guild_id": str(member.guild.id), "user": payloads.user(member.user)}
            await self.dispatch(member.guild, "GUILD_MEMBER_REMOVE", body)

    async def move_voice(self, member: FakeMember, channel: FakeChannel | None) -> None:
        """Let a member join, change or (None) leave a voice channel."""
        guild = member.guild
        stay = guild.voice.get(member.id)
        if channel is None:
            if stay is None:
                return
            del guild.voice[member.id]
            body = payloads.voice_state(stay, channel_id=None)
        else:
            session_id = secrets.token_hex(16) if stay is None else stay.session_id
            guild.voice[member.id] = FakeVoice(member, channel, session_id)
            body = payloads.voice_state(guild.voice[member.id], channel_id=channel.id)
        await self.dispatch(guild, "VOICE_STATE_UPDATE", body)

    async def slash(
        self,
        channel: FakeChannel,
        member: FakeMember | FakeUser,
        *path: str,
        options: Mapping[str, OptionValue] | None = None,
        timeout: float = 15.0,  # noqa: ASYNC109 - tests pass it
    ) -> Exchange:
        """Let a member use `/path`; return once the user sees an answer that is not "is thinking".

        Raises TimeoutError if no callback comes in three seconds, or nothing follows a deferral in `timeout`.
        """
        command_id = self.backend.command_id(_guild_of(member), path[0])
        data = interactions.slash_data(command_id, path, options or {})
        exchange = await self.interact(channel, member, interactions.COMMAND, data)
        await exchange.completed(timeout)
        return exchange

    async def interact(
        self,
        channel: FakeChannel,
        member: FakeMember | FakeUser,
        request_type: int,
        data: Json,
        *,
        message: FakeMessage | None = None,
    ) -> Exchange:
        """Send any interaction and wait for its callback; a component's needs the `message` it stands on.

        A user's, not a member's, comes from a direct message.
        Raises TimeoutError if no callback comes in three seconds.
        """
        token, at = secrets.token_urlsafe(32), self.world.ids.next()
        exchange = Exchange(at, token, request_type, channel, member, time.perf_counter())
        self.backend.exchanges[token] = exchange
        body = interactions.interaction(exchange, self.world.bot.id, data)
        if message is not None:
            exchange.original = exchange.messages[message.id] = message
            body["message"] = message.payload(content=True)
        guild = _guild_of(member)
        shard = guild if guild is not None and guild.has_bot else None
        self.gateway.dispatch("INTERACTION_CREATE", body, guild=shard)
        await exchange.answered()
        return exchange

    def flood(self, *, variety: int = 2000, seed: int = 0, keep: bool = True) -> Flood:
        """Return a flood over all servers' text channels; its `run` sends it."""
        return Flood(self.world, self.gateway, make_templates(self.world, variety=variety, seed=seed), keep)


def _guild_of(member: FakeMember | FakeUser) -> FakeGuild | None:
    membership = member.membership
    return None if membership is None else membership.guild
