from __future__ import annotations

import asyncio
import io
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

import aiohttp
import discord
import pytest
from discord import app_commands
from discord.http import Route

from tests.support.discord_server.faults import Bucket, Dropped, Failing, RateLimited
from tests.support.discord_server.intents import MESSAGE_CONTENT
from tests.support.discord_server.model import FakeChannel, FakeGuild, FakeMember, World
from tests.support.discord_server.permissions import Permission
from tests.support.discord_server.pointing import discord_pointed_at
from tests.support.discord_server.server import DiscordServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.discord_server.interactions import OptionValue

CONNECTED_WITHIN = 5.0


class Client(discord.Client):
    """A bot that notes what it is told. It waits nowhere that discord.py would wait for Discord's sake."""

    def __init__(self, *, intents: discord.Intents | None = None, heartbeat_timeout: float = 60.0) -> None:
        super().__init__(
            intents=discord.Intents.all() if intents is None else intents,
            guild_ready_timeout=0.05,
            heartbeat_timeout=heartbeat_timeout,
        )
        self.seen: list[discord.Message] = []
        self.resumes = 0
        self.readies = 0
        self.changed = asyncio.Event()

    @classmethod
    def without_content(cls) -> Self:
        intents = discord.Intents.all()
        intents.message_content = False
        return cls(intents=intents)

    async def before_identify_hook(self, _shard_id: int | None, *, initial: bool = False) -> None:
        assert initial in {True, False}

    async def on_message(self, message: discord.Message) -> None:
        self.seen.append(message)
        self.changed.set()

    async def on_resumed(self) -> None:
        self.resumes += 1
        self.changed.set()

    async def on_ready(self) -> None:
        self.readies += 1
        self.changed.set()

    async def until(self, **wanted: int) -> None:
        """Wait until counts of `seen`, `resumes` or `readies` are reached."""
        async with asyncio.timeout(CONNECTED_WITHIN):
            while any(self._count(name) < number for name, number in wanted.items()):
                self.changed.clear()
                await self.changed.wait()

    def _count(self, name: str) -> int:
        return {"seen": len(self.seen), "resumes": self.resumes, "readies": self.readies}[name]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def guild(world: World) -> FakeGuild:
    return world.guild("harbour")


@pytest.fixture
def general(guild: FakeGuild) -> FakeChannel:
    return guild.text_channel("general")


@pytest.fixture
def ada(guild: FakeGuild) -> FakeMember:
    return guild.member("ada")


@pytest.fixture
async def server(world: World) -> AsyncIterator[DiscordServer]:
    async with DiscordServer(world) as running:
        with discord_pointed_at(running.base_url):
            yield running


@asynccontextmanager
async def connected(client: Client) -> AsyncIterator[Client]:
    async with client:
        task = asyncio.create_task(client.start("fake-token"))
        waiting = asyncio.create_task(client.until(readies=1))
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            waiting.cancel()
            await task
        await waiting
        yield client
    await task


async def test_client_becomes_ready_with_servers_members_and_channels(
    server: DiscordServer, guild: FakeGuild, general: FakeChannel, ada: FakeMember
) -> None:
    async with connected(Client()) as client:
        seen = client.get_guild(guild.id)
        assert seen is not None
        assert seen.get_channel(general.id) is not None
        assert {member.id for member in seen.members} == set(guild.members)
        assert seen.get_member(ada.id) is not None
        assert seen.me.guild_permissions.view_audit_log
    [identify] = server.records.identifies
    assert identify.shard == (0, 1)
    assert identify.compress == "zstd-stream"
    assert identify.intents & MESSAGE_CONTENT
    await server.records.until(lambda: len(server.records.closes) == 1)
    assert server.records.unknown == []


async def test_message_comes_with_author_and_server_from_the_cache(
    server: DiscordServer, guild: FakeGuild, general: FakeChannel, ada: FakeMember
) -> None:
    async with connected(Client()) as client:
        first = await server.send_message(general, ada, content="hello", attachments=[])
        await server.send_message(general, guild.member("ben"), content="hi", reply_to=first, mentions=[ada])
        await client.until(seen=2)
        hello, answer = client.seen
        assert hello.guild is not None
        assert hello.guild is client.get_guild(guild.id)
        assert hello.author is hello.guild.get_member(ada.id)
        assert (hello.content, hello.type) == ("hello", discord.MessageType.default)
        assert abs(hello.created_at - datetime.now(UTC)) < timedelta(seconds=10)
        assert answer.type is discord.MessageType.reply
        assert answer.reference is not None
        assert answer.reference.message_id == first.id
        assert [member.id for member in answer.mentions] == [ada.id]


async def test_without_the_content_intent_text_and_files_are_empty(
    server: DiscordServer, general: FakeChannel, ada: FakeMember
) -> None:
    async with connected(Client.without_content()) as client:
        files = [{"id": "1", "filename": "a.png", "size": 1, "url": "x", "proxy_url": "x"}]
        await server.send_message(general, ada, content="secret", attachments=files, stickers=["wave"])
        await server.send_message(general, ada, content="for you", mentions=[ada.guild.me])
        await client.until(seen=2)
        assert (client.seen[0].content, client.seen[0].attachments) == ("", [])
        assert [sticker.name for sticker in client.seen[0].stickers] == ["wave"]
        assert client.seen[1].content == "for you"


async def test_channel_the_bot_may_not_see_stays_silent(
    server: DiscordServer, guild: FakeGuild, general: FakeChannel, ada: FakeMember
) -> None:
    hidden = guild.text_channel("staff")
    hidden.overwrite(guild.everyone, deny=Permission.VIEW_CHANNEL)
    hidden.overwrite(guild.me.roles[0], deny=Permission.VIEW_CHANNEL)
    async with connected(Client()) as client:
        await server.send_message(hidden, ada, content="psst")
        await server.send_message(general, ada, content="loud")
        await client.until(seen=1)
        assert [message.content for message in client.seen] == ["loud"]


async def test_resume_replays_what_was_missed_once_and_in_order(
    server: DiscordServer, general: FakeChannel, ada: FakeMember
) -> None:
    async with connected(Client()) as client:
        sent = [await server.send_message(general, ada) for _ in range(10)]
        await client.until(seen=10)
        server.gateway.drop()
        sent += [await server.send_message(general, ada) for _ in range(10)]
        await client.until(resumes=1)
        sent += [await server.send_message(general, ada) for _ in range(10)]
        await client.until(seen=30)
        assert [message.id for message in client.seen] == [message.id for message in sent]
    [resume] = server.records.resumes
    assert resume.replayed == 10
    assert len(server.records.identifies) == 1


async def test_resume_can_deliver_events_twice(
    server: DiscordServer, general: FakeChannel, ada: FakeMember
) -> None:
    async with connected(Client()) as client:
        server.gateway.behaviour.resume_overlap = 3
        sent = [await server.send_message(general, ada) for _ in range(5)]
        await client.until(seen=5)
        server.gateway.drop()
        await client.until(resumes=1, seen=8)
        assert [each.id for each in client.seen] == [each.id for each in sent + sent[2:]]


async def test_same_message_can_be_sent_again(
    server: DiscordServer, general: FakeChannel, ada: FakeMember
) -> None:
    async with connected(Client()) as client:
        sent = await server.send_message(general, ada, content="once")
        await server.redeliver(sent)
        await client.until(seen=2)
        assert [(each.id, each.content) for each in client.seen] == [(sent.id, "once")] * 2
        assert len(general.history) == 1


async def test_opcode_7_makes_the_client_resume(
    server: DiscordServer, general: FakeChannel, ada: FakeMember
) -> None:
    async with connected(Client()) as client:
        server.gateway.ask_to_reconnect()
        sent = await server.send_message(general, ada)
        await client.until(resumes=1, seen=1)
        assert [each.id for each in client.seen] == [sent.id]
    assert len(server.records.identifies) == 1


async def test_opcode_9_makes_the_client_identify_anew(
    server: DiscordServer, general: FakeChannel, ada: FakeMember
) -> None:
    async with connected(Client()) as client:
        server.gateway.invalidate()
        await client.until(readies=2)
        await server.send_message(general, ada)
        await client.until(seen=1)
        assert client.resumes == 0
    assert len({identify.session_id for identify in server.records.identifies}) == 2


async def test_refused_resume_makes_the_client_identify_anew(server: DiscordServer, guild: FakeGuild) -> None:
    async with connected(Client()) as client:
        server.gateway.behaviour.accept_resumes = False
        server.gateway.drop()
        await client.until(readies=2)
        assert client.get_guild(guild.id) is not None
    assert [resume.replayed for resume in server.records.resumes] == [None]


async def test_close_code_of_a_dead_session_makes_the_client_identify_anew(server: DiscordServer) -> None:
    async with connected(Client()) as client:
        await server.gateway.close(4009)
        await client.until(readies=2)
    assert [resume.replayed for resume in server.records.resumes] == [None]
    assert server.records.closes[0] == 4009


async def test_close_code_that_ends_it_ends_the_client(server: DiscordServer) -> None:
    async with Client() as client:
        task = asyncio.create_task(client.start("fake-token"))
        await server.connected()
        await server.gateway.close(4004)
        with pytest.raises(discord.ConnectionClosed) as caught:
            await task
        assert caught.value.code == 4004


async def test_silent_gateway_is_left_and_the_session_resumed(
    server: DiscordServer, general: FakeChannel, ada: FakeMember
) -> None:
    server.gateway.behaviour.heartbeat_interval = 0.1
    async with connected(Client(heartbeat_timeout=0.25)) as client:
        await server.records.until(lambda: server.records.heartbeats >= 3)
        server.gateway.behaviour.acknowledge_heartbeats = False
        await server.records.until(lambda: len(server.records.resumes) >= 1)
        server.gateway.behaviour.acknowledge_heartbeats = True
        await client.until(resumes=1)
        sent = await server.send_message(general, ada)
        await client.until(seen=1)
        assert [each.id for each in client.seen] == [sent.id]


async def test_heartbeats_tell_what_arrived_and_free_the_replay_log(
    server: DiscordServer, general: FakeChannel, ada: FakeMember
) -> None:
    server.gateway.behaviour.heartbeat_interval = 0.1
    async with connected(Client()) as client:
        for _ in range(5):
            await server.send_message(general, ada)
        await client.until(seen=5)
        [session] = server.gateway.sessions.values()
        await server.records.until(lambda: session.acknowledged == session.seq)
        assert session.oldest == session.seq + 1
        assert not session.can_replay(session.seq - 1)


async def test_held_traffic_comes_in_order_after_release(
    server: DiscordServer, general: FakeChannel, ada: FakeMember
) -> None:
    async with connected(Client()) as client:
        server.gateway.hold()
        sent = [await server.send_message(general, ada) for _ in range(5)]
        await asyncio.sleep(0.05)
        assert client.seen == []
        server.gateway.release()
        await client.until(seen=5)
        assert [each.id for each in client.seen] == [each.id for each in sent]


async def test_each_shard_hears_of_its_servers_only(world: World, server: DiscordServer) -> None:
    guilds = [world.guild(f"g{at}", guild_id=(1000 + at) << 22) for at in range(4)]

    class Sharded(discord.AutoShardedClient):
        async def before_identify_hook(self, _shard_id: int | None, *, initial: bool = False) -> None:
            assert initial in {True, False}

    async with Sharded(intents=discord.Intents.all(), shard_count=2, guild_ready_timeout=0.05) as client:
        task = asyncio.create_task(client.start("fake-token"))
        await server.connected(2)
        async with asyncio.timeout(CONNECTED_WITHIN):
            while not client.is_ready():
                await asyncio.sleep(0.01)
        assert {seen.id: seen.shard_id for seen in client.guilds} == {
            made.id: at % 2 for at, made in enumerate(guilds)
        }
        shards = {session.shard: session for session in server.gateway.sessions.values()}
        before = {shard: session.seq for shard, session in shards.items()}
        await server.send_message(guilds[1].text_channel("general"), guilds[1].member("ada"))
        assert shards[0, 2].seq == before[0, 2]
        assert shards[1, 2].seq == before[1, 2] + 1
    await task
    await server.records.until(lambda: server.gateway.sessions == {})
    assert server.records.closes == [1000, 1000], "a goodbye that ends the sessions"


async def test_wrong_token_and_missing_switch_are_refused(world: World, server: DiscordServer) -> None:
    async with Client() as client:
        with pytest.raises(discord.LoginFailure):
            await client.start("wrong")
    world.application_flags = 0
    async with Client() as client:
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await client.start("fake-token")
    assert server.records.closes == [4014]


async def test_429_is_waited_for_and_tried_again(server: DiscordServer, general: FakeChannel) -> None:
    async with connected(Client()) as client:
        channel = client.get_partial_messageable(general.id)
        server.rules.add(RateLimited(0.05), path=r"/channels/\d+/messages", method="POST", times=2)
        server.rules.add(
            RateLimited(0.05, is_global=True, retry_after_header=False), path=r"/channels/\d+/messages"
        )
        posted = await channel.send("after all")
        statuses = [each.status for each in server.records.requests if each.path.endswith("/messages")]
        assert statuses == [429, 429, 429, 200]
        assert general.history.get(posted.id) is not None
        assert len(general.history) == 1


async def test_cloudflares_429_is_an_error(server: DiscordServer, general: FakeChannel) -> None:
    async with connected(Client()) as client:
        server.rules.add(RateLimited(blocked=True), method="POST")
        with pytest.raises(discord.HTTPException) as caught:
            await client.get_partial_messageable(general.id).send("x")
        assert caught.value.status == 429


async def test_bucket_headers_pace_the_client_so_that_no_429_comes(
    server: DiscordServer, general: FakeChannel
) -> None:
    bucket = Bucket(limit=2, per=0.15, path=r"/channels/\d+/messages", method="GET")
    server.rules.buckets.append(bucket)
    async with connected(Client()) as client:
        channel = client.get_partial_messageable(general.id)
        began = asyncio.get_running_loop().time()
        for _ in range(5):
            assert [message async for message in channel.history(limit=10)] == []
        assert asyncio.get_running_loop().time() - began >= 0.25
    assert bucket.refused == 0
    assert server.records.count("GET", f"/channels/{general.id}/messages") == 5


async def test_global_bucket_refuses_what_is_too_much(server: DiscordServer) -> None:
    server.rules.buckets.append(Bucket(limit=3, per=60, is_global=True))
    headers = {"Authorization": "Bot fake-token"}
    async with aiohttp.ClientSession(server.base_url, headers=headers) as session:
        for status in (200, 200, 200, 429):
            async with session.get("/api/v10/users/@me") as answer:
                assert answer.status == status
        assert answer.headers["X-RateLimit-Scope"] == "global"


async def test_failing_and_cut_requests(server: DiscordServer, general: FakeChannel) -> None:
    async with connected(Client()) as client:
        channel = client.get_partial_messageable(general.id)
        server.rules.add(Failing(403, 50013, "Missing Permissions"), method="POST")
        with pytest.raises(discord.Forbidden):
            await channel.send("no")
        server.rules.add(Dropped(handled=False), method="POST")
        with pytest.raises(aiohttp.ClientError):
            await channel.send("never arrives")
        assert len(general.history) == 0
        server.rules.add(Dropped(handled=True), method="POST")
        with pytest.raises(aiohttp.ClientError):
            await channel.send("arrives, but nobody says so")
        assert len(general.history) == 1


async def test_history_is_paged_in_both_directions(
    world: World, server: DiscordServer, general: FakeChannel, ada: FakeMember
) -> None:
    start = datetime(2025, 6, 1, tzinfo=UTC)
    made = [
        world.message(general, ada, at=start + timedelta(minutes=at), content=str(at)) for at in range(250)
    ]
    async with connected(Client()) as client:
        channel = client.get_partial_messageable(general.id)
        newest_first = [message async for message in channel.history(limit=None)]
        assert [each.id for each in newest_first] == [each.id for each in reversed(made)]
        assert newest_first[-1].created_at == start
        oldest_first = [
            message async for message in channel.history(limit=None, after=discord.Object(made[99].id))
        ]
        assert [each.content for each in oldest_first] == [str(at) for at in range(100, 250)]
        before = [message async for message in channel.history(limit=5, before=discord.Object(made[5].id))]
        assert [each.content for each in before] == ["4", "3", "2", "1", "0"]
        around = [message async for message in channel.history(limit=5, around=discord.Object(made[50].id))]
        assert sorted(int(each.content) for each in around) == [48, 49, 50, 51, 52]
    pages = [each.query for each in server.records.requests if each.path.endswith("/messages")]
    assert all(page["limit"] == "100" for page in pages[:3])


async def test_history_needs_permissions_in_discords_way(
    world: World, server: DiscordServer, guild: FakeGuild, general: FakeChannel, ada: FakeMember
) -> None:
    world.message(general, ada)
    own_role = guild.me.roles[0]
    async with connected(Client()) as client:
        channel = client.get_partial_messageable(general.id)
        general.overwrite(own_role, deny=Permission.READ_MESSAGE_HISTORY)
        assert [message async for message in channel.history()] == []
        general.overwrite(own_role, deny=Permission.VIEW_CHANNEL)
        with pytest.raises(discord.Forbidden):
            await anext(channel.history())
        with pytest.raises(discord.NotFound):
            await anext(client.get_partial_messageable(1).history())
    assert server.records.unknown == []


async def test_archived_threads_are_paged_by_time(
    server: DiscordServer, guild: FakeGuild, general: FakeChannel, ada: FakeMember
) -> None:
    start = datetime(2025, 6, 1, tzinfo=UTC)
    for at in range(5):
        thread = guild.thread(general, f"t{at}", ada)
        thread.archived_at = (start + timedelta(hours=at)).isoformat()
    guild.thread(general, "open", ada)
    async with connected(Client()) as client:
        channel = client.get_channel(general.id)
        assert isinstance(channel, discord.TextChannel)
        assert [thread.name for thread in channel.threads] == ["open"]
        names = [thread.name async for thread in channel.archived_threads(limit=3)]
        assert names == ["t4", "t3", "t2"]
        older = [thread.name async for thread in channel.archived_threads(before=start + timedelta(hours=2))]
        assert older == ["t1", "t0"]
    assert server.records.unknown == []


async def test_private_archived_threads_that_the_bot_is_in_are_paged_by_id(
    server: DiscordServer, guild: FakeGuild, general: FakeChannel, ada: FakeMember
) -> None:
    start = datetime(2025, 6, 1, tzinfo=UTC)
    for at in range(6):
        thread = guild.thread(general, f"t{at}", ada, private=True)
        thread.archived_at = (start - timedelta(hours=at)).isoformat()
        thread.bot_joined = at != 3
    guild.thread(general, "open", ada, private=True).bot_joined = True
    async with connected(Client()) as client:
        channel = client.get_channel(general.id)
        assert isinstance(channel, discord.TextChannel)
        opened = next(iter(channel.threads))
        assert opened.me is not None
        threads = [each async for each in channel.archived_threads(private=True, joined=True, limit=3)]
        assert [each.name for each in threads] == ["t5", "t4", "t2"]
        before = discord.Object(threads[-1].id)
        older = [each async for each in channel.archived_threads(private=True, joined=True, before=before)]
        assert [each.name for each in older] == ["t1", "t0"]
        with pytest.raises(discord.Forbidden):
            await anext(channel.archived_threads(private=True))
    assert server.records.unknown == []


def stats_tree(client: Client) -> app_commands.CommandTree[Client]:
    """Two subcommands: one answers at once, one thinks first and then shows a file."""
    tree = app_commands.CommandTree(client)
    group = app_commands.Group(name="serverstats", description="figures")

    @group.command(description="an overview")
    async def overview(
        interaction: discord.Interaction[Client], days: int, who: discord.Member, where: discord.TextChannel
    ) -> None:
        allowed = interaction.permissions.manage_guild
        await interaction.response.send_message(f"{days} {who.name} {where.name} {allowed}", ephemeral=True)

    @group.command(description="a picture")
    async def chart(interaction: discord.Interaction[Client]) -> None:
        await interaction.response.defer()
        file = discord.File(io.BytesIO(b"png"), "chart.png")
        await interaction.edit_original_response(embed=discord.Embed(title="Chart"), attachments=[file])
        await interaction.followup.send("and more")

    tree.add_command(group)
    return tree


async def test_slash_command_is_answered_at_once(
    server: DiscordServer, general: FakeChannel, ada: FakeMember
) -> None:
    client = Client()
    tree = stats_tree(client)
    async with connected(client):
        [synced] = await tree.sync()
        assert [command["id"] for command in server.backend.commands[None]] == [str(synced.id)]
        options: dict[str, OptionValue] = {"days": 7, "who": ada, "where": general}
        done = await server.slash(general, ada, "serverstats", "overview", options=options)
        assert done.shown["content"] == "7 ada general False"
        assert done.shown["flags"] == 64
        assert 0 < done.first_response < 1
        assert len(general.history) == 0, "what only the member sees is no message of the channel"
        owner = ada.guild.member("owner")
        done = await server.slash(general, owner, "serverstats", "overview", options=options)
        assert done.shown["content"] == "7 ada general True"


async def test_slash_command_thinks_then_edits_and_follows_up(
    server: DiscordServer, general: FakeChannel, ada: FakeMember
) -> None:
    client = Client()
    tree = stats_tree(client)
    async with connected(client):
        await tree.sync(guild=discord.Object(ada.guild.id))
        done = await server.slash(general, ada, "serverstats", "chart")
        assert done.kind == 5
        [edit] = done.edits
        assert edit.payload["embeds"][0]["title"] == "Chart"
        assert [(sent.name, sent.data) for sent in edit.files] == [("chart.png", b"png")]
        assert edit.after > done.first_response
        await server.records.until(lambda: bool(done.followups))
        assert done.shown["content"] == "and more"
        await client.until(seen=2)
        shown, more = general.history.latest(2)
        assert shown.payload(content=True)["attachments"][0]["filename"] == "chart.png"
        assert more.payload(content=True)["content"] == "and more"


async def test_command_nobody_answers_times_out(
    server: DiscordServer, general: FakeChannel, ada: FakeMember
) -> None:
    async with connected(Client()):
        exchange = asyncio.create_task(server.interact(general, ada, 2, {"id": "1", "name": "x", "type": 1}))
        await asyncio.sleep(0.05)
        [opened] = server.backend.exchanges.values()
        assert opened.first_response == float("inf")
        with pytest.raises(TimeoutError):
            await opened.answered(0.01)
        exchange.cancel()


async def test_unknown_route_is_404_and_recorded(server: DiscordServer) -> None:
    async with connected(Client()) as client:
        with pytest.raises(discord.NotFound):
            await client.http.request(Route("GET", "/guilds/{guild_id}/nonsense", guild_id=1))
    assert [(each.method, each.path, each.status) for each in server.records.unknown] == [
        ("GET", "/guilds/1/nonsense", 404)
    ]


async def test_voice_moves_are_seen_and_kept_for_the_next_session(
    server: DiscordServer, guild: FakeGuild, ada: FakeMember
) -> None:
    lounge = guild.voice_channel("lounge")
    async with connected(Client()) as client:
        moved = asyncio.create_task(client.wait_for("voice_state_update", timeout=CONNECTED_WITHIN))
        await asyncio.sleep(0)
        await server.move_voice(ada, lounge)
        member, before, after = await moved
        assert (member.id, before.channel, after.channel) == (ada.id, None, client.get_channel(lounge.id))
    async with connected(Client()) as client:
        seen = client.get_channel(lounge.id)
        assert isinstance(seen, discord.VoiceChannel)
        assert list(seen.voice_states) == [ada.id]


async def test_pointing_is_undone_after_the_block(world: World) -> None:
    before = Route.BASE
    async with DiscordServer(world) as server:
        with discord_pointed_at(server.base_url):
            assert server.base_url in Route.BASE
    assert before == Route.BASE
