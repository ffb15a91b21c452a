"""Events that nobody can read, sent to the running bot: it loses them, says so, and goes on counting."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
from structlog.testing import capture_logs

from bot.ingest.activities.channels import ChannelsListed
from tests.socket.test_bot_gateway import SECONDS, Scene, connect  # noqa: F401 - a fixture
from tests.support.discord_server import payloads
from tests.support.gateway_events import MISSING, SECRET, every_event, mutations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.ingest.activity import Activity
    from tests.support.discord_server.model import FakeGuild

UNHEARD_OF = ("SOMETHING_NEW", "RATE_LIMITED", "GUILD_JOIN_REQUEST_CREATE")
FRAMES = (
    b"[]",
    b'"x"',
    b"7",
    b"null",
    b"{",
    b"",
    b'{"op":10,"d":{}}',
    b'{"op":0,"t":"READY","s":2,"d":null}',
)


def push(on: Scene, event: str, data: object) -> None:
    """Send an event whatever the intents are."""
    for session in on.server.gateway.sessions_of(on.guild):
        session.push(event, msgspec.json.encode(data))


async def lives(on: Scene) -> None:
    """Wait until a message that is sent now is counted."""
    before = await on.counted()
    await on.server.send_message(on.general, on.ada)
    async with asyncio.timeout(SECONDS):
        while await on.counted() <= before:
            assert not on.app.client.is_closed()
            await asyncio.sleep(0.005)


async def wreck(on: Scene) -> tuple[FakeGuild, dict[str, Any]]:
    """A second server, about which Discord talks strangely."""
    guild = on.server.world.guild("wreck")
    room, who = guild.text_channel("deck"), guild.member("bob")
    events = every_event(guild, room, who)
    push(on, "GUILD_CREATE", events["GUILD_CREATE"])
    return guild, events


def at_once(on: Scene) -> None:
    """Have discord.py connect again without its pause."""
    for shard in on.app.client.shards.values():
        shard._parent._backoff.delay = lambda: 0.0  # type: ignore[assignment, method-assign]


async def send_all(on: Scene, event: str, strange: Iterable[object]) -> None:
    for number, data in enumerate(strange):
        push(on, event, data)
        if number % 100 == 0:
            await asyncio.sleep(0)


async def read_everything(on: Scene) -> set[int]:
    """Do what the jobs do each hour; the servers whose channels were listed."""
    listed: set[int] = set()
    client, record = on.app.client, on.app.recorder.record
    listener: Any = client.get_cog("ChannelListener")

    def hear(activity: Activity) -> None:
        record(activity)
        if isinstance(activity, ChannelsListed):
            listed.add(activity.guild)

    listener._record = hear
    client.ask_for_readings()
    await client.count_members()
    await on.app.services.comparer.watch()
    on.app.services.voice.tick()
    async with asyncio.timeout(SECONDS):
        await on.app.services.names.save()
    await lives(on)
    return listed


async def test_every_event_may_be_strange_and_nothing_ends(connect: Callable[..., Any]) -> None:  # noqa: F811
    async with connect() as on:
        guild, events = await wreck(on)
        known = set(on.app.client._connection.parsers) - {"READY", "RESUMED"}
        assert known <= events.keys(), "each kind that discord.py reads"
        await lives(on)
        with capture_logs() as logs:
            for event, payload in events.items():
                await send_all(on, event, mutations(payload))
                await lives(on)
                push(on, "GUILD_CREATE", events["GUILD_CREATE"])
            for event in UNHEARD_OF:
                await send_all(on, event, mutations(events["MESSAGE_CREATE"]))
            await lives(on)
            assert on.guild.id in await read_everything(on), "no strange server keeps another from being read"
        assert len(on.server.records.identifies) == 1, "no event but the session's own ends a connection"
        lost = [each for each in logs if each["event"] == "an event cannot be read and is lost"]
        assert {"MESSAGE_REACTION_ADD", "APPLICATION_COMMAND_PERMISSIONS_UPDATE"} <= {e["kind"] for e in lost}
        assert len(lost) == len({each["kind"] for each in lost}), "each kind is told once"
        assert SECRET not in str([{k: v for k, v in each.items() if k != "exc_info"} for each in logs])
        on.server.gateway.invalidate(resumable=False)
        await on.server.records.until(lambda: len(on.server.records.identifies) == 2, timeout=SECONDS)
        await on.server.connected(timeout=SECONDS)
        await lives(on)
        await on.server.send_message(guild.channels[next(iter(guild.channels))], guild.member("bob"))
        async with asyncio.timeout(SECONDS):
            while not await on.db.channelStats.count_documents({"guildId": str(guild.id)}):
                await on.app.recorder.flush()


async def test_a_session_that_cannot_be_read_is_left_for_a_new_one(connect: Callable[..., Any]) -> None:  # noqa: F811
    async with connect() as on:
        at_once(on)
        await lives(on)
        for number, frame in enumerate(FRAMES, 2):
            for connection in on.server.gateway.connections:
                connection.write([frame])
            await on.server.records.until(
                lambda n=number: len(on.server.records.identifies) == n, timeout=SECONDS
            )
            await on.server.connected(timeout=SECONDS)
            await lives(on)
        assert len(await on.ranges()) > 1, "what may be missing is not counted as read"


async def comes_back(on: Scene) -> None:
    """Send messages until one is counted: those sent while there is no session are missed."""
    before = await on.counted()
    async with asyncio.timeout(2 * SECONDS):
        while await on.counted() <= before:
            assert not on.app.client.is_closed()
            await on.server.send_message(on.general, on.ada)
            await asyncio.sleep(0.05)


async def test_a_strange_ready_is_no_end(connect: Callable[..., Any]) -> None:  # noqa: F811
    async with connect() as on:
        at_once(on)
        await lives(on)
        ready = {
            "v": 10,
            "user": payloads.bot_user(on.server.world),
            "guilds": [{"id": str(on.guild.id), "unavailable": True}],
            "session_id": "another",
            "resume_gateway_url": on.server.gateway.url,
            "shard": [0, 1],
            "application": {"id": str(on.server.world.bot.id), "flags": 0},
        }
        for field in ready:
            for strange in (None, "words", 7, [], {}, MISSING):
                data = {name: each for name, each in ready.items() if name != field}
                data |= {} if strange is MISSING else {field: strange}
                push(on, "READY", data)
                push(on, "RESUMED", strange if strange is not MISSING else [])
                await asyncio.sleep(0)
                on.server.gateway.invalidate(resumable=False)
                await comes_back(on)


async def test_a_message_that_cannot_be_read_lies_in_a_range(connect: Callable[..., Any]) -> None:  # noqa: F811
    async with connect() as on:
        await on.server.send_message(on.general, on.ada)
        await on.until_counted(1)
        ranges = await on.ranges()
        lost = on.server.world.message(on.general, on.ada)
        body = lost.payload(content=True) | {"guild_id": str(on.guild.id), "author": None}
        await on.server.dispatch(on.guild, "MESSAGE_CREATE", body)
        after = await on.server.send_message(on.general, on.ada)
        await on.until_counted(2)
        (opened,) = [each for each in await on.ranges() if each not in ranges]
        assert opened["after"] < lost.id < opened["before"] == after.id


async def test_who_has_an_unreadable_voice_state_is_no_longer_in_voice(connect: Callable[..., Any]) -> None:  # noqa: F811
    async with connect() as on:
        room = on.guild.voice_channel("room")
        await on.server.dispatch(on.guild, "CHANNEL_CREATE", payloads.channel(room))
        await on.server.move_voice(on.ada, room)
        tracked = on.app.services.voice._guilds
        async with asyncio.timeout(SECONDS):
            while not any(each.stays for each in tracked.values()):
                await asyncio.sleep(0.005)
        body = payloads.voice_state(on.guild.voice[on.ada.id], channel_id=room.id) | {"channel_id": "nowhere"}
        await on.server.dispatch(on.guild, "VOICE_STATE_UPDATE", body)
        async with asyncio.timeout(SECONDS):
            while any(each.stays for each in tracked.values()):
                await asyncio.sleep(0.005)
