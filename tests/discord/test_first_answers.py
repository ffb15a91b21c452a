"""Every command answers, or says that it is thinking, before it asks the database anything.

The database may then be slow or silent: Discord's three seconds are kept, and who asked sees that it is at
work.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import discord
import pytest
import simcord
from discord import AppCommandOptionType, AppCommandType, app_commands
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import monitoring
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle

from bot.app import open_app
from bot.client import ClientOptions, ServerstatsClient
from bot.db.database import Handle
from bot.settings import Settings
from tests.discord.stage import FixedClock

OPTIONS = ClientOptions(message_content=True, members=True, shard_count=1)


@dataclass
class Asked:
    """A command in progress: how many first responses were there when it first asked the database."""

    answers: int | None = None


_ASKING: ContextVar[Asked | None] = ContextVar("asking", default=None)


@dataclass
class Watch(monitoring.CommandListener):
    """Notes which commands ask the database, and when."""

    env: simcord.Env | None = None
    seen: dict[str, Asked] = field(default_factory=dict)

    def callbacks(self) -> int:
        """First responses so far."""
        assert self.env is not None
        return sum(request.path.endswith("/callback") for request in self.env.http_requests)

    def started(self, _event: monitoring.CommandStartedEvent) -> None:
        """Note a question that a command asks; it comes in the command's own context."""
        asked = _ASKING.get()
        if asked is not None and asked.answers is None:
            asked.answers = self.callbacks()

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Do nothing."""

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Do nothing."""


@dataclass
class Scene:
    client: ServerstatsClient
    watch: Watch
    channel: ChannelHandle
    admin: MemberActor
    member: MemberActor

    def watching(self, what: str) -> Asked:
        """Begin to look at a command."""
        asked = self.watch.seen[what] = Asked()

        async def note(_interaction: discord.Interaction) -> bool:
            _ASKING.set(asked)
            return True

        self.client.tree.interaction_check = note  # type: ignore[method-assign] # runs in the command's task
        return asked


@pytest.fixture
def scene(
    mongodb_uri: str, database_name: str, db: Handle, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> AbstractAsyncContextManager[Scene]:
    """Entered by the test itself: simcord wants to be left in the context in which it was entered."""
    assert db.name == database_name
    watch = Watch()
    heard = partial(AsyncIOMotorClient, event_listeners=[watch])
    monkeypatch.setattr("bot.db.database.AsyncIOMotorClient", heard)
    return _running(mongodb_uri, database_name, data_dir, watch)


@asynccontextmanager
async def _running(uri: str, name: str, data_dir: Path, watch: Watch) -> AsyncIterator[Scene]:
    settings = Settings.model_validate({"MONGODB_URI": uri, "database": name, "data_dir": data_dir})
    async with (
        open_app(settings, OPTIONS, clock=FixedClock()) as app,
        simcord.run(app.client) as env,
    ):
        watch.env = env
        guild = env.create_guild("A server", owner=env.create_user("olga"))
        channel = guild.create_text_channel("general")
        member = guild.add_member(env.create_user("ada"))
        boss = guild.create_role("Boss", permissions=discord.Permissions(administrator=True))
        yield Scene(
            app.client, watch, channel, guild.add_member(env.create_user("captain"), roles=[boss]), member
        )


def slash_commands(client: ServerstatsClient) -> Iterator[app_commands.Command]:
    for command in client.tree.walk_commands(type=AppCommandType.chat_input):
        if isinstance(command, app_commands.Command):
            yield command


def options_of(command: app_commands.Command, scene: Scene) -> dict[str, object]:
    """A value for each option that has to be given."""
    values = {
        AppCommandOptionType.user: scene.member,
        AppCommandOptionType.channel: scene.channel,
        AppCommandOptionType.string: "30d",
        AppCommandOptionType.integer: 1,
        AppCommandOptionType.boolean: True,
    }
    return {option.display_name: values[option.type] for option in command.parameters if option.required}


async def test_commands_answer_before_they_ask_the_database(
    scene: AbstractAsyncContextManager[Scene],
) -> None:
    async with scene as on:
        commands = list(slash_commands(on.client))
        for command in commands:
            before = on.watch.callbacks()
            asked = on.watching(command.qualified_name)
            await on.admin.slash(on.channel, command.qualified_name, **options_of(command, on))
            assert on.watch.callbacks() == before + 1, command.qualified_name
            asked.answers = None if asked.answers is None else asked.answers - before
        early = [name for name, asked in on.watch.seen.items() if asked.answers == 0]
        assert early == []
        assert len([asked for asked in on.watch.seen.values() if asked.answers == 1]) > len(commands) / 2


async def test_commands_of_the_context_menu_do_too(scene: AbstractAsyncContextManager[Scene]) -> None:
    async with scene as on:
        message = await on.member.send(on.channel, "words")
        targets = {AppCommandType.user: on.member, AppCommandType.message: message}
        for kind, target in targets.items():
            for command in on.client.tree.walk_commands(type=kind):
                before = on.watch.callbacks()
                asked = on.watching(f"{kind.name} {command.qualified_name}")
                await on.admin.context_menu(on.channel, command.qualified_name, target)
                assert on.watch.callbacks() == before + 1
                assert asked.answers is None or asked.answers > before, command.qualified_name
        assert len(on.watch.seen) >= 3


async def test_suggestions_do_not_ask_the_database(scene: AbstractAsyncContextManager[Scene]) -> None:
    """What is typed is answered at once or not at all; one option looks up, for 2 s at most."""
    async with scene as on:
        for command in slash_commands(on.client):
            for option in command.parameters:
                if option.autocomplete:
                    on.watching(f"{command.qualified_name} {option.display_name}")
                    await on.admin.autocomplete(on.channel, command.qualified_name, option.display_name, "l")
        assert len(on.watch.seen) >= 5
        assert {name for name, asked in on.watch.seen.items() if asked.answers is not None} == {"me server"}
