"""The gateway: sessions over websockets, and the ways in which a test may make them fail."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
from aiohttp import WSMsgType, web

from tests.support.discord_server import gateway_data as wire_data
from tests.support.discord_server import payloads
from tests.support.discord_server.connection import Connection
from tests.support.discord_server.intents import PRESENCES, not_allowed
from tests.support.discord_server.model import shard_of
from tests.support.discord_server.records import Identify, Records, Resume
from tests.support.discord_server.session import Session
from tests.support.discord_server.wire import codec_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.discord_server.model import FakeGuild, World
    from tests.support.discord_server.payloads import Json

UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED, WRONG_TOKEN, TWICE, BAD_SHARD, NOT_ALLOWED = (
    4001,
    4002,
    4003,
    4004,
    4005,
    4010,
    4014,
)


@dataclass(slots=True)
class Behaviour:
    """How the gateway acts; a test changes it at any time."""

    heartbeat_interval: float = 41.25
    acknowledge_heartbeats: bool = True
    accept_resumes: bool = True
    # So many events before the one asked for are replayed as well: redelivery.
    resume_overlap: int = 0
    # Each IDENTIFY is told of every server as GUILD_CREATE, unless a test wants to send them itself.
    send_guilds: bool = True
    replay_limit: int = 50_000
    # Answer the websocket's handshake with this HTTP status instead.
    refuse_status: int | None = None
    holding: bool = False


class _CloseError(Exception):
    """The client broke the protocol: close with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"close {code}")
        self.code = code


@dataclass(slots=True, eq=False)
class Gateway:
    """All sessions and connections of one fake."""

    world: World
    records: Records
    url: str = ""
    behaviour: Behaviour = field(default_factory=Behaviour)
    sessions: dict[str, Session] = field(default_factory=dict)
    connections: set[Connection] = field(default_factory=set)

    @property
    def backlog(self) -> int:
        """Bytes that the slowest client has not taken yet."""
        return max((connection.backlog for connection in self.connections), default=0)

    # --- what the server sends

    def sessions_of(self, guild: FakeGuild | None) -> Iterator[Session]:
        """Yield the sessions that hear of a server; direct messages belong to shard 0."""
        for session in self.sessions.values():
            shard, count = session.shard
            if shard == (0 if guild is None else shard_of(guild, count)):
                yield session

    def dispatch(
        self, event: str, data: Json, *, guild: FakeGuild | None = None, hidden: Json | None = None
    ) -> None:
        """Send an event to every session that is to hear of it.

        Sessions without the content intent get `hidden` where one is given.
        """
        encoded: dict[bool, bytes] = {}
        for session in self.sessions_of(guild):
            if session.wants(event, in_guild=guild is not None):
                full = hidden is None or session.sees_content
                if full not in encoded:
                    encoded[full] = msgspec.json.encode(data if full else hidden)
                session.push(event, encoded[full])

    def hold(self) -> None:
        """Keep every event back until `release`; heartbeats go on being answered."""
        self.behaviour.holding = True
        for connection in self.connections:
            connection.held = True

    def release(self) -> None:
        """Send what was held back, in order."""
        self.behaviour.holding = False
        for connection in self.connections:
            connection.held = False
            if connection.session is not None:
                connection.session.flush()

    def drop(self) -> None:
        """Cut every connection without a close frame; the sessions stay."""
        for connection in tuple(self.connections):
            connection.abort()

    def ask_to_reconnect(self) -> None:
        """Send opcode 7 to everyone."""
        for connection in self.connections:
            connection.write([wire_data.control(wire_data.RECONNECT)])

    def invalidate(self, *, resumable: bool = False) -> None:
        """Send opcode 9 to everyone; sessions that cannot be resumed are forgotten."""
        for connection in self.connections:
            connection.write([wire_data.control(wire_data.INVALID_SESSION, resumable)])
            if connection.session is not None and not resumable:
                self.sessions.pop(connection.session.id, None)

    async def close(self, code: int) -> None:
        """Close every connection with a code."""
        await asyncio.gather(*(connection.close(code) for connection in tuple(self.connections)))

    # --- what the client sends

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket from HELLO to its end."""
        if self.behaviour.refuse_status is not None:
            return web.Response(status=self.behaviour.refuse_status)
        compress = request.query.get("compress")
        socket = web.WebSocketResponse(timeout=1.0, max_msg_size=0, compress=False)
        await socket.prepare(request)
        if not isinstance(request.transport, asyncio.Transport):
            raise web.HTTPServiceUnavailable(text="The connection went away during the handshake.")
        connection = Connection(
            socket, request.transport, codec_for(compress), compress, self.behaviour.holding
        )
        self.connections.add(connection)
        interval = int(self.behaviour.heartbeat_interval * 1000)
        connection.write(
            [wire_data.control(wire_data.HELLO, {"heartbeat_interval": interval, "_trace": ["fake"]})]
        )
        try:
            await self._listen(connection)
        except _CloseError as error:
            await connection.close(error.code)
        except msgspec.MsgspecError:
            await connection.close(DECODE_ERROR)
        finally:
            self._part(connection)
        return socket

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.socket:
            if message.type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                self._obey(connection, msgspec.json.decode(message.data, type=wire_data.Command))
                self.records.changed()

    def _part(self, connection: Connection) -> None:
        self.connections.discard(connection)
        self.records.closes.append(connection.close_code)
        if connection.session is not None:
            connection.session.detach(connection)
            if connection.ends_session:
                self.sessions.pop(connection.session.id, None)
        self.records.changed()

    def _obey(self, connection: Connection, command: wire_data.Command) -> None:
        if command.op == wire_data.HEARTBEAT:
            self._heartbeat(connection, command)
        elif command.op == wire_data.IDENTIFY:
            self._identify(connection, msgspec.json.decode(command.d, type=wire_data.IdentifyData))
        elif command.op == wire_data.RESUME:
            self._resume(connection, msgspec.json.decode(command.d, type=wire_data.ResumeData))
        elif connection.session is None:
            raise _CloseError(NOT_AUTHENTICATED)
        elif command.op == wire_data.REQUEST_MEMBERS:
            self._members(connection.session, msgspec.json.decode(command.d, type=wire_data.MembersData))
        elif command.op in wire_data.NOTED_ONLY:
            self.records.commands.append((command.op, msgspec.json.decode(command.d)))
        else:
            raise _CloseError(UNKNOWN_OPCODE)

    def _heartbeat(self, connection: Connection, command: wire_data.Command) -> None:
        self.records.heartbeats += 1
        seq = msgspec.json.decode(command.d, type=int | None)
        if seq is not None and connection.session is not None:
            connection.session.acknowledge(seq)
        if self.behaviour.acknowledge_heartbeats:
            connection.write([wire_data.control(wire_data.HEARTBEAT_ACK)])

    def _identify(self, connection: Connection, data: wire_data.IdentifyData) -> None:
        self._check_token(data.token)
        shard, count = data.shard
        if connection.session is not None:
            raise _CloseError(TWICE)
        if not 0 <= shard < count:
            raise _CloseError(BAD_SHARD)
        if not_allowed(data.intents, self.world.application_flags):
            raise _CloseError(NOT_ALLOWED)
        self._forget_abandoned(data.shard)
        session = Session(secrets.token_hex(16), data.shard, data.intents, self.behaviour.replay_limit)
        self.sessions[session.id] = session
        connection.session = session
        session.attach(connection)
        self.records.identifies.append(
            Identify(session.id, data.shard, data.intents, connection.compress, data.properties)
        )
        session.push("READY", msgspec.json.encode(wire_data.ready(self.world, session, gateway_url=self.url)))
        if self.behaviour.send_guilds:
            self._send_guilds(session, data.large_threshold)

    def _send_guilds(self, session: Session, large_threshold: int) -> None:
        presences = bool(session.intents & PRESENCES)
        for guild in self.world.guilds_of(*session.shard):
            made = payloads.guild_create(guild, large_threshold=large_threshold, presences=presences)
            session.push("GUILD_CREATE", msgspec.json.encode({**made, "unavailable": False}))

    def _forget_abandoned(self, shard: tuple[int, int]) -> None:
        """Drop what a killed process left: no one can resume it any more."""
        for session in tuple(self.sessions.values()):
            if session.shard == shard and session.outlet is None:
                del self.sessions[session.id]

    def _resume(self, connection: Connection, data: wire_data.ResumeData) -> None:
        self._check_token(data.token)
        seq, session = data.seq, self.sessions.get(data.session_id or "")
        if session is None or seq is None or not self.behaviour.accept_resumes or not session.can_replay(seq):
            self.sessions.pop(data.session_id or "", None)
            self.records.resumes.append(Resume(data.session_id, seq, None))
            connection.write([wire_data.control(wire_data.INVALID_SESSION, data=False)])
            return
        connection.session = session
        session.attach(connection)
        replayed = session.replay(seq - self.behaviour.resume_overlap)
        self.records.resumes.append(Resume(session.id, seq, replayed))
        session.push("RESUMED", b'{"_trace":["fake"]}')

    def _members(self, session: Session, asked: wire_data.MembersData) -> None:
        self.records.commands.append((wire_data.REQUEST_MEMBERS, msgspec.to_builtins(asked)))
        guild = self.world.guilds.get(int(asked.guild_id))
        if guild is not None:
            for chunk in wire_data.member_chunks(guild, asked):
                session.push("GUILD_MEMBERS_CHUNK", msgspec.json.encode(chunk))

    def _check_token(self, token: str) -> None:
        if token.removeprefix("Bot ") != self.world.token:
            raise _CloseError(WRONG_TOKEN)
