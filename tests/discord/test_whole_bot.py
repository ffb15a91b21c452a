"""The whole bot, as `serverstats run` builds it, on a simulated Discord and a real mongod."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import discord
import simcord
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle
from simcord.enums import MessageType

from analytics.timeframes import Recent
from bot.app import App, open_app
from bot.client import ClientOptions
from bot.db.database import Handle
from bot.settings import Settings
from bot.views.scope import Scope
from tests.discord.stage import FixedClock

OPTIONS = ClientOptions(message_content=True, members=True, shard_count=1)


@dataclass
class Scene:
    app: App
    env: simcord.Env
    guild: GuildHandle
    general: ChannelHandle
    ada: MemberActor
    bob: MemberActor


@asynccontextmanager
async def scene(mongodb_uri: str, database: str, data_dir: Path) -> AsyncIterator[Scene]:
    settings = Settings.model_validate(
        {"MONGODB_URI": mongodb_uri, "database": database, "data_dir": data_dir, "flush_seconds": 0.05}
    )
    async with open_app(settings, OPTIONS, clock=FixedClock()) as app, simcord.run(app.client) as env:
        owner = env.create_user("olga")
        guild = env.create_guild("A real server", owner=owner)
        general = guild.create_text_channel("general")
        yield Scene(
            app,
            env,
            guild,
            general,
            guild.add_member(env.create_user("ada")),
            guild.add_member(env.create_user("bob")),
        )


def everything_in(folder: Path, pattern: str) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob(pattern))


async def test_messages_are_counted_and_the_overview_shows_them(
    mongodb_uri: str, database_name: str, db: Handle, data_dir: Path
) -> None:
    async with scene(mongodb_uri, database_name, data_dir) as on:
        random = on.guild.create_text_channel("random")
        webhook = on.guild.create_webhook(on.general)
        for number in range(3):
            await on.ada.send(on.general, f"secret words {number}")
        await on.bob.send(random, "https://example.org")
        await webhook.send("not a member")
        on.guild.create_system_message(on.general, MessageType.NEW_MEMBER, author=on.ada)
        await on.env.settle()
        await on.app.recorder.flush()
        await on.app.services.names.save()
        wrote = db.memberActivityStats.find({"messageStats.totalCount": {"$gt": 0}})
        members = {m["userId"]: m["messageStats"]["totalCount"] async for m in wrote}
        of = on.app.services.pseudonyms.of
        assert members == {f"{of(on.guild.id, on.ada.id):016x}": 3, f"{of(on.guild.id, on.bob.id):016x}": 1}
        known = await on.app.directory.guild(on.guild.id)
        assert known is not None
        assert known.name == "A real server"
        assert known.discord_since is not None
        scope = Scope(on.guild.id, Recent(60, "d"), on.app.services.clock.now_ms())
        shown = await on.app.services.views.show("overview", scope)
        assert [figure.value for figure in shown.board.figures] == [4, 2, 4]
        top = shown.board.rankings[0].rows
        assert [(row.subject.name, row.value) for row in top] == [("general", 3), ("random", 1)]
        assert shown.png is not None
        assert shown.png.startswith(b"\x89PNG")


async def test_nothing_that_was_written_and_no_user_id_is_stored_anywhere(
    mongodb_uri: str, database_name: str, db: Handle, data_dir: Path
) -> None:
    async with scene(mongodb_uri, database_name, data_dir) as on:
        on.env.create_user("carol")  # its id stands between the members' and the message's, which is stored
        await on.ada.send(on.general, "a very secret sentence")
        await on.env.settle()
        ids = [str(on.ada.id), str(on.bob.id)]
        journal = everything_in(data_dir, "*.segment")
        assert b"secret" not in journal
        assert on.ada.id.to_bytes(8, "big") not in journal
        await on.app.recorder.flush()
        await on.app.services.names.save()
    collections = 0
    for name in await db.list_collection_names():
        async for document in db[name].find():
            collections += 1
            text = str(document)
            assert "secret" not in text
            assert "ada" not in text
            assert not any(member in text for member in ids), name
    assert collections > 5


async def test_the_readme_lists_every_command(
    mongodb_uri: str, database_name: str, db: Handle, data_dir: Path
) -> None:
    assert db.name == database_name
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    listed = {row.split(" [")[0] for row in re.findall(r"^\| `/([^`]+)`", readme, re.MULTILINE)}
    async with scene(mongodb_uri, database_name, data_dir) as on:
        commands = {
            command.qualified_name
            for command in on.app.client.tree.walk_commands()
            if not isinstance(command, discord.app_commands.Group)
        }
        menus = {
            menu.name
            for kind in (discord.AppCommandType.user, discord.AppCommandType.message)
            for menu in on.app.client.tree.get_commands(type=kind)
        }
    assert listed == commands
    assert menus == set(re.findall(r"^\| a member[^|]*\| \*([^*]+)\* \|", readme, re.MULTILINE))
