"""What happens in a thread that is not in memory counts for its channel, however it becomes known."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.socket.test_bot_gateway import SECONDS, Scene, connect
from tests.support.census import Census, take_census
from tests.support.discord_server import payloads
from tests.support.discord_server.faults import Failing
from tests.support.discord_server.snowflakes import timestamp_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import web

    from tests.support.discord_server.faults import Answer
    from tests.support.discord_server.model import FakeChannel

__all__ = ["connect"]


@dataclass
class Waits:
    """Answer when a test says so."""

    now: asyncio.Event = field(default_factory=asyncio.Event)

    async def apply(self, _request: web.Request, answer: Answer) -> web.StreamResponse:
        await self.now.wait()
        return await answer()


def woken(on: Scene) -> FakeChannel:
    """A thread that was archived so far: the bot has never heard of it."""
    return on.guild.thread(on.general, "woken", on.ada)


async def tell_of(on: Scene, thread: FakeChannel) -> None:
    await on.server.dispatch(on.guild, "THREAD_UPDATE", payloads.channel(thread))


async def census(on: Scene) -> Census:
    await on.app.recorder.flush()
    return await take_census(on.db, on.guild.id)


def asks_for(on: Scene, channel: FakeChannel) -> int:
    """How often the bot has asked what a channel is."""
    return sum(each.path == f"/channels/{channel.id}" for each in on.server.records.requests)


async def day_of(on: Scene) -> dict[str, Any]:
    """The only channel's only day."""
    await on.app.recorder.flush()
    days = await on.db.channelDays.find().to_list(None)
    assert {day["channelId"] for day in days} <= {str(on.general.id)}
    return days[0] if days else {}


async def until(on: Scene, **counts: int) -> None:
    """Wait until the channel's day has these counts, and then see that they stay."""

    async def holds() -> bool:
        day = await day_of(on)
        return all(day.get(name, 0) == count for name, count in counts.items())

    async with asyncio.timeout(SECONDS):
        while not await holds():
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)
    assert await holds()


@pytest.mark.parametrize("reads", [True, False])
@pytest.mark.parametrize("told", [True, False])
async def test_a_message_counts_for_the_channel_that_the_thread_is_in(
    connect: Callable[..., Any], *, reads: bool, told: bool
) -> None:
    async with connect(reads=reads) as on:
        thread = woken(on)
        sent = [await on.server.send_message(thread, on.ada) for _ in range(2)]
        if told:
            await tell_of(on, thread)
        sent += [await on.server.send_message(thread, on.ada) for _ in range(2)]
        await on.until_counted(len(sent))
        found = await census(on)
        assert found.channels == {str(on.general.id): len(sent)}
        assert found.threads == {str(thread.id): len(sent)}
        assert asks_for(on, thread) <= 1 + reads, "history asks once more"


async def test_an_event_tells_of_the_thread_sooner_than_discord_answers(connect: Callable[..., Any]) -> None:
    async with connect(reads=False) as on:
        thread, slow = woken(on), Waits()
        asked = on.server.rules.add(slow, path=f"/channels/{thread.id}")
        await on.server.send_message(thread, on.ada)
        async with asyncio.timeout(SECONDS):
            while not asked.hits:
                await asyncio.sleep(0.02)
        assert await on.counted() == 0
        await tell_of(on, thread)
        await on.server.send_message(thread, on.ada)
        await on.until_counted(2)
        slow.now.set()
        await on.until_counted(2)
        assert (await census(on)).channels == {str(on.general.id): 2}


@pytest.mark.parametrize("refusal", [Failing(404, 10003), Failing(403, 50001)], ids=["gone", "closed"])
async def test_where_discord_does_not_say_history_has_the_message(
    connect: Callable[..., Any], refusal: Failing
) -> None:
    async with connect() as on:
        thread = woken(on)
        refused = on.server.rules.add(refusal, path=f"/channels/{thread.id}", times=None)
        first = await on.server.send_message(thread, on.ada)
        async with asyncio.timeout(SECONDS):
            while not refused.hits:
                await asyncio.sleep(0.02)
        for _ in range(5):
            await on.server.send_message(thread, on.ada)
        await asyncio.sleep(0.3)
        assert await on.counted() == 0
        assert refused.hits <= 3, "a refusal is not asked about with each message"
        refused.times = refused.hits
        await tell_of(on, thread)
        await on.server.send_message(thread, on.ada)
        await on.until_counted(7)
        found = await census(on)
        assert found.channels == {str(on.general.id): 7}
        assert not found.coverage[thread.id].uncounted(first.id)


async def test_a_server_that_is_lost_meanwhile_leaves_the_message_to_history(
    connect: Callable[..., Any],
) -> None:
    async with connect(reads=False) as on:
        thread, slow = woken(on), Waits()
        on.server.rules.add(slow, path=f"/channels/{thread.id}")
        held = await on.server.send_message(thread, on.ada)
        await on.server.lose_guild(on.guild)
        missed = on.server.world.message(thread, on.ada)
        await on.server.show_guild(on.guild)  # now the thread is in the list
        seen = await on.server.send_message(thread, on.ada)
        await on.until_counted(1)
        slow.now.set()
        await on.until_counted(1)
        coverage = (await census(on)).coverage[thread.id]
        assert [coverage.uncounted(each.id) for each in (held, missed, seen)] == [True, True, False]


async def test_reactions_votes_and_deletions_wait_too_and_keep_their_order(
    connect: Callable[..., Any],
) -> None:
    async with connect(reads=False) as on:
        thread, slow, bob = woken(on), Waits(), on.guild.member("bob")
        on.server.rules.add(slow, path=f"/channels/{thread.id}")
        message = on.server.world.message(thread, on.ada)
        where = {
            "user_id": str(bob.id),
            "channel_id": str(thread.id),
            "message_id": str(message.id),
            "guild_id": str(on.guild.id),
        }

        async def react(event: str, name: str) -> None:
            body = {**where, "emoji": {"id": None, "name": name}, "type": 0, "burst": False}
            await on.server.dispatch(on.guild, event, body)

        await react("MESSAGE_REACTION_ADD", "a")
        await react("MESSAGE_REACTION_ADD", "b")
        await react("MESSAGE_REACTION_REMOVE", "b")
        for answer in (1, 2):
            await on.server.dispatch(on.guild, "MESSAGE_POLL_VOTE_ADD", {**where, "answer_id": answer})
        await on.server.dispatch(on.guild, "MESSAGE_POLL_VOTE_REMOVE", {**where, "answer_id": 2})
        deleted = {"id": str(message.id), "channel_id": str(thread.id), "guild_id": str(on.guild.id)}
        await on.server.dispatch(on.guild, "MESSAGE_DELETE", deleted)
        await on.server.send_message(on.general, on.ada)
        await until(on, messages=1, reactions=0, pollVotes=0, deletions=0)
        slow.now.set()
        await until(on, messages=1, reactions=1, pollVotes=1, deletions=1)
        assert asks_for(on, thread) == 1


async def test_an_edit_waits_too(connect: Callable[..., Any]) -> None:
    async with connect(reads=False) as on:
        thread = woken(on)
        message = on.server.world.message(thread, on.ada)
        message.edited_timestamp = timestamp_of(on.server.world.ids.next())
        on.server.backend.announce(message, "MESSAGE_UPDATE")
        await until(on, edits=1)
