"""What goes out of the bot's sight and comes back in one gateway session: nothing is lost, all is said."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.socket.test_bot_gateway import SECONDS, Scene, connect
from tests.support.census import take_census
from tests.support.discord_server import payloads
from tests.support.discord_server.permissions import Permission
from tests.support.discord_server.snowflakes import timestamp_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.support.discord_server.messages import FakeMessage
    from tests.support.discord_server.model import FakeChannel

__all__ = ["connect"]

VIEW = Permission.VIEW_CHANNEL


@dataclass
class Clock:
    """Discord's clock, an hour behind until it is moved on: ids tell when something was sent."""

    behind: float = field(default=3600.0)

    def __call__(self) -> float:
        return time.time() - self.behind

    def pass_minutes(self, minutes: float) -> None:
        self.behind -= 60 * minutes


async def waits_for_history(on: Scene, message: FakeMessage) -> bool:
    """Whether history will look for a message."""
    await on.app.recorder.flush()
    census = await take_census(on.db, on.guild.id)
    return census.coverage[message.channel.id].uncounted(message.id)


async def set_rights(on: Scene, channel: FakeChannel, **given: int) -> None:
    """Change what the bot may do in a channel, and have it told."""
    channel.overwrite(on.guild.everyone, **given)
    channel.overwrite(on.guild.me, **given)
    await on.server.dispatch(on.guild, "CHANNEL_UPDATE", payloads.channel(channel))


async def deny_by_role(on: Scene, permissions: int) -> None:
    """Change what the bot's own role gives, and have it told."""
    role = next(each for each in on.guild.roles.values() if each.bot_id is not None)
    role.permissions = permissions
    on.guild.everyone.permissions = permissions
    for each in (on.guild.everyone, role):
        body = {"guild_id": str(on.guild.id), "role": payloads.role(each)}
        await on.server.dispatch(on.guild, "GUILD_ROLE_UPDATE", body)


async def outage(on: Scene) -> None:
    await on.server.lose_guild(on.guild)


async def outage_over(on: Scene) -> None:
    await on.server.show_guild(on.guild)


async def removed(on: Scene) -> None:
    await on.server.lose_guild(on.guild, removed=True)


async def invited(on: Scene) -> None:
    await on.server.show_guild(on.guild, invited=True)


async def nothing_said(_on: Scene) -> None:
    """Stand for a loss that nobody told of."""


async def channel_closed(on: Scene) -> None:
    await set_rights(on, on.general, deny=VIEW)


async def channel_opened(on: Scene) -> None:
    await set_rights(on, on.general)


async def role_taken(on: Scene) -> None:
    await deny_by_role(on, 0)


async def role_given(on: Scene) -> None:
    await deny_by_role(on, (1 << 17) - 1 & ~Permission.ADMINISTRATOR)


WAYS = pytest.mark.parametrize(
    ("lose", "regain"),
    [
        (outage, outage_over),
        (removed, invited),
        (nothing_said, outage_over),
        (channel_closed, channel_opened),
        (role_taken, role_given),
    ],
    ids=lambda step: step.__name__,
)


async def thread_left(on: Scene) -> None:
    gone = {"removed_member_ids": [str(on.guild.me.id)], "added_members": []}
    await on.server.dispatch(on.guild, "THREAD_MEMBERS_UPDATE", {**membership(on), **gone})


async def added_to_thread(on: Scene) -> None:
    came = {"removed_member_ids": [], "added_members": [payloads.own_membership(on.thread)]}
    await on.server.dispatch(on.guild, "THREAD_MEMBERS_UPDATE", {**membership(on), **came})


async def thread_shown(on: Scene) -> None:
    on.thread.bot_joined = True
    await on.server.dispatch(on.guild, "THREAD_CREATE", payloads.channel_as_bot(on.thread))


async def threads_hidden(on: Scene) -> None:
    body = {"guild_id": str(on.guild.id), "channel_ids": [str(on.general.id)], "threads": [], "members": []}
    await on.server.dispatch(on.guild, "THREAD_LIST_SYNC", body)


async def threads_listed(on: Scene) -> None:
    body = {"guild_id": str(on.guild.id), "channel_ids": [str(on.general.id)], "members": []}
    listed = {**body, "threads": [payloads.channel(on.thread)]}
    await on.server.dispatch(on.guild, "THREAD_LIST_SYNC", listed)


def membership(on: Scene) -> dict[str, Any]:
    return {"id": str(on.thread.id), "guild_id": str(on.guild.id), "member_count": 1}


@pytest.mark.parametrize(
    ("lose", "regain"),
    [(thread_left, added_to_thread), (thread_left, thread_shown), (threads_hidden, threads_listed)],
    ids=lambda step: step.__name__,
)
async def test_what_was_missed_in_a_thread_is_read_from_history(
    connect: Callable[..., Any],
    lose: Callable[[Scene], Awaitable[None]],
    regain: Callable[[Scene], Awaitable[None]],
) -> None:
    async with connect() as on:
        for place in (on.general, on.thread):
            await on.server.send_message(place, on.ada)
        await on.until_counted(2)
        await lose(on)
        for _ in range(3):
            on.server.world.message(on.thread, on.ada)
        await regain(on)
        await on.until_counted(5)


async def test_what_only_connect_shows_is_read_once_it_is_given_back(connect: Callable[..., Any]) -> None:
    async with connect() as on:
        hall = on.guild.voice_channel("hall")
        await on.server.dispatch(on.guild, "CHANNEL_CREATE", payloads.channel(hall))
        await on.server.send_message(hall, on.ada)
        await on.until_counted(1)
        await set_rights(on, hall, deny=Permission.CONNECT)
        for _ in range(3):
            on.server.world.message(hall, on.ada)
        await set_rights(on, hall)
        await on.until_counted(4)


async def test_what_only_manage_threads_shows_is_read_once_it_is_given_back(
    connect: Callable[..., Any],
) -> None:
    async with connect() as on:
        await set_rights(on, on.general, allow=Permission.MANAGE_THREADS)
        private = on.guild.thread(on.general, "private", on.ada, private=True)
        await on.server.dispatch(on.guild, "THREAD_CREATE", payloads.channel(private))
        await on.server.send_message(private, on.ada)
        await on.until_counted(1)
        await set_rights(on, on.general)
        for _ in range(3):
            on.server.world.message(private, on.ada)
        await set_rights(on, on.general, allow=Permission.MANAGE_THREADS)
        await on.until_counted(4)


@WAYS
async def test_what_was_missed_is_read_from_history(
    connect: Callable[..., Any],
    lose: Callable[[Scene], Awaitable[None]],
    regain: Callable[[Scene], Awaitable[None]],
) -> None:
    async with connect() as on:
        for place in (on.general, on.general, on.thread):
            await on.server.send_message(place, on.ada)
        await on.until_counted(3)
        await lose(on)
        for place in (on.general, on.general, on.thread, on.thread):
            on.server.world.message(place, on.ada)
        await regain(on)
        await on.until_counted(7)  # nobody need write for that
        for place in (on.general, on.thread):
            await on.server.send_message(place, on.ada)
        await on.until_counted(9)


@WAYS
async def test_what_was_missed_lies_in_a_range_also_where_all_is_told_at_once(
    connect: Callable[..., Any],
    lose: Callable[[Scene], Awaitable[None]],
    regain: Callable[[Scene], Awaitable[None]],
) -> None:
    clock = Clock()
    async with connect(reads=False, now=clock) as on:
        places = (on.general, on.thread)
        for place in places:
            await on.server.send_message(place, on.ada)
        await on.until_counted(2)
        clock.pass_minutes(5)
        on.server.gateway.hold()  # as if the connection had been lost, and were resumed
        before = [await on.server.send_message(place, on.ada) for place in places]
        await lose(on)
        clock.pass_minutes(5)
        missed = [on.server.world.message(place, on.ada) for place in places]
        clock.pass_minutes(5)
        await regain(on)
        seen = []
        for _ in range(3):
            seen += [await on.server.send_message(place, on.ada) for place in places]
            clock.pass_minutes(5)
        on.server.gateway.release()
        await on.until_counted(2 + len(before) + len(seen))
        for message in missed:
            assert await waits_for_history(on, message)
        for message in (*before, *seen):
            assert not await waits_for_history(on, message)


async def test_a_stray_message_during_an_outage_does_not_close_the_gap(
    connect: Callable[..., Any],
) -> None:
    clock = Clock()
    async with connect(reads=False, now=clock) as on:
        await on.server.send_message(on.general, on.ada)
        await outage(on)
        clock.pass_minutes(2)
        await on.server.send_message(on.general, on.ada)
        clock.pass_minutes(2)
        missed = on.server.world.message(on.general, on.ada)
        await outage_over(on)
        for _ in range(2):
            clock.pass_minutes(2)
            await on.server.send_message(on.general, on.ada)
        await on.until_counted(4)
        assert await waits_for_history(on, missed)


async def test_voice_ends_where_a_server_is_lost_for_those_who_leave_meanwhile(
    connect: Callable[..., Any],
) -> None:
    async with connect() as on:
        hall = on.guild.voice_channel("hall")
        await on.server.dispatch(on.guild, "CHANNEL_CREATE", payloads.channel(hall))
        bob = on.guild.member("bob")
        for member in (on.ada, bob):
            await on.server.move_voice(member, hall)
        tracker = on.app.services.voice

        async def spoken() -> dict[str, int]:
            tracker.tick()
            await on.app.recorder.flush()
            stored = on.db.memberActivityStats.find({"voiceMs": {"$exists": True}})
            return {each["userId"]: each["voiceMs"]["total"] async for each in stored}

        async with asyncio.timeout(SECONDS):
            while len(await spoken()) < 2:
                await asyncio.sleep(0.02)
        await outage(on)
        await asyncio.sleep(0.3)
        lost = await spoken()
        await asyncio.sleep(0.3)
        assert await spoken() == lost, "what nobody hears of is not counted"
        on.server.gateway.drop()  # a connection that is resumed brings the server not back
        await on.server.records.until(lambda: len(on.server.records.resumes) == 1, timeout=SECONDS)
        await on.server.connected(timeout=SECONDS)
        await asyncio.sleep(0.3)
        assert await spoken() == lost
        del on.guild.voice[bob.id]
        await outage_over(on)
        async with asyncio.timeout(SECONDS):
            while await spoken() == lost:
                await asyncio.sleep(0.02)
        back = await spoken()
        await asyncio.sleep(0.3)
        after = await spoken()
        went_on = {member for member in lost if back[member] > lost[member]}
        assert len(went_on) == 1, "who is there still was there meanwhile; who has left ended with the loss"
        assert {member for member in lost if after[member] > back[member]} == went_on


async def test_threads_and_channels_that_went_during_an_outage_are_not_there_any_more(
    connect: Callable[..., Any],
) -> None:
    async with connect() as on:
        await outage(on)
        on.thread.archived_at = timestamp_of(on.server.world.ids.next())
        extra = on.guild.text_channel("extra")
        await outage_over(on)
        async with asyncio.timeout(SECONDS):
            while on.app.client.get_channel(extra.id) is None:
                await asyncio.sleep(0.02)
        guild = on.app.client.get_guild(on.guild.id)
        assert guild is not None
        assert [each.id for each in guild.threads] == []


async def test_a_session_that_begins_without_a_server_parts_from_it(
    connect: Callable[..., Any],
) -> None:
    async with connect() as on:
        await on.server.send_message(on.general, on.ada)
        await on.until_counted(1)
        del on.server.world.guilds[on.guild.id]
        on.server.gateway.invalidate(resumable=False)
        await on.server.records.until(lambda: len(on.server.records.identifies) == 2, timeout=SECONDS)
        async with asyncio.timeout(SECONDS):
            while on.app.client.guilds:
                await asyncio.sleep(0.02)
        on.server.world.message(on.general, on.ada)
        on.server.world.guilds[on.guild.id] = on.guild
        await on.server.connected(timeout=SECONDS)
        await invited(on)
        await on.server.send_message(on.general, on.ada)
        await on.until_counted(3)
