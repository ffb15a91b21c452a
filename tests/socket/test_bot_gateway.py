"""The whole bot on a real gateway socket: what it asks for, what it counts, what it does when all breaks."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.app import App, open_app
from bot.client import ClientOptions, granted_options
from bot.privacy.pseudonym import DELETED_USER
from bot.settings import Settings, SettingsError
from tests.support.discord_server import message_payloads
from tests.support.discord_server.faults import RateLimited
from tests.support.discord_server.model import FakeChannel, FakeGuild, FakeMember, FakeUser, World
from tests.support.discord_server.permissions import Permission
from tests.support.discord_server.pointing import discord_pointed_at
from tests.support.discord_server.server import DiscordServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.db.database import Handle

SECONDS = 10.0
JOIN, THREAD_STARTER = 7, 21
POLL = {
    "question": {"text": "?"},
    "answers": [{"answer_id": 1, "poll_media": {"text": "!"}}],
    "expiry": "2030-01-01T00:00:00+00:00",
    "allow_multiselect": False,
    "layout_type": 1,
}


@dataclass
class Scene:
    """A connected bot, the Discord it is connected to, and the database it writes."""

    app: App
    server: DiscordServer
    guild: FakeGuild
    general: FakeChannel
    thread: FakeChannel
    ada: FakeMember
    db: Handle

    async def counted(self) -> int:
        """Messages counted so far."""
        await self.app.recorder.flush()
        members = self.db.memberActivityStats.find()
        return sum([member["messageStats"]["totalCount"] async for member in members])

    async def until_counted(self, messages: int) -> None:
        """Wait until so many messages are counted; then see that no more come."""
        async with asyncio.timeout(SECONDS):
            while await self.counted() < messages:
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
        assert await self.counted() == messages

    async def ranges(self) -> list[dict[str, Any]]:
        """Uncounted ranges of the channel."""
        stored = await self.db.coverage.find_one({"channelId": str(self.general.id)})
        return [] if stored is None else stored["uncounted"]

    async def sessions(self) -> dict[str, tuple[int, int]]:
        """Session that last counted, and number of uncounted ranges, of each channel and thread."""
        stored = self.db.coverage.find()
        return {each["channelId"]: (each["session"], len(each["uncounted"])) async for each in stored}


@pytest.fixture
def connect(mongodb_uri: str, database_name: str, db: Handle, data_dir: Path) -> Callable[..., Any]:
    @asynccontextmanager
    async def scene(
        *,
        content: bool = True,
        members: bool = True,
        silence: float = 60.0,
        reads: bool = True,
        now: Callable[[], float] = time.time,
    ) -> AsyncIterator[Scene]:
        settings = Settings.model_validate(
            {
                "MONGODB_URI": mongodb_uri,
                "database": database_name,
                "data_dir": data_dir,
                "flush_seconds": 60,
                "read_history": reads,
            }
        )
        world = World(now=now)
        guild = world.guild("harbour")
        general, ada = guild.text_channel("general"), guild.member("ada")
        thread = guild.thread(general, "a thread", ada)
        options = ClientOptions(message_content=content, members=members)
        async with DiscordServer(world) as server:
            with discord_pointed_at(server.base_url):
                async with open_app(settings, options) as app:
                    app.client.before_identify_hook = _at_once  # type: ignore[method-assign, assignment]
                    app.client._connection.guild_ready_timeout = 0.05
                    app.client._connection.heartbeat_timeout = silence
                    running = asyncio.create_task(app.client.start(world.token))
                    await server.connected(timeout=SECONDS)
                    async with asyncio.timeout(SECONDS):
                        await app.client.wait_until_ready()
                    yield Scene(app, server, guild, general, thread, ada, db)
                    await app.client.close()
                    await running

    return scene


async def _at_once(_shard_id: int | None, *, initial: bool = False) -> None:
    """Stand for discord.py's wait of five seconds before each further IDENTIFY."""
    assert initial in {True, False}


def commands_were_sent(server: DiscordServer) -> bool:
    return any(
        r.method == "PUT" and r.status == 200 and "commands" in r.path for r in server.records.requests
    )


async def test_it_asks_for_no_more_than_it_reads(connect: Callable[..., Any]) -> None:
    async with connect(content=False) as on:
        asked = discord.Intents._from_value(on.server.records.identifies[0].intents)
        wanted = {name for name, value in asked if value}
        assert {"guilds", "guild_messages", "members"} <= wanted
        assert not wanted & {"message_content", "presences", "dm_messages", "typing", "guild_typing"}
    async with connect(content=True) as on:
        assert discord.Intents._from_value(on.server.records.identifies[0].intents).message_content


async def test_members_messages_count_and_no_others(connect: Callable[..., Any]) -> None:
    async with connect() as on:
        robot = on.guild.member("robot", bot=True)
        thread = on.thread
        await on.server.send_message(on.general, on.ada)
        await on.server.send_message(thread, on.ada)
        await on.server.send_message(on.general, robot)
        await on.server.send_message(on.general, on.ada, webhook_id=99)
        await on.server.send_message(on.general, on.ada, message_type=JOIN)
        await on.server.send_message(thread, on.ada, message_type=THREAD_STARTER)
        await on.until_counted(2)
        stored = {c["channelId"]: c async for c in on.db.channelStats.find()}
        assert stored[str(on.general.id)]["metrics"]["messageCount"] == 2, "a thread counts for its parent"
        assert stored[str(thread.id)]["type"] == "THREAD"
        assert stored[str(thread.id)]["metrics"]["messageCount"] == 1


async def send_all_sorts(on: Scene) -> None:
    first = await on.server.send_message(on.general, on.ada)
    await on.server.send_message(
        on.general,
        on.ada,
        attachments=[{"id": "1", "filename": "a.png", "size": 1, "url": "", "proxy_url": ""}],
    )
    await on.server.send_message(on.general, on.ada, embeds=[{"type": "rich", "title": "x"}])
    await on.server.send_message(on.general, on.ada, stickers=["wave"])
    await on.server.send_message(on.general, on.ada, reply_to=first, message_type=19)
    await on.server.send_message(on.general, on.ada, poll=POLL)
    forward = message_payloads.with_guild(first, first.payload(content=False))
    forward |= {"id": str(on.server.world.ids.next()), "message_snapshots": []}
    forward["message_reference"] = {"type": 1, "channel_id": "1", "message_id": "2", "guild_id": "3"}
    await on.server.dispatch(on.guild, "MESSAGE_CREATE", forward)
    await on.until_counted(7)


async def carried(on: Scene) -> dict[str, int]:
    """Counters of the day beside the number of messages."""
    day = await on.db.channelDays.find_one({})
    assert day is not None
    names = ("files", "embeds", "stickers", "polls", "replies", "forwards", "contentUnknown")
    return {name: day[name] for name in names}


async def test_what_a_message_carries_is_counted(connect: Callable[..., Any]) -> None:
    async with connect() as on:
        await send_all_sorts(on)
        counts = dict.fromkeys(("files", "embeds", "stickers", "polls", "replies", "forwards"), 1)
        assert await carried(on) == {**counts, "contentUnknown": 0}


async def test_what_discord_does_not_show_is_unknown_and_not_none(connect: Callable[..., Any]) -> None:
    async with connect(content=False) as on:
        await send_all_sorts(on)
        shown = dict.fromkeys(("stickers", "replies", "forwards"), 1)
        hidden = dict.fromkeys(("files", "embeds", "polls"), 0)
        assert await carried(on) == {**shown, **hidden, "contentUnknown": 7}


async def test_a_resumed_session_loses_nothing_and_doubles_nothing(connect: Callable[..., Any]) -> None:
    async with connect() as on:
        sent = [await on.server.send_message(on.general, on.ada) for _ in range(3)]
        await on.until_counted(3)
        session = await on.sessions()
        on.server.gateway.drop()
        sent += [await on.server.send_message(on.general, on.ada) for _ in range(4)]
        await on.server.records.until(lambda: len(on.server.records.resumes) == 1, timeout=SECONDS)
        await on.server.connected(timeout=SECONDS)
        for message in sent:
            await on.server.redeliver(message)
        await on.until_counted(7)
        assert len(on.server.records.identifies) == 1
        assert await on.sessions() == session
        assert len(await on.ranges()) == 1, "only what was before the bot came is uncounted"


async def test_a_gateway_that_falls_silent_is_left_and_its_session_resumed(
    connect: Callable[..., Any],
) -> None:
    async with connect(silence=0.5) as on:
        await on.server.send_message(on.general, on.ada)
        socket = on.app.client._connection._get_websocket(shard_id=0)
        assert socket._max_heartbeat_timeout is None, "messages are read without a timer"
        on.server.gateway.hold()
        await on.server.send_message(on.general, on.ada)
        await on.server.records.until(lambda: len(on.server.records.closes) == 1, timeout=SECONDS)
        assert on.server.records.closes == [4000]
        on.server.gateway.release()
        await on.server.records.until(lambda: len(on.server.records.resumes) >= 1, timeout=SECONDS)
        await on.server.connected(timeout=SECONDS)
        await on.until_counted(2)
        assert len(on.server.records.identifies) == 1
        again = on.app.client._connection._get_websocket(shard_id=0)
        assert again is not socket
        assert again._max_heartbeat_timeout is None


async def test_a_gateway_that_speaks_now_and_then_is_kept(connect: Callable[..., Any]) -> None:
    async with connect(silence=0.5) as on:
        for _ in range(8):
            await on.server.send_message(on.general, on.ada)
            await asyncio.sleep(0.2)
        assert on.server.records.closes == []
        await on.until_counted(8)


async def test_a_new_session_opens_one_range_from_the_last_counted_message(
    connect: Callable[..., Any],
) -> None:
    async with connect() as on:
        await on.server.send_message(on.general, on.ada)
        await on.until_counted(1)
        on.server.gateway.invalidate(resumable=False)
        await on.server.records.until(lambda: len(on.server.records.identifies) == 2, timeout=SECONDS)
        await on.server.connected(timeout=SECONDS)
        first = await on.server.send_message(on.general, on.ada)
        await on.server.send_message(on.general, on.ada)
        await on.until_counted(3)
        ranges = await on.ranges()
        assert len(ranges) == 2
        assert ranges[-1]["before"] == first.id


async def test_a_new_session_opens_a_range_only_where_it_brings_a_message(
    connect: Callable[..., Any],
) -> None:
    async with connect() as on:
        places = [on.general, on.thread]
        for place in places:
            await on.server.send_message(place, on.ada)
        await on.until_counted(2)
        before = await on.sessions()
        on.server.gateway.invalidate(resumable=False)
        await on.server.records.until(lambda: len(on.server.records.identifies) == 2, timeout=SECONDS)
        await on.server.connected(timeout=SECONDS)
        for _ in range(3):
            await on.server.send_message(on.thread, on.ada)
        await on.until_counted(5)
        after = await on.sessions()
        assert after[str(on.general.id)] == before[str(on.general.id)]
        assert after[str(on.thread.id)][0] != before[str(on.thread.id)][0]
        assert after[str(on.thread.id)][1] == before[str(on.thread.id)][1] + 1


async def test_discords_request_to_reconnect_is_followed(connect: Callable[..., Any]) -> None:
    async with connect() as on:
        on.server.gateway.ask_to_reconnect()
        await on.server.records.until(lambda: len(on.server.records.resumes) == 1, timeout=SECONDS)
        await on.server.connected(timeout=SECONDS)
        await on.server.send_message(on.general, on.ada)
        await on.until_counted(1)


async def test_a_command_is_answered_over_the_socket(connect: Callable[..., Any]) -> None:
    async with connect() as on:
        await on.server.records.until(lambda: commands_were_sent(on.server), timeout=SECONDS)
        role = on.guild.role("moderators", permissions=Permission.VIEW_GUILD_INSIGHTS)
        moderator = on.guild.member("mod", role)
        await on.server.send_message(on.general, on.ada)
        await on.until_counted(1)
        await on.app.services.names.save()
        exchange = await on.server.slash(on.general, moderator, "serverstats", "overview")
        assert exchange.first_response < 3
        assert "Messages" in str(exchange.edits)
        refused = await on.server.slash(on.general, on.ada, "serverstats", "overview")
        assert "View Server Insights" in str(refused.callback)


async def test_a_rate_limit_on_the_commands_does_not_keep_it_from_counting(
    mongodb_uri: str, database_name: str, db: Handle, data_dir: Path
) -> None:
    settings = Settings.model_validate(
        {"MONGODB_URI": mongodb_uri, "database": database_name, "data_dir": data_dir}
    )
    world = World()
    guild = world.guild("harbour")
    general, ada = guild.text_channel("general"), guild.member("ada")
    async with DiscordServer(world) as server:
        server.rules.add(RateLimited(retry_after=0.3), path=r"/commands$", times=2)
        with discord_pointed_at(server.base_url):
            async with open_app(settings, ClientOptions()) as app:
                app.client._connection.guild_ready_timeout = 0.05
                running = asyncio.create_task(app.client.start(world.token))
                await server.connected(timeout=SECONDS)
                async with asyncio.timeout(SECONDS):
                    await app.client.wait_until_ready()
                await server.send_message(general, ada)
                async with asyncio.timeout(SECONDS):
                    while not await db.memberActivityStats.count_documents({}):
                        await app.recorder.flush()
                await server.records.until(lambda: commands_were_sent(server), timeout=SECONDS)
                await app.client.close()
                await running


async def test_a_token_that_discord_does_not_know_is_said_with_the_mend() -> None:
    async with DiscordServer(World()) as server:
        with (
            discord_pointed_at(server.base_url),
            pytest.raises(SettingsError, match="DISCORD_TOKEN") as refused,
        ):
            await granted_options("wrong", message_content=True)
    assert "Reset Token" in str(refused.value)


async def test_deleted_accounts_count_for_the_channel_and_as_no_member(connect: Callable[..., Any]) -> None:
    async with connect() as on:
        gone = FakeUser(DELETED_USER, "Deleted User", bot=False)
        await on.server.send_message(on.general, on.ada)
        await on.server.send_message(on.general, gone)
        on.server.gateway.invalidate(resumable=False)
        for author in (gone, gone, on.ada):
            on.server.world.message(on.general, author)
        await on.server.records.until(lambda: len(on.server.records.identifies) == 2, timeout=SECONDS)
        await on.server.connected(timeout=SECONDS)
        await on.server.send_message(on.general, on.ada)
        async with asyncio.timeout(SECONDS):
            while await messages_of(on) < 6:
                await asyncio.sleep(0.02)
        await on.until_counted(3)
        assert await on.db.memberActivityStats.count_documents({"messageStats.totalCount": {"$gt": 0}}) == 1
        assert await messages_of(on) == 6


async def messages_of(on: Scene) -> int:
    """Messages counted for the channel, whoever wrote them."""
    await on.app.recorder.flush()
    stored = await on.db.channelStats.find_one({"channelId": str(on.general.id)})
    return 0 if stored is None else stored["metrics"]["messageCount"]
