"""Messages read out of raw payloads, held against discord.py's own reading of the same payloads."""

import copy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
import simcord
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.client import ClientOptions, ServerstatsClient
from bot.ingest.activities.messages import UNSCORED, MessageSent
from bot.ingest.activity import Activity
from bot.ingest.calendars import Calendars
from bot.ingest.gauges import MemberGauge
from bot.ingest.sessions import GatewaySessions
from bot.ingest.voice import Moment, VoiceTracker
from bot.preferences import Preferences
from cogs.listeners.messages import place_of
from cogs.listeners.raw_gateway import TRIAL, RawGateway
from tests.discord.stage import ZONE, FixedClock, MemoryCharts, MemoryReader, fresh_client

Payload = dict[str, Any]
FIRST_ID = 1_400_000_000_000_000_000
AUTHOR = {"id": "500", "username": "ada", "discriminator": "0", "avatar": None, "global_name": None}
MEMBER = {
    "roles": [],
    "joined_at": "2024-01-01T00:00:00+00:00",
    "deaf": False,
    "mute": False,
    "flags": 0,
    "nick": None,
    "avatar": None,
    "premium_since": None,
    "pending": False,
    "communication_disabled_until": None,
}
ATTACHMENT = {"id": "1", "filename": "a.png", "size": 1, "url": "https://a", "proxy_url": "https://a"}
STICKER = {"id": "2", "name": "wave", "format_type": 1}
POLL = {
    "question": {"text": "?"},
    "answers": [{"answer_id": 1, "poll_media": {"text": "yes"}}],
    "expiry": "2026-01-02T00:00:00+00:00",
    "allow_multiselect": False,
    "layout_type": 1,
}


class Recorded:
    """Keeps what is recorded."""

    def __init__(self) -> None:
        self.sessions = GatewaySessions()
        self.all: list[Activity] = []

    def record(self, activity: Activity) -> None:
        self.all.append(activity)

    @property
    def messages(self) -> list[MessageSent]:
        return [activity for activity in self.all if isinstance(activity, MessageSent)]


@dataclass
class Scene:
    """A running bot, and where its messages come from."""

    env: simcord.Env
    recorded: Recorded
    guild_id: int
    channel_id: int
    thread_id: int
    sent: int = 0

    @property
    def client(self) -> ServerstatsClient:
        assert isinstance(self.env.bot, ServerstatsClient)
        return self.env.bot

    @property
    def parsers(self) -> dict[str, Any]:
        parsers: dict[str, Any] = self.client._connection.parsers
        return parsers

    def payload(self, **parts: object) -> Payload:
        self.sent += 1
        made = {
            "id": str(FIRST_ID + (self.sent << 22)),
            "guild_id": str(self.guild_id),
            "channel_id": str(self.channel_id),
            "channel_type": 0,
            "type": 0,
            "author": AUTHOR,
            "member": MEMBER,
            "content": "",
            "timestamp": "2026-01-01T00:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "pinned": False,
            "flags": 0,
        }
        return copy.deepcopy({**made, **parts})

    async def deliver(self, payload: Payload) -> list[MessageSent]:
        """Let the bot have it; what was recorded of it."""
        before = len(self.recorded.messages)
        self.parsers["MESSAGE_CREATE"](payload)
        await self.env.settle()
        return self.recorded.messages[before:]

    async def trust(self) -> None:
        """Let the trial pass."""
        for _ in range(TRIAL):
            assert await self.deliver(self.payload())


@asynccontextmanager
async def scene(*, content: bool = True, sentiment: bool = False) -> AsyncIterator[Scene]:
    clock, recorded, calendars = FixedClock(), Recorded(), Calendars(ZoneInfo(ZONE))
    services = replace(
        fresh_client(MemoryReader(), MemoryCharts(), message_content=content).services,
        recording=recorded,
        clock=clock,
        calendars=calendars,
        members=MemberGauge(recorded.record, calendars, clock),
        voice=VoiceTracker(recorded.record, calendars.label, lambda: Moment(0, clock.now_ms())),
    )
    options = ClientOptions(message_content=content, shard_count=1, extensions=("cogs.listeners",))
    async with simcord.run(ServerstatsClient(services, options)) as env:
        guild = env.create_guild("A server")
        channel = guild.create_text_channel("general")
        known = env.bot.get_channel(channel.id)
        assert isinstance(known, discord.TextChannel)
        thread = await known.create_thread(name="a thread", type=discord.ChannelType.public_thread)
        await env.settle()
        if sentiment:
            services.preferences._known[guild.id] = Preferences(sentiment_after=FIRST_ID)
            await services.sentiment.prepare()
        yield Scene(env, recorded, guild.id, channel.id, thread.id)


def differently(payload: Payload) -> st.SearchStrategy[Payload]:
    """The payload with parts that decide what is counted."""
    reference = st.sampled_from([{"type": 0}, {"type": 1}, {}]).map(
        lambda kind: {
            **kind,
            "message_id": "7",
            "channel_id": payload["channel_id"],
            "guild_id": payload["guild_id"],
        }
    )
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from([0, 0, 0, 6, 7, 18, 19, 20, 21, 23, 24, 46, 999]),
            "author": st.sampled_from([AUTHOR, {**AUTHOR, "bot": True}, {**AUTHOR, "bot": False}]),
            "webhook_id": st.sampled_from([None, "9"]),
            "message_reference": reference,
            "attachments": st.sampled_from([[], [ATTACHMENT]]),
            "embeds": st.sampled_from([[], [{"type": "rich", "title": "t"}]]),
            "sticker_items": st.sampled_from([[], [STICKER]]),
            "poll": st.just(POLL),
            "content": st.sampled_from(["", "I love it", "this is terrible", "which version?"]),
        },
    ).map(lambda parts: {**payload, **parts})


@pytest.mark.parametrize(("content", "sentiment"), [(True, False), (True, True), (False, True)])
async def test_a_raw_payload_says_what_discord_py_says(*, content: bool, sentiment: bool) -> None:
    async with scene(content=content, sentiment=sentiment) as on:
        await on.trust()
        raw = on.parsers["MESSAGE_CREATE"].parse.__self__

        @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(st.data())
        def check(data: st.DataObject) -> None:
            where = data.draw(st.sampled_from([on.channel_id, on.thread_id]))
            payload: Any = data.draw(differently(on.payload(channel_id=str(where))))
            channel = raw._channel(payload)
            state = on.client._connection
            quick = raw._read(copy.deepcopy(payload), channel)
            message = discord.Message(state=state, channel=channel, data=copy.deepcopy(payload))
            assert quick == raw._translator.message(message)

        check()


async def test_each_message_is_recorded_once_in_the_trial_and_after_it() -> None:
    async with scene() as on:
        await on.trust()
        payload = on.payload(channel_id=str(on.thread_id), attachments=[ATTACHMENT])
        (sent,) = await on.deliver(payload)
        assert (sent.channel, sent.thread, sent.id) == (on.channel_id, on.thread_id, int(payload["id"]))
        assert len(on.recorded.messages) == TRIAL + 1
        channel = on.client.get_channel(on.thread_id)
        assert isinstance(channel, discord.Thread)
        assert channel.last_message_id == sent.id


async def test_no_message_object_is_made_once_it_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    async with scene() as on:
        await on.trust()
        monkeypatch.delattr(discord.Message, "__init__")
        assert await on.deliver(on.payload())


async def test_who_else_listens_gets_messages_and_they_are_recorded_once() -> None:
    async with scene() as on:
        await on.trust()
        heard: list[int] = []

        async def listen(message: discord.Message) -> None:
            heard.append(message.id)

        on.client.add_listener(listen, "on_message")
        payload = on.payload()
        assert [sent.id for sent in await on.deliver(payload)] == [int(payload["id"])] == heard
        on.client.remove_listener(listen, "on_message")
        assert await on.deliver(on.payload())
        assert len(heard) == 1


@pytest.mark.parametrize("strange", [{"type": None}, {"message_reference": "a"}])
async def test_a_message_that_nobody_can_read_is_lost_alone_and_lies_in_a_range(strange: Payload) -> None:
    async with scene() as on:
        await on.trust()
        (last,) = await on.deliver(on.payload())
        elsewhere = on.recorded.sessions.of(0, on.guild_id, 42)
        with capture_logs() as logs:
            assert not await on.deliver({**on.payload(type=0), **strange, "id": None})
        assert [entry["event"] for entry in logs] == ["an event cannot be read and is lost"]
        assert on.parsers["MESSAGE_CREATE"].parse.__self__._trusted, "the next one is read raw again"
        (following,) = await on.deliver(on.payload())
        assert following.session != last.session, "a range opens over what could not be read"
        assert on.recorded.sessions.of(0, on.guild_id, 42) == elsewhere, "no other channel misses anything"


async def test_a_message_that_discord_py_alone_can_read_is_left_to_it_from_then_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with scene() as on:
        await on.trust()
        monkeypatch.delattr(RawGateway, "_read")
        with capture_logs() as logs:
            assert len(await on.deliver(on.payload())) == 1
            assert len(await on.deliver(on.payload())) == 1
        assert [entry["event"] for entry in logs] == ["messages look unfamiliar: they are read the slow way"]


async def test_a_reading_that_differs_from_discord_pys_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async with scene() as on:
        raw = on.parsers["MESSAGE_CREATE"].parse.__self__
        monkeypatch.setattr(raw, "_flags", lambda _data: 0)
        payload = on.payload(attachments=[ATTACHMENT])
        with capture_logs() as logs:
            (sent,) = await on.deliver(payload)
        assert sent.flags != 0
        assert logs[0]["cause"] == "ValueError"
        assert not raw._trusted


async def test_a_message_right_behind_ready_belongs_to_the_new_session() -> None:
    async with scene() as on:
        (before,) = await on.deliver(on.payload())
        raw = on.parsers["READY"].__self__
        raw._ready = lambda _data: None  # discord.py's own part needs a whole READY
        on.parsers["READY"]({"shard": [0, 1]})
        on.parsers["MESSAGE_CREATE"](on.payload())
        after = on.recorded.messages[-1]
        assert after.session != before.session


async def test_a_message_counts_for_no_channel_that_nobody_knows() -> None:
    async with scene() as on:
        await on.trust()
        raw = on.parsers["MESSAGE_CREATE"]
        session = on.recorded.sessions.of(0, on.guild_id, 42)
        assert await on.deliver(on.payload(channel_id="42")) == []
        assert on.recorded.sessions.of(0, on.guild_id, 42) != session, "the next one opens a range"
        assert on.parsers["MESSAGE_CREATE"] == raw, "it is read as fast as before"


@pytest.mark.parametrize("slowly", [True, False])
async def test_a_thread_that_was_asked_for_counts_for_its_channel(*, slowly: bool) -> None:
    async with scene() as on:
        await on.trust()

        async def listen(_message: discord.Message) -> None: ...

        if slowly:
            on.client.add_listener(listen, "on_message")
        thread = on.client.get_channel(on.thread_id)
        assert isinstance(thread, discord.Thread)
        thread.guild._remove_thread(thread)
        raw = on.parsers["MESSAGE_CREATE"].parse.__self__
        assert on.client.get_channel(on.thread_id) is None
        raw._places._remember(thread)
        (sent,) = await on.deliver(on.payload(channel_id=str(on.thread_id)))
        assert (sent.channel, sent.thread) == (on.channel_id, on.thread_id)
        raw._places._known.clear()
        assert await on.deliver(on.payload(channel_id="42")) == []
        on.client.remove_listener(listen, "on_message")


async def test_what_is_no_place_counts_nowhere() -> None:
    async with scene() as on:
        unknown = on.client.get_partial_messageable(42, guild_id=on.guild_id)
        with pytest.raises(TypeError, match="PartialMessageable"):
            place_of(unknown)


async def test_a_message_of_a_server_that_is_not_there_opens_a_range_when_it_comes() -> None:
    async with scene() as on:
        await on.trust()
        sessions, guild = on.recorded.sessions, on.client.get_guild(on.guild_id)
        assert guild is not None
        for guild_id in (on.guild_id, 77):
            guild.unavailable = guild_id == on.guild_id
            before = sessions.of(0, guild_id, 42)
            assert await on.deliver(on.payload(guild_id=str(guild_id), channel_id="42")) == []
            assert sessions.of(0, guild_id, 42) != before


async def test_a_message_is_scored_only_where_that_is_on_and_discord_shows_it() -> None:
    for content, sentiment, expected in ((True, True, True), (True, False, False), (False, True, False)):
        async with scene(content=content, sentiment=sentiment) as on:
            await on.trust()
            (kind,) = await on.deliver(on.payload(content="I love it"))
            (plain,) = await on.deliver(on.payload(content="which version?"))
            assert (kind.sentiment or 0) > 0 if expected else kind.sentiment is None
            assert plain.sentiment == (UNSCORED if expected else None)
