"""What goes through the gateway beside events of the world: the client's commands, READY, member lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from tests.support.discord_server import payloads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.discord_server.model import FakeGuild, FakeMember, World
    from tests.support.discord_server.payloads import Json
    from tests.support.discord_server.session import Session

HEARTBEAT, IDENTIFY, PRESENCE, VOICE_STATE, RESUME, RECONNECT = 1, 2, 3, 4, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK, SOUNDBOARD = 8, 9, 10, 11, 31
NOTED_ONLY = frozenset({PRESENCE, VOICE_STATE, SOUNDBOARD})

_CHUNK = 1000


class Command(msgspec.Struct, frozen=True):
    """One message of the client."""

    op: int
    d: msgspec.Raw = msgspec.Raw(b"null")


class IdentifyData(msgspec.Struct, frozen=True):
    """The body of IDENTIFY."""

    token: str
    intents: int
    properties: dict[str, str]
    shard: tuple[int, int] = (0, 1)
    large_threshold: int = 50


class ResumeData(msgspec.Struct, frozen=True):
    """The body of RESUME; discord.py sends it without a session if it was cut off before its READY."""

    token: str
    session_id: str | None
    seq: int | None


class MembersData(msgspec.Struct, frozen=True):
    """The body of REQUEST_GUILD_MEMBERS; ids come as numbers or as text."""

    guild_id: int | str
    query: str | None = None
    limit: int = 0
    presences: bool = False
    user_ids: list[int | str] | int | str | None = None
    nonce: str | None = None


def control(op: int, data: Any = None) -> bytes:  # noqa: ANN401 - any JSON
    """Return a gateway message that is no event and has no number."""
    return msgspec.json.encode({"t": None, "s": None, "op": op, "d": data})


def ready(world: World, session: Session, *, gateway_url: str) -> Json:
    """Return the body of READY: the shard's servers, not yet available."""
    return {
        "v": 10,
        "user": payloads.bot_user(world),
        "guilds": [{"id": str(guild.id), "unavailable": True} for guild in world.guilds_of(*session.shard)],
        "session_id": session.id,
        "session_type": "normal",
        "resume_gateway_url": gateway_url,
        "shard": list(session.shard),
        "application": {"id": str(world.bot.id), "flags": world.application_flags},
        "private_channels": [],
        "user_settings": {},
        "relationships": [],
        "presences": [],
        "guild_join_requests": [],
        "_trace": ["fake"],
    }


def member_chunks(guild: FakeGuild, asked: MembersData) -> Iterator[Json]:
    """Yield the bodies of GUILD_MEMBERS_CHUNK that answer a request, a thousand members each."""
    found, missing = _select(guild, asked)
    chunks = [found[at : at + _CHUNK] for at in range(0, len(found), _CHUNK)] or [[]]
    for at, chunk in enumerate(chunks):
        body: Json = {
            "guild_id": str(guild.id),
            "members": [payloads.member(each) for each in chunk],
            "chunk_index": at,
            "chunk_count": len(chunks),
        }
        if missing:
            body["not_found"] = missing
        if asked.presences:
            body["presences"] = []
        if asked.nonce is not None:
            body["nonce"] = asked.nonce
        yield body


def _select(guild: FakeGuild, asked: MembersData) -> tuple[list[FakeMember], list[str]]:
    if asked.user_ids is not None:
        wanted = asked.user_ids if isinstance(asked.user_ids, list) else [asked.user_ids]
        ids = [int(each) for each in wanted]
        return [guild.members[i] for i in ids if i in guild.members], [
            str(i) for i in ids if i not in guild.members
        ]
    prefix = (asked.query or "").lower()
    found = [each for each in guild.members.values() if each.user.name.lower().startswith(prefix)]
    return (found[: asked.limit] if asked.limit else found), []
