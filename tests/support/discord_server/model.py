"""The world the fake shows: users, servers, channels, members. A test builds it, and may change it later."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Unpack

from tests.support.discord_server import permissions
from tests.support.discord_server.messages import REPLY, FakeMessage, History, MessageFields
from tests.support.discord_server.snowflakes import Snowflakes, timestamp_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from tests.support.discord_server.inviting import FakeInvite
    from tests.support.discord_server.payloads import Json
    from tests.support.discord_server.planning import FakeEvent

TEXT, DM, VOICE, CATEGORY, ANNOUNCEMENT, PUBLIC_THREAD, PRIVATE_THREAD, STAGE, FORUM = (
    0,
    1,
    2,
    4,
    5,
    11,
    12,
    13,
    15,
)
THREAD_TYPES = frozenset({10, PUBLIC_THREAD, PRIVATE_THREAD})

# GATEWAY_PRESENCE_LIMITED, GATEWAY_GUILD_MEMBERS_LIMITED, GATEWAY_MESSAGE_CONTENT_LIMITED: what a small bot
# has once the switches in the developer portal are on.
ALL_PRIVILEGED = 1 << 13 | 1 << 15 | 1 << 19


@dataclass(slots=True, eq=False)
class FakeUser:
    """An account."""

    id: int
    name: str
    bot: bool = False

    @property
    def user(self) -> FakeUser:
        return self

    @property
    def membership(self) -> FakeMember | None:
        return None


@dataclass(slots=True, eq=False)
class FakeRole:
    """A role of one server."""

    id: int
    name: str
    permissions: int
    position: int
    bot_id: int | None = None


@dataclass(slots=True, eq=False)
class Overwrite:
    """What a channel gives or takes; `kind` 0 is a role's, 1 a member's."""

    kind: int
    allow: int = 0
    deny: int = 0


@dataclass(slots=True, eq=False)
class FakeMember:
    """A user in one server."""

    user: FakeUser
    guild: FakeGuild = field(repr=False)
    joined_at: str
    roles: list[FakeRole] = field(default_factory=list, repr=False)
    nick: str | None = None

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def membership(self) -> FakeMember | None:
        return self


@dataclass(slots=True, eq=False)
class FakeVoice:
    """A member's stay in a voice channel."""

    member: FakeMember
    channel: FakeChannel
    session_id: str
    self_mute: bool = False
    self_deaf: bool = False
    self_video: bool = False
    self_stream: bool = False


@dataclass(slots=True, eq=False)
class FakeChannel:
    """A channel, a thread or (with no guild) a direct message channel."""

    id: int
    name: str
    kind: int
    guild: FakeGuild | None = field(default=None, repr=False)
    parent: FakeChannel | None = field(default=None, repr=False)
    position: int = 0
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    history: History = field(default_factory=History, repr=False)
    recipient: FakeUser | None = None
    owner_id: int | None = None
    archived_at: str | None = None
    bot_joined: bool = False

    @property
    def is_thread(self) -> bool:
        return self.kind in THREAD_TYPES

    @property
    def bot_permissions(self) -> int:
        """What the bot may do here."""
        if self.guild is None:
            return permissions.EVERYTHING
        return permissions.channel_permissions(self.guild.me, self) if self.guild.has_bot else 0

    def overwrite(self, target: FakeRole | FakeMember, *, allow: int = 0, deny: int = 0) -> None:
        """Set what a role or a member is given or denied here."""
        self.overwrites[target.id] = Overwrite(int(isinstance(target, FakeMember)), allow, deny)


@dataclass(slots=True, eq=False)
class FakeGuild:
    """A server. The bot is in it from the start, under a role of its own, unless it is a foreign one."""

    world: World = field(repr=False)
    id: int
    name: str
    owner_id: int
    everyone: FakeRole = field(repr=False)
    roles: dict[int, FakeRole] = field(default_factory=dict, repr=False)
    members: dict[int, FakeMember] = field(default_factory=dict, repr=False)
    channels: dict[int, FakeChannel] = field(default_factory=dict, repr=False)
    threads: dict[int, FakeChannel] = field(default_factory=dict, repr=False)
    voice: dict[int, FakeVoice] = field(default_factory=dict, repr=False)
    audit_log: list[Json] = field(default_factory=list, repr=False)
    events: dict[int, FakeEvent] = field(default_factory=dict, repr=False)
    invites: dict[str, FakeInvite] = field(default_factory=dict, repr=False)

    @property
    def has_bot(self) -> bool:
        """Whether the bot is a member."""
        return self.world.bot.id in self.members

    @property
    def me(self) -> FakeMember:
        return self.members[self.world.bot.id]

    def channel(self, name: str, kind: int, *, parent: FakeChannel | None = None) -> FakeChannel:
        """Add a channel of any type."""
        made = FakeChannel(self.world.ids.next(), name, kind, self, parent, position=len(self.channels))
        self.channels[made.id] = self.world.channels[made.id] = made
        return made

    def text_channel(self, name: str) -> FakeChannel:
        return self.channel(name, TEXT)

    def voice_channel(self, name: str) -> FakeChannel:
        return self.channel(name, VOICE)

    def thread(
        self, parent: FakeChannel, name: str, owner: FakeMember, *, private: bool = False
    ) -> FakeChannel:
        """Add a thread below a text or forum channel."""
        kind = PRIVATE_THREAD if private else PUBLIC_THREAD
        made = FakeChannel(self.world.ids.next(), name, kind, self, parent, owner_id=owner.id)
        self.threads[made.id] = self.world.channels[made.id] = made
        return made

    def role(self, name: str, permissions: int = 0) -> FakeRole:
        made = FakeRole(self.world.ids.next(), name, permissions, position=len(self.roles))
        self.roles[made.id] = made
        return made

    def member(
        self, name: str, *roles: FakeRole, bot: bool = False, joined_at: datetime | None = None
    ) -> FakeMember:
        """Return the member of that name, who joins if need be."""
        user = self.world.user(name, bot=bot)
        found = self.members.get(user.id)
        if found is None:
            when = timestamp_of(self.world.ids.next()) if joined_at is None else joined_at.isoformat()
            found = self.members[user.id] = FakeMember(user, self, when)
        found.roles += [role for role in roles if role not in found.roles]
        return found


@dataclass(slots=True, eq=False)
class World:
    """Everything there is. `now` gives seconds since 1970 and makes the ids.

    `user_install`: people may add the application to their own account.
    """

    now: Callable[[], float] = time.time
    token: str = "fake-token"  # noqa: S105 - the fake's own, opens nothing
    application_flags: int = ALL_PRIVILEGED
    user_install: bool = False
    ids: Snowflakes = field(init=False)
    bot: FakeUser = field(init=False)
    owner: FakeUser = field(init=False)
    users: dict[int, FakeUser] = field(default_factory=dict, repr=False)
    guilds: dict[int, FakeGuild] = field(default_factory=dict, repr=False)
    channels: dict[int, FakeChannel] = field(default_factory=dict, repr=False)
    _by_name: dict[str, FakeUser] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.ids = Snowflakes(self.now)
        self.bot = self.user("serverstats", bot=True)
        self.owner = self.user("owner")

    def user(self, name: str, *, bot: bool = False) -> FakeUser:
        """Return the account of that name, made if need be."""
        found = self._by_name.get(name)
        if found is None:
            found = FakeUser(self.ids.next(), name, bot)
            self._by_name[name] = self.users[found.id] = found
        return found

    def guild(self, name: str, *, guild_id: int | None = None) -> FakeGuild:
        """Add a server with its owner and the bot in it; give an id to put it on a certain shard."""
        made = self.foreign_guild(name, guild_id=guild_id)
        self.guilds[made.id] = made
        own = made.role(self.bot.name, permissions.BOT)
        own.bot_id = self.bot.id
        made.member(self.bot.name, own)
        return made

    def foreign_guild(self, name: str, *, guild_id: int | None = None) -> FakeGuild:
        """Return a server that the bot is not in and is told nothing of."""
        at = self.ids.next() if guild_id is None else guild_id
        everyone = FakeRole(at, "@everyone", permissions.EVERYONE, 0)
        made = FakeGuild(self, at, name, self.owner.id, everyone, roles={at: everyone})
        made.member(self.owner.name)
        return made

    def direct_messages(self, user: FakeUser) -> FakeChannel:
        """Return the bot's direct message channel with a user, opened if need be."""
        for channel in self.channels.values():
            if channel.recipient is user:
                return channel
        made = FakeChannel(self.ids.next(), user.name, DM, recipient=user)
        self.channels[made.id] = made
        return made

    def message(
        self,
        channel: FakeChannel,
        author: FakeMember | FakeUser,
        *,
        at: datetime | None = None,
        **fields: Unpack[MessageFields],
    ) -> FakeMessage:
        """Write a message into a channel's history without telling anyone; `at` puts it into the past."""
        made = FakeMessage(self.ids.next() if at is None else self.ids.at(at), channel, author, **fields)
        if made.reply_to is not None and "message_type" not in fields:
            made.message_type = REPLY
        channel.history.add(made)
        return made

    def guilds_of(self, shard_id: int, shard_count: int) -> Iterator[FakeGuild]:
        """Yield the servers a shard is told of."""
        return (guild for guild in self.guilds.values() if shard_of(guild, shard_count) == shard_id)


def shard_of(guild: FakeGuild, shard_count: int) -> int:
    """Return the shard that a server belongs to."""
    return (guild.id >> 22) % shard_count
