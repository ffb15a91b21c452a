"""The demo's Discord: a simulated server with the real bot in it, and its page for a browser.

Everything is arranged before the bot connects, so that it sees one server and not hundreds of events. What
happens by itself later goes through simcord's backend: the calls of its own interface exclude each other, and
one that runs while somebody clicks would make the click fail.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import discord
import simcord
from simcord.builders import ChannelHandle, GuildHandle, RoleHandle, UserHandle
from simcord.preview import _markdown

from bot.client import ServerstatsClient
from bot.demo.needs import DemoError
from bot.ingest.activities.messages import ChannelKind

BOT_NAME = "Serverstats"
GUIDE_NAME = "Demo guide"
SETTLE_SECONDS = 30.0
"""How long an answer may take before the page shows what there is: a first chart needs seconds."""


class Stage:
    """A simulated server whose owner is ``owner``; nobody sees it before ``open``.

    Ids follow from the order in which rooms and people are added: the same order gives the same ids.
    """

    def __init__(self, client: ServerstatsClient, guild_id: int, name: str, owner: str) -> None:
        self._env = simcord.Env(client, shard_count=1, check_errors=False, settle_timeout=SETTLE_SECONDS)
        self._env.backend.edit_bot_profile(BOT_NAME)
        boss = self._env.create_user(owner)
        self._guild = self._env.create_guild(name, id=guild_id, owner=boss)
        insights = discord.Permissions(view_guild_insights=True)
        self._moderators = self._guild.create_role("Moderators", permissions=insights)
        self._helpers = self._guild.create_role("Helpers")
        self._owner = simcord.MemberActor(self._env, self._guild, boss)
        self._guide = self._guild.add_member(self._env.create_user(GUIDE_NAME, bot=True))
        self._teams: dict[str, RoleHandle] = {}
        self._rooms: dict[int, ChannelHandle] = {}
        self._people: dict[int, UserHandle] = {boss.id: boss}
        self._neighbours: dict[int, GuildHandle] = {}

    @property
    def owner(self) -> int:
        """User id of the owner."""
        return self._owner.id

    @property
    def members(self) -> int:
        """How many members the server has, bots among them."""
        return len(self._guild.member_ids())

    def add_room(self, name: str, kind: ChannelKind, topic: str = "", *, private: bool = False) -> int:
        """Add a channel, a private one for moderators and helpers alone; returns its id."""
        room = self._create(name, kind, topic, private=private)
        self._rooms[room.id] = room
        return room.id

    def add_person(self, name: str) -> int:
        """Add a user who is not on the server yet; returns the id."""
        person = self._env.create_user(name)
        self._people[person.id] = person
        return person.id

    def let_in(
        self,
        person: int,
        joined_ms: int,
        *,
        moderator: bool = False,
        helper: bool = False,
        teams: Iterable[str] = (),
    ) -> tuple[int, ...]:
        """Make a user a member since an instant (the owner is one already); returns the ids of the roles."""
        roles: list[RoleHandle] = [self._moderators] * moderator + [self._helpers] * helper
        roles += [self._team(team) for team in teams]
        if not self.has(person):
            self._guild.add_member(self._people[person], roles=roles)
        return self._joined(self._guild, person, joined_ms)

    def _team(self, name: str) -> RoleHandle:
        """A role without permissions, made when its first member comes."""
        if name not in self._teams:
            self._teams[name] = self._guild.create_role(name)
        return self._teams[name]

    def add_neighbour(self, guild_id: int, name: str, people: Sequence[str]) -> tuple[int, ...]:
        """Add another server of the same owner, and users who are not on it yet; the owner's id comes first.

        The page does not show it.
        """
        self._neighbours[guild_id] = self._env.create_guild(
            name, id=guild_id, owner=self._people[self._owner.id]
        )
        return (self._owner.id, *(self.add_person(person) for person in people))

    def let_into(self, guild_id: int, person: int, joined_ms: int) -> None:
        """Make a user a member of a neighbour since an instant (the owner is one already)."""
        guild = self._neighbours[guild_id]
        if person not in guild.member_ids():
            guild.add_member(self._people[person])
        self._joined(guild, person, joined_ms)

    def members_of(self, guild_id: int) -> int:
        """How many members a neighbour has, bots among them."""
        return len(self._neighbours[guild_id].member_ids())

    def _joined(self, guild: GuildHandle, person: int, joined_ms: int) -> tuple[int, ...]:
        """Say since when a user is a member; returns the ids of the roles."""
        member = self._env.backend.get_guild(guild.id).members[person]
        member.joined_at = datetime.fromtimestamp(joined_ms / 1000, UTC).isoformat()
        return tuple(sorted(member.role_ids))

    def has(self, person: int) -> bool:
        """Whether a user is a member."""
        return person in self._guild.member_ids()

    def keep_time(self, now_ms: int) -> None:
        """Bring the server's clock up to an instant; it never goes back."""
        behind = now_ms / 1000 - self._env.now().timestamp()
        self._env.backend.advance_clock(max(0.0, behind))

    def say(self, person: int, room: int, text: str) -> None:
        """Let a member write a message; the bot hears of it as of any other."""
        self._env.backend.create_message(room, person, text)

    def guide(self, room: int, text: str) -> None:
        """Tell the visitor something, in the words of a bot that nobody counts."""
        self.say(self._guide.id, room, text)

    async def ask(self, room: int, command: str, **options: str) -> None:
        """Let the owner use a command and wait for its answer."""
        await self._owner.slash(self._rooms[room], command, **options)

    async def use_on(self, person: int, room: int, command: str) -> None:
        """Let the owner use a command of the context menu on a member.

        The page has no context menus; a form that the command opens shows on it when it is next refreshed.
        """
        target = simcord.MemberActor(self._env, self._guild, self._people[person])
        answer = await self._owner.context_menu(self._rooms[room], command, target)
        preview = self._env._preview  # noqa: SLF001 - nothing else shows a form
        if answer.modal is None or preview is None:
            return
        for page in preview._pages.values():  # noqa: SLF001 - same
            if page.viewer.id == self.owner:
                page.modal, page.modal_handle = answer, f"m_{command.replace(' ', '_')}"

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Connect the bot."""
        await self._env.start()
        try:
            with self._env.time_context():
                client = self._env.bot
                for guild in client.guilds:
                    client.dispatch("guild_available", guild)  # as Discord does; simcord is too fast for it
                yield
        finally:
            await self._env.shutdown()

    @asynccontextmanager
    async def page(
        self, room: int, viewers: Sequence[int], zone: ZoneInfo, port: int
    ) -> AsyncIterator[simcord.Preview]:
        """Serve a channel as a page, for whom one of the viewers may be chosen; port 0 is any free one."""
        _show_mentions_in_embeds()
        actors = [simcord.MemberActor(self._env, self._guild, self._people[viewer]) for viewer in viewers]
        preview = self._env.preview(
            self._rooms[room], viewers=actors, layout="channel", locale="en-GB", timezone=zone.key, port=port
        )
        try:
            await preview.__aenter__()
        except simcord.SetupError as error:
            raise DemoError(f"The page cannot be served: {error}.") from error
        try:
            yield preview
        finally:
            await preview.close()

    def _create(self, name: str, kind: ChannelKind, topic: str, *, private: bool) -> ChannelHandle:
        match kind:
            case ChannelKind.VOICE:
                return self._guild.create_voice_channel(name)
            case ChannelKind.STAGE:
                return self._guild.create_stage_channel(name)
            case ChannelKind.FORUM | ChannelKind.MEDIA:
                return self._guild.create_forum_channel(name)
            case ChannelKind.ANNOUNCEMENT:
                return self._guild.create_news_channel(name)
            case _:
                if not private:
                    return self._guild.create_text_channel(name, topic=topic)
                return self._guild.create_text_channel(name, topic=topic, overwrites=self._inside_only())

    def _inside_only(
        self,
    ) -> dict[
        RoleHandle
        | simcord.MemberActor
        | UserHandle
        | discord.Role
        | discord.Member
        | discord.User
        | discord.ClientUser,
        discord.PermissionOverwrite,
    ]:
        seen = discord.PermissionOverwrite(view_channel=True)
        return {
            self._guild.default_role: discord.PermissionOverwrite(view_channel=False),
            self._moderators: seen,
            self._helpers: seen,
            self._guild.roles[BOT_NAME]: seen,
        }


def _show_mentions_in_embeds() -> None:
    """Let the page show channels in embeds by name, as Discord does; simcord 3.2.1 shows their ids."""
    for place in ("embed_description", "embed_field_value"):
        _markdown._FIELD_POLICIES[place]["mentions"] = True  # noqa: SLF001 - there is no setting for it
