"""The real process reads back what it missed from a Discord that holds a history, whatever comes between."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.db.writes import instant
from bot.history.source import PAGE_SIZE
from tests.support.bot_orders import Death, Place
from tests.support.bot_process import BotProcess, BotSettings, bot_process
from tests.support.census import Ledger, check_coverage, check_sums, counted, key_of, take_census
from tests.support.discord_server import payloads
from tests.support.discord_server.faults import Dropped, Failing, RateLimited, json_response
from tests.support.discord_server.model import FORUM, FakeMember, FakeUser, World
from tests.support.discord_server.permissions import Permission
from tests.support.discord_server.server import DiscordServer
from tests.support.traffic import Town, Traffic

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aiohttp import web

    from bot.db.database import Handle
    from tests.support.discord_server.faults import Answer
    from tests.support.discord_server.messages import FakeMessage
    from tests.support.discord_server.model import FakeChannel

SLOW = 60.0
READING = {"SERVERSTATS_READ_HISTORY": "true"}
JOINED = "2024-01-01T00:00:00+00:00"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
READ = Permission.READ_MESSAGE_HISTORY
VIEW = Permission.VIEW_CHANNEL


@dataclass
class Past:
    """A town with a past: what members wrote before anybody counted."""

    town: Town
    written: dict[int, FakeMessage] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)

    def write(self, place: FakeChannel, count: int, since: datetime = LONG_AGO) -> None:
        """Let as many people write a message each, a minute apart, and bots and Discord in between."""
        world, guild = self.town.world, self.town.guild
        for number in range(count):
            at = since + timedelta(minutes=number)
            author = FakeMember(FakeUser(world.ids.next(), "forebear"), guild, JOINED)
            message = world.message(place, author, at=at, content="hello")
            self.written[message.id] = message
            if number % 10 == 0:
                machine = FakeMember(FakeUser(world.ids.next(), "machine", bot=True), guild, JOINED)
                world.message(place, machine, at=at)
                world.message(place, author, at=at, message_type=7)
                world.message(place, FakeUser(world.ids.next(), "hook"), at=at, webhook_id=5)


def make_past(*, clock_ahead: float = 0.0) -> Past:
    """Channels, threads, archived ones too, a forum; ``clock_ahead`` is how far Discord's clock is off."""
    world = World(now=lambda: time.time() + clock_ahead)
    guild = world.guild("town")
    streets = [guild.text_channel(f"street-{number}") for number in range(3)]
    square = guild.voice_channel("square")
    forum = guild.channel("forum", FORUM)
    owner = guild.member("owner")
    yard = guild.thread(streets[0], "yard", owner)
    posts = [guild.thread(forum, f"post-{number}", owner) for number in range(3)]
    cellar = guild.thread(streets[1], "cellar", owner)
    for number, thread in enumerate((*posts[1:], cellar)):
        thread.archived_at = (LONG_AGO + timedelta(days=number)).isoformat()
    past = Past(Town(world, guild, (*streets, square, yard, posts[0])))
    for place, count in zip(
        (*streets, square, yard, *posts, cellar), (350, 120, 0, 101, 30, 5, 100, 7, 40), strict=True
    ):
        past.write(place, count)
    return past


@dataclass
class Scene:
    """The fake Discord, the traffic and the bot's settings of one test."""

    past: Past
    server: DiscordServer
    traffic: Traffic
    settings: BotSettings
    db: Handle

    @property
    def surviving(self) -> dict[int, FakeMessage]:
        """Members' messages that Discord still has."""
        everything = {**self.past.written, **self.traffic.sent}
        return {at: message for at, message in everything.items() if at not in self.past.gone}

    @asynccontextmanager
    async def bot(self, death: Death | None = None) -> AsyncIterator[BotProcess]:
        async with bot_process(self.settings, death=death) as bot:
            async with self.server.records.identified(timeout=SLOW):
                bot.go()
            yield bot

    async def all_counted(self, bot: BotProcess, but: int = 0) -> None:
        """Wait until as much is counted as survives, less ``but`` messages that must not be."""
        async with asyncio.timeout(SLOW):
            while (found := await counted(self.db, self.past.town.guild.id)) < len(self.surviving) - but:
                assert bot.running, bot.log
                await asyncio.sleep(0.05)
        assert found == len(self.surviving) - but

    async def check(self) -> None:
        """Every surviving message counts once, everywhere, and nothing is left to do."""
        guild = self.past.town.guild.id
        census = await take_census(self.db, guild)
        sent = {**self.past.written, **self.traffic.sent}
        ledger = Ledger(guild, sent, set(sent), key_of(self.settings.data))
        assert self.surviving.keys() <= ledger.counted(census)
        check_sums(ledger, census)
        check_coverage(ledger, census)

    async def check_threads(self) -> None:
        """Every thread and channel counts once, on its day, and the first reply is the earliest message."""
        guild = self.past.town.guild
        stored = {int(each["threadId"]): each async for each in self.db.threads.find()}
        assert stored.keys() == guild.threads.keys()
        for thread, facts in stored.items():
            wrote = [at for at, message in self.surviving.items() if message.channel.id == thread]
            first = None if not wrote else time_of(min(wrote))
            assert facts["firstReplyAt"] == first
            assert facts["messages"] == len(wrote)
            assert facts["createdAt"] == time_of(thread)
            assert facts["archived"] == (guild.threads[thread].archived_at is not None)
        counts: Counter[str] = Counter()
        async for day in self.db.guildDays.find():
            counts.update({name: sum(hours.values()) for name, hours in day["counts"].items()})
        archived = sum(each.archived_at is not None for each in guild.threads.values())
        assert (counts["threadsCreated"], counts["threadsArchived"]) == (len(guild.threads), archived)
        assert (counts["channelsCreated"], counts["channelsDeleted"]) == (0, 0), "all were there at the start"
        assert not counts["channelsMoved"]

    async def update(self, channel: FakeChannel, **given: int) -> None:
        """Change what everyone may do in a channel."""
        channel.overwrite(self.past.town.guild.everyone, **given)
        channel.overwrite(self.past.town.guild.me, **given)
        await self.server.dispatch(self.past.town.guild, "CHANNEL_UPDATE", payloads.channel(channel))


def time_of(snowflake: int) -> datetime:
    return instant((snowflake >> 22) + 1_420_070_400_000)


@asynccontextmanager
async def scene(
    db: Handle, uri: str, name: str, tmp_path: Path, *, clock_ahead: float = 0.0
) -> AsyncIterator[Scene]:
    past = make_past(clock_ahead=clock_ahead)
    async with DiscordServer(past.town.world) as server:
        settings = BotSettings(tmp_path / "data", server.base_url, past.town.world.token, uri, name, READING)
        yield Scene(past, server, Traffic(server, past.town), settings, db)


@pytest.mark.parametrize("clock_ahead", [60.0, -60.0])
async def test_what_was_before_and_while_it_was_away_counts_once(
    mongodb_uri: str, db: Handle, database_name: str, tmp_path: Path, clock_ahead: float
) -> None:
    async with scene(db, mongodb_uri, database_name, tmp_path, clock_ahead=clock_ahead) as play:
        async with play.traffic.flowing(30):
            for death in (Death(Place.ALL_WRITTEN, nth=4), Death(Place.COMMITTED, nth=5)):
                async with play.bot(death) as bot:
                    assert await bot.ended(SLOW) == -signal.SIGKILL, bot.log
            async with play.bot() as bot:
                await asyncio.sleep(1)
                assert await bot.terminate() == 0, bot.log
            await asyncio.sleep(1)
        async with play.bot() as bot:
            async with play.traffic.flowing(30):
                await asyncio.sleep(1)
            await play.all_counted(bot)
            assert await bot.terminate() == 0, bot.log
        await play.check()
        await play.check_threads()
        assert not play.server.records.unknown


async def test_what_permissions_close_waits_and_what_they_hid_is_found(
    mongodb_uri: str, db: Handle, database_name: str, tmp_path: Path
) -> None:
    async with scene(db, mongodb_uri, database_name, tmp_path) as play:
        unread, unseen, _, square, *_ = play.past.town.places
        for channel, bit in ((unread, READ), (unseen, VIEW), (square, Permission.CONNECT)):
            channel.overwrite(play.past.town.guild.everyone, deny=bit)
            channel.overwrite(play.past.town.guild.me, deny=bit)
        async with play.bot() as bot:
            closed = {unread.id, unseen.id, square.id}
            below = {
                each.id for each in play.past.town.guild.threads.values() if each.parent in {unread, unseen}
            }
            waiting = [each for each in play.past.written.values() if each.channel.id in closed | below]
            await play.all_counted(bot, but=len(waiting))
            asked = {request.path for request in play.server.records.requests}
            assert not {path for path in asked for channel in closed | below if f"/{channel}/" in path}
            for channel in (unread, unseen, square):
                await play.update(channel)
            await play.all_counted(bot)

            await play.traffic.send_everywhere()
            await play.all_counted(bot)
            await play.update(unseen, deny=VIEW)
            await play.traffic.send_everywhere()
            await play.all_counted(bot, but=1)
            await play.update(unseen)
            await play.all_counted(bot)
            await play.traffic.send_everywhere()
            await play.all_counted(bot)
            assert await bot.terminate() == 0, bot.log
        await play.check()


async def test_private_archived_threads_wait_for_manage_threads(
    mongodb_uri: str, db: Handle, database_name: str, tmp_path: Path
) -> None:
    async with scene(db, mongodb_uri, database_name, tmp_path) as play:
        guild = play.past.town.guild
        street = play.past.town.places[2]
        vault = guild.thread(street, "vault", guild.member("owner"), private=True)
        vault.archived_at = LONG_AGO.isoformat()
        play.past.write(vault, 120)
        async with play.bot() as bot:
            await play.all_counted(bot, but=120)
            await play.update(street, allow=Permission.MANAGE_THREADS)
            await play.all_counted(bot)
            until = int(LONG_AGO.timestamp() * 1000)
            async with asyncio.timeout(SLOW):  # the list ends after its threads are counted
                while not await db.coverage.count_documents(
                    {"channelId": str(street.id), "archivedPrivate": until}
                ):
                    await asyncio.sleep(0.05)
            assert await bot.terminate() == 0, bot.log
        await play.check()

        requests = play.server.records.requests
        before = len(requests)
        async with play.bot() as bot:
            await play.traffic.send_everywhere()
            await play.server.records.until(
                lambda: any("/archived/private" in each.path for each in requests[before:]), timeout=SLOW
            )
            await play.all_counted(bot)
            await asyncio.sleep(0.5)
            assert await bot.terminate() == 0, bot.log
        again = [each.path for each in requests[before:]]
        assert sum("/archived/" in path for path in again) <= 2 * len(guild.channels)
        assert sum("/messages" in path for path in again) < 30, "what is counted is not read again"


async def test_private_archived_threads_that_the_bot_is_in_need_no_permission(
    mongodb_uri: str, db: Handle, database_name: str, tmp_path: Path
) -> None:
    async with scene(db, mongodb_uri, database_name, tmp_path) as play:
        guild, street = play.past.town.guild, play.past.town.places[2]
        owner = guild.member("owner")
        foreign = guild.thread(street, "foreign", owner, private=True)
        foreign.archived_at = LONG_AGO.isoformat()
        play.past.write(foreign, 20)
        for number in range(PAGE_SIZE + 2):  # the first begun was archived last
            own = guild.thread(street, f"own-{number}", owner, private=True)
            own.bot_joined = True
            own.archived_at = (LONG_AGO + timedelta(days=300 - number)).isoformat()
            play.past.write(own, 1, LONG_AGO + timedelta(hours=number))
        async with play.bot() as bot:
            await play.all_counted(bot, but=20)
            await play.update(street, allow=Permission.MANAGE_THREADS)
            await play.all_counted(bot)  # what was listed hides nothing that was archived before
            assert await bot.terminate() == 0, bot.log
        await play.check()


async def test_what_is_deleted_leaves_nothing_to_do(
    mongodb_uri: str, db: Handle, database_name: str, tmp_path: Path
) -> None:
    async with scene(db, mongodb_uri, database_name, tmp_path) as play:
        street, other, *_ = play.past.town.places
        cellar = next(each for each in play.past.town.guild.threads.values() if each.name == "cellar")
        hold = play.server.rules.add(
            Failing(403, 50013), path=f"/channels/({street.id}|{cellar.id})/messages", times=None
        )
        closed = [each for each in play.past.written.values() if each.channel in {street, cellar}]
        async with play.bot() as bot:
            await play.traffic.send(street)
            await play.all_counted(bot, but=len(closed))
            asked = hold.hits
            await play.traffic.send(street)
            await play.all_counted(bot, but=len(closed))
            assert 2 <= hold.hits == asked <= 3, "a refusal is not asked about again"
            guild = play.past.town.guild
            del guild.channels[street.id], guild.world.channels[street.id]
            yard = next(each for each in guild.threads.values() if each.parent is street)
            del guild.threads[yard.id], guild.world.channels[yard.id]
            await play.server.dispatch(guild, "CHANNEL_DELETE", payloads.channel(street))
            await _has_no_ranges(db, street.id)
            await play.traffic.send(other)
            assert await bot.terminate() == 0, bot.log
        del guild.threads[cellar.id], guild.world.channels[cellar.id]
        play.past.gone |= {each.id for each in closed}
        play.past.town = Town(guild.world, guild, tuple(guild.channels.values()))
        async with play.bot() as bot:
            await _has_no_ranges(db)
            await play.all_counted(bot)
            assert await bot.terminate() == 0, bot.log


async def test_errors_limits_and_empty_answers_lose_nothing(
    mongodb_uri: str, db: Handle, database_name: str, tmp_path: Path
) -> None:
    async with scene(db, mongodb_uri, database_name, tmp_path) as play:
        pages = r"/channels/\d+/messages"
        rules = [
            play.server.rules.add(effect, path=pages, times=times)
            for effect, times in (
                (RateLimited(0.2), 2),
                (RateLimited(0.2, retry_after_header=False), 2),
                (RateLimited(0.2, is_global=True), 1),
                (RateLimited(blocked=True), 2),
                (Failing(500), 2),
                (Failing(503), 2),
                (Dropped(), 2),
                (Dropped(handled=True), 1),
                (Emptied(), 4),
            )
        ]
        async with play.bot() as bot:
            async with play.traffic.flowing(20):
                await asyncio.sleep(2)
            await play.all_counted(bot)
            assert all(rule.hits == rule.times for rule in rules)
            assert await bot.terminate() == 0, bot.log
        await play.check()


async def test_what_a_lost_session_hid_is_found_without_a_new_message(
    mongodb_uri: str, db: Handle, database_name: str, tmp_path: Path
) -> None:
    async with scene(db, mongodb_uri, database_name, tmp_path) as play, play.bot() as bot:
        await play.all_counted(bot)
        play.server.gateway.invalidate()
        play.server.gateway.drop()
        assert not play.server.gateway.sessions
        await play.traffic.send_everywhere()
        await play.all_counted(bot)
        assert await bot.terminate() == 0, bot.log
        await play.check()


async def test_a_message_whose_thread_is_asked_for_survives_a_kill(
    mongodb_uri: str, db: Handle, database_name: str, tmp_path: Path
) -> None:
    async with scene(db, mongodb_uri, database_name, tmp_path) as play:
        guild, street = play.past.town.guild, play.past.town.places[0]
        async with play.bot() as bot:
            await play.all_counted(bot)
            woken = guild.thread(street, "woken", guild.member("owner"))
            asked = play.server.rules.add(Silent(), path=f"/channels/{woken.id}", times=None)
            play.past.write(woken, 3, datetime.now(UTC) - timedelta(minutes=5))
            for message in play.past.written.values():
                if message.channel is woken:
                    play.server.backend.announce(message)
            async with asyncio.timeout(SLOW):
                while not asked.hits:
                    await asyncio.sleep(0.05)
            await bot.kill()
        asked.times = 0
        async with play.bot() as bot:
            await play.all_counted(bot)
            assert await bot.terminate() == 0, bot.log
        await play.check()
        assert (await take_census(db, guild.id)).threads[str(woken.id)] == 3


async def _has_no_ranges(db: Handle, channel: int | None = None) -> None:
    """Wait until a channel, or all, have nothing left to do."""
    query: dict[str, object] = {"uncounted.0": {"$exists": True}}
    if channel is not None:
        query |= {"channelId": str(channel)}
    async with asyncio.timeout(SLOW):
        while await db.coverage.count_documents(query):
            await asyncio.sleep(0.05)


class Silent:
    """Never answer."""

    async def apply(self, _request: web.Request, answer: Answer) -> web.StreamResponse:
        await asyncio.Event().wait()
        return await answer()


class Emptied:
    """Answer as Discord does without Read Message History, although nobody heard of its loss."""

    async def apply(self, _request: web.Request, _answer: Answer) -> web.StreamResponse:
        return json_response([])
