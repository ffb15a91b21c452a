"""`/admin counting` as admins meet it, and what it does to the whole bot."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import discord
import pytest
from simcord.actors import MemberActor
from simcord.enums import MessageType
from simcord.results import ResponseMessage

from bot.client import ServerstatsClient
from bot.db.database import Handle
from bot.ingest.activities.voice import VoiceTime
from bot.privacy.rules import Writer
from tests.discord.stage import fields_of
from tests.discord.test_whole_bot import OPTIONS, Scene, scene


@dataclass
class Town:
    """The whole bot, an admin, and what is counted."""

    on: Scene
    db: Handle
    admin: MemberActor

    async def menus(self) -> ResponseMessage:
        result = await self.admin.slash(self.on.general, "admin counting")
        assert result.ephemeral
        return result.response

    async def counted(self) -> int:
        await self.on.env.settle()
        await self.on.app.recorder.flush()
        found = await self.db.channelDays.find().to_list(None)
        return sum(day["messages"] for day in found)


Opened = Callable[[], AbstractAsyncContextManager[Town]]


@pytest.fixture
def opened(mongodb_uri: str, database_name: str, db: Handle, data_dir: Path) -> Opened:
    @asynccontextmanager
    async def town() -> AsyncIterator[Town]:
        async with scene(mongodb_uri, database_name, data_dir) as on:
            role = on.guild.create_role("Admin", permissions=discord.Permissions(manage_guild=True))
            yield Town(on, db, on.guild.add_member(on.env.create_user("admiral"), roles=[role]))

    return town


async def test_an_excluded_channel_is_not_counted_until_it_is_included_again(opened: Opened) -> None:
    async with opened() as town:
        on = town.on
        private = on.guild.create_text_channel("private")
        message = await on.ada.send(private, "before")
        menus = await town.menus()
        await town.admin.select(menus, [private], custom_id="counting:channel")
        assert fields_of(menus.embeds[0])["Excluded channels"] == f"<#{private.id}>"
        await on.ada.send(private, "meanwhile")
        await on.bob.react(message, "👍")
        await on.ada.send(on.general, "elsewhere")
        assert await town.counted() == 2
        await on.env.restart_bot(ServerstatsClient(on.app.services, OPTIONS))
        await town.admin.select(menus, [], custom_id="counting:channel")
        assert fields_of(menus.embeds[0])["Excluded channels"] == "none"
        await on.ada.send(private, "after")
        assert await town.counted() == 3
        assert await town.db.messageStates.count_documents({}) == 0
        assert await town.db.audit.count_documents({}) == 2


async def test_an_excluded_voice_channel_ends_the_time_of_who_is_there(opened: Opened) -> None:
    async with opened() as town:
        on = town.on
        voice = on.guild.create_voice_channel("voice")
        await on.ada.join_voice(voice)
        await on.env.settle()
        menus = await town.menus()
        await town.admin.select(menus, [voice], custom_id="counting:channel")
        await on.env.settle()
        recorded: list[object] = []
        on.app.services.voice._record = recorded.append
        on.app.services.voice.tick()
        assert not [each for each in recorded if isinstance(each, VoiceTime)]


async def test_an_excluded_role_keeps_its_members_out_while_they_have_it(opened: Opened) -> None:
    async with opened() as town:
        on = town.on
        role = on.guild.create_role("Quiet")
        quiet = on.guild.add_member(on.env.create_user("quinn"), roles=[role])
        menus = await town.menus()
        await town.admin.select(menus, [role], custom_id="counting:role")
        assert fields_of(menus.embeds[0])["Excluded roles"] == f"<@&{role.id}>"
        message = await on.ada.send(on.general, "one")
        await quiet.send(on.general, "not counted")
        await quiet.react(message, "👍")
        assert await town.counted() == 1
        assert await town.db.messageStates.count_documents({}) == 0


@pytest.mark.parametrize("writer", [Writer.BOT, Writer.WEBHOOK, Writer.SYSTEM])
async def test_each_other_writer_counts_when_an_admin_wants_it(opened: Opened, writer: Writer) -> None:
    async with opened() as town:
        on = town.on
        robot = on.guild.add_member(on.env.create_user("robot", bot=True))
        webhook = on.guild.create_webhook(on.general)
        menus = await town.menus()
        for counted in (0, 1):
            await robot.send(on.general, "beep")
            await webhook.send("not a member")
            on.guild.create_system_message(on.general, MessageType.NEW_MEMBER, author=on.ada)
            assert await town.counted() == counted
            await town.admin.select(menus, [writer.value], custom_id="counting:writer")


async def test_only_admins_change_what_is_counted(opened: Opened) -> None:
    async with opened() as town:
        commands = await town.on.app.client.tree.fetch_commands()
        (admin,) = [command for command in commands if command.name == "admin"]
        town.on.guild.set_command_permissions(admin, {town.on.ada: True})
        result = await town.on.ada.slash(town.on.general, "admin counting")
        assert "Manage Server" in str(result.response.content)
        assert len(town.on.env.errors) == 1
        assert await town.db.settings.count_documents({}) == 0
