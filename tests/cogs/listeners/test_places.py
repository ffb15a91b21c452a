"""Events in channels and threads that are not in memory: held in order, let go once, never for long."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from structlog.testing import capture_logs

from bot.ingest.activities.messages import MessageSent
from bot.ingest.sessions import GatewaySessions
from cogs.listeners import places as module
from cogs.listeners.places import HELD, REMEMBERED, Places

GUILD, THREAD = 7, 42


@dataclass
class FakeGuild:
    """A server that knows some channels, and a Discord that answers when told."""

    id: int = GUILD
    unavailable: bool = False
    known: dict[int, Any] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)
    answers: dict[int, asyncio.Future[Any]] = field(default_factory=dict)

    def get_channel_or_thread(self, channel_id: int) -> object:
        return self.known.get(channel_id)

    async def fetch_channel(self, channel_id: int) -> object:
        self.asked.append(channel_id)
        return await self.answers.setdefault(channel_id, asyncio.get_running_loop().create_future())

    def answer(self, channel_id: int = THREAD) -> object:
        found = SimpleNamespace(id=channel_id, guild=self)
        self.answers[channel_id].set_result(found)
        return found


@dataclass
class Scene:
    """What a test acts on: what was recorded, what was left to history, and who hears events at once."""

    guild: FakeGuild = field(default_factory=FakeGuild)
    sessions: GatewaySessions = field(default_factory=GatewaySessions)
    recorded: list[MessageSent] = field(default_factory=list)
    touched: list[tuple[int, int]] = field(default_factory=list)
    heard: dict[str, Callable[..., None]] = field(default_factory=dict)
    places: Places = field(init=False)

    def __post_init__(self) -> None:
        history = SimpleNamespace(touch=self.touched.append)
        recording = SimpleNamespace(sessions=self.sessions, record=self.recorded.append)
        client = SimpleNamespace(
            services=SimpleNamespace(recording=recording, history=history),
            get_guild=lambda guild_id: self.guild if guild_id == GUILD else None,
            hear_at_once=self.heard.__setitem__,
            end_first=lambda _stop: None,
        )
        self.places = Places(cast("Any", client))
        self.places.install()

    @property
    def known_guild(self) -> discord.Guild:
        return cast("discord.Guild", self.guild)

    def say(self, number: int, channel_id: int = THREAD) -> None:
        self.places.message(GUILD, channel_id, lambda _channel: message(number))

    @property
    def ids(self) -> list[int]:
        return [each.id for each in self.recorded]


def message(number: int) -> MessageSent:
    return MessageSent(GUILD, 1, THREAD, 0, 1, number, 0, 0, 0, 0, 0, 0)


async def breathe() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture
async def on() -> AsyncIterator[Scene]:
    scene = Scene()
    yield scene
    await scene.places.stop()


async def test_the_answer_lets_go_in_order_and_is_remembered(on: Scene) -> None:
    for number in (1, 2, 3):
        on.say(number)
    await breathe()
    assert (on.ids, on.guild.asked) == ([], [THREAD])
    found = on.guild.answer()
    await breathe()
    assert on.ids == [1, 2, 3]
    on.say(4)
    assert on.ids == [1, 2, 3, 4]
    assert on.guild.asked == [THREAD]
    assert on.places.find(on.known_guild, THREAD) is found
    assert on.touched == []


async def test_an_event_lets_go_sooner_and_the_answer_does_not_count_again(on: Scene) -> None:
    on.say(1)
    await breathe()
    on.heard["thread_join"](SimpleNamespace(id=THREAD, guild=on.guild))
    assert on.ids == [1]
    on.guild.answer()
    await breathe()
    assert (on.ids, on.touched) == ([1], [])


async def test_a_server_that_comes_tells_of_its_threads(on: Scene) -> None:
    on.say(1)
    on.guild.known[THREAD] = SimpleNamespace(id=THREAD, guild=on.guild)
    on.heard["guild_available"](on.guild)
    assert on.ids == [1]


async def test_what_is_held_precedes_what_comes_when_the_place_is_known(on: Scene) -> None:
    on.say(1)
    on.guild.known[THREAD] = SimpleNamespace(id=THREAD, guild=on.guild)
    on.say(2)
    assert on.ids == [1, 2]


async def test_a_session_that_ends_meanwhile_leaves_all_to_history(on: Scene) -> None:
    before = on.sessions.of(0, GUILD, 1, THREAD)
    on.say(1)
    on.say(2)
    await breathe()
    on.sessions.renew(0)
    on.guild.answer()
    await breathe()
    assert on.ids == []
    assert set(on.touched) == {(GUILD, THREAD)}
    assert on.sessions.of(0, GUILD, 1, THREAD) != before


async def test_silence_is_ended_and_not_asked_again_at_once(
    on: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.01)
    lost: list[str] = []
    on.say(1)
    on.places.at(on.known_guild, THREAD, lambda _channel: lost.append("acted"), lambda: lost.append("lost"))
    with capture_logs() as logs:
        async with asyncio.timeout(5):
            while not on.touched:
                await asyncio.sleep(0.005)
    assert [entry["event"] for entry in logs] == ["a channel cannot be found"]
    assert (on.ids, on.touched, lost) == ([], [(GUILD, THREAD)], ["lost"])
    session = on.sessions.of(0, GUILD, 1, THREAD)
    on.say(2)
    await breathe()
    assert on.guild.asked == [THREAD], "a refusal is remembered"
    assert on.touched == [(GUILD, THREAD)], "history is not asked with each message"
    assert on.sessions.of(0, GUILD, 1, THREAD) != session, "but the next message opens a range"
    on.heard["thread_join"](SimpleNamespace(id=THREAD, guild=on.guild))
    on.say(3)
    await breathe()
    assert on.guild.asked == [THREAD, THREAD], "what is told of may be asked for again"


async def test_what_needs_no_place_keeps_its_order_and_is_done_in_any_case(
    on: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    on.places.in_order(THREAD, lambda: done.append("at once"))
    assert done == ["at once"]
    on.places.at(on.known_guild, THREAD, lambda _channel: done.append("add"))
    on.places.in_order(THREAD, lambda: done.append("remove"))
    on.places.in_order(THREAD + 1, lambda: done.append("elsewhere"))
    assert done == ["at once", "elsewhere"]
    await breathe()
    on.guild.answer()
    await breathe()
    assert done == ["at once", "elsewhere", "add", "remove"]
    monkeypatch.setattr(module, "SECONDS", 0.01)
    on.places.at(on.known_guild, 5, lambda _channel: done.append("never"))
    on.places.in_order(5, lambda: done.append("removed all the same"))
    async with asyncio.timeout(5):
        while len(done) < 5:
            await asyncio.sleep(0.005)
    assert done[4:] == ["removed all the same"]


async def test_one_that_cannot_be_read_is_left_to_history_and_the_others_count(on: Scene) -> None:
    def broken(_channel: object) -> MessageSent:
        raise ValueError("strange")

    on.places.message(GUILD, THREAD, broken)
    await breathe()
    with capture_logs() as logs:
        on.guild.answer()
        await breathe()
    assert [entry["event"] for entry in logs] == ["an event that was held cannot be read"]
    assert on.touched == [(GUILD, THREAD)]


async def test_no_more_is_held_than_a_bound(on: Scene) -> None:
    for number in range(HELD):
        on.say(number)
    assert on.touched == []
    on.say(HELD)
    assert on.touched == [(GUILD, THREAD)]
    await breathe()
    assert on.guild.asked == [THREAD]


async def test_answers_are_not_remembered_for_ever(on: Scene) -> None:
    for channel_id in range(1, REMEMBERED + 2):
        on.places._remember(cast("Any", SimpleNamespace(id=channel_id, guild=on.guild)))
    assert on.places.find(on.known_guild, 1) is None
    assert on.places.find(on.known_guild, 2) is not None
    on.heard["raw_thread_delete"](SimpleNamespace(thread_id=2))
    assert on.places.find(on.known_guild, 2) is None
    on.heard["guild_remove"](on.guild)
    assert on.places.find(on.known_guild, 3) is None


async def test_a_server_that_is_away_is_left_to_history_as_a_whole(on: Scene) -> None:
    before = on.sessions.of(0, GUILD, 1, THREAD)
    on.guild.unavailable = True
    on.say(1)
    assert on.sessions.of(0, GUILD, 1, THREAD) != before
    before = on.sessions.of(0, 8)
    on.places.message(8, THREAD, lambda _channel: message(1))
    assert on.sessions.of(0, 8) != before
    assert (on.ids, on.guild.asked) == ([], [])


async def test_after_the_end_nothing_is_asked(on: Scene) -> None:
    on.say(1)
    await breathe()
    await on.places.stop()
    on.say(2, THREAD + 1)
    await breathe()
    assert (on.ids, on.guild.asked) == ([], [THREAD])
