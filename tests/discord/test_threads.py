"""Threads and forum posts on a simulated Discord: from its events to activities, and to facts."""

from typing import Any

import discord
import pytest

from bot.ingest.activities.levels import ThreadsCounted
from bot.ingest.activities.messages import ChannelKind, MessageSent
from bot.ingest.activities.threads import ThreadJoined, ThreadSeen
from bot.ingest.books.registry import BOOKS_OF
from bot.ingest.books.threads import ThreadState, follow
from bot.ingest.delta import Delta
from bot.ingest.fold import fold_into
from cogs.listeners.messages import DISCORD_EPOCH_MS
from schemas.guild_day_names import GuildCount
from tests.discord.listening import Listening, listening

TAGS = [
    {"id": "901", "name": "✅ Solved!", "moderated": False, "emoji_name": None},
    {"id": "902", "name": "unsolved", "moderated": False, "emoji_name": None},
]


def seen(on: Listening) -> list[ThreadSeen]:
    return [each for each in on.tape.recorded if isinstance(each, ThreadSeen)]


def followed(on: Listening) -> tuple[dict[int, ThreadState], dict[GuildCount, int]]:
    """Facts of each thread and the counts of all days, out of what was recorded."""
    delta, states = Delta(), dict[int, ThreadState]()
    for each in on.tape.recorded:
        for book in BOOKS_OF.get(type(each), ()):
            key = book.key(each)
            if book.name == "threads" and key is not None:
                for change in follow(states.setdefault(key[1], ThreadState()), each):  # type: ignore[arg-type] # the book's
                    fold_into(delta, change)
    counts: dict[GuildCount, int] = {}
    for day in delta.guild_days.values():
        for name, hours in day.counts.items():
            counts[name] = counts.get(name, 0) + sum(hours.values())
    return states, counts


def thread_data(on: Listening, parent: int, thread: int, **parts: object) -> dict[str, Any]:
    """A thread's payload as Discord sends it."""
    at = discord.utils.snowflake_time(thread).isoformat()
    state = {"archived": False, "auto_archive_duration": 1440, "archive_timestamp": at, "locked": False}
    state.update({name: parts.pop(name) for name in list(parts) if name in state})
    return {
        "id": str(thread),
        "guild_id": str(on.guild.id),
        "parent_id": str(parent),
        "owner_id": str(on.ada.id),
        "type": 11,
        "name": "help",
        "last_message_id": None,
        "message_count": 0,
        "member_count": 1,
        "applied_tags": [],
        "thread_metadata": state,
        **parts,
    }


def snowflake(on: Listening, seconds: float = 0) -> int:
    return (on.tape.now_ms() + int(seconds * 1000) - DISCORD_EPOCH_MS) << 22


async def tell(on: Listening, event: str, data: dict[str, Any]) -> None:
    getattr(on.client._connection, f"parse_{event}")(data)
    await on.env.settle()


async def test_a_thread_is_created_answered_and_solved() -> None:
    async with listening() as on:
        thread = snowflake(on)
        data = thread_data(on, on.general.id, thread)
        await tell(on, "thread_create", {**data, "newly_created": True})
        await tell(on, "thread_create", {**data, "newly_created": True})  # again
        later = discord.utils.snowflake_time(snowflake(on, 60)).isoformat()
        closed = thread_data(on, on.general.id, thread, archived=True, archive_timestamp=later)
        await tell(on, "thread_update", closed)
        await tell(on, "thread_update", closed)
        states, counts = followed(on)
        state = states[thread]
        assert state.creator == on.pseudonym(on.ada)
        assert (state.created, state.solved_at) == (on.tape.now_ms(), on.tape.now_ms() + 60_000)
        assert counts == {
            GuildCount.THREADS_CREATED: 1,
            GuildCount.THREADS_ARCHIVED: 1,
            GuildCount.THREADS_SOLVED: 1,
        }
        await tell(on, "thread_update", thread_data(on, on.general.id, thread, archive_timestamp=later))
        assert on.client.get_guild(on.guild.id).get_thread(thread) is not None  # type: ignore[union-attr]
        await tell(on, "thread_delete", data)
        assert followed(on)[1][GuildCount.THREADS_DELETED] == 1


async def test_a_strange_thread_keeps_no_other_from_being_listed() -> None:
    async with listening() as on:
        threads = [snowflake(on, seconds) for seconds in (0, 1, 2)]
        for thread in threads:
            await tell(on, "thread_create", thread_data(on, on.general.id, thread))
        guild = on.client.get_guild(on.guild.id)
        assert guild is not None
        strange = guild.get_thread(threads[0])
        assert strange is not None
        strange.archive_timestamp = None  # type: ignore[assignment] # as Discord may
        on.tape.recorded.clear()
        on.client.dispatch("guild_available", guild)
        await on.env.settle()
        assert {each.thread for each in seen(on)} == set(threads[1:])


async def test_a_forum_post_is_solved_by_its_tag() -> None:
    async with listening() as on:
        forum = on.guild.create_forum_channel("help")
        await on.env.settle()
        known = on.client.get_channel(forum.id)
        assert isinstance(known, discord.ForumChannel)
        state = on.client._connection
        known._available_tags = {
            int(str(tag["id"])): discord.ForumTag.from_data(state=state, data=tag)  # type: ignore[arg-type] # as Discord's
            for tag in TAGS
        }
        post = snowflake(on)
        await tell(on, "thread_create", thread_data(on, forum.id, post) | {"newly_created": True})
        await tell(on, "thread_update", thread_data(on, forum.id, post, applied_tags=["902"]))
        assert not followed(on)[0][post].solved
        on.tape.wait(3600)
        await tell(on, "thread_update", thread_data(on, forum.id, post, applied_tags=["902", "901"]))
        facts = followed(on)[0][post]
        assert facts.kind == ChannelKind.FORUM
        assert facts.solved_at == on.tape.now_ms() == facts.created + 3_600_000


async def test_a_thread_begun_while_the_bot_was_away_is_found_once() -> None:
    async with listening() as on:
        general = on.client.get_channel(on.general.id)
        assert isinstance(general, discord.TextChannel)
        thread = await general.create_thread(name="plan", type=discord.ChannelType.public_thread)
        await on.env.settle()
        counted_before = followed(on)[1]
        on.tape.recorded.clear()
        await on.restart()
        await on.restart()
        states, counts = followed(on)
        assert counts == counted_before == {GuildCount.THREADS_CREATED: 1}
        assert states[thread.id].creator == 0, "the bot's own"
        assert not any(each.live for each in seen(on))
        levels = [each for each in on.tape.recorded if isinstance(each, ThreadsCounted)]
        assert [each.active for each in levels] == [1, 1]


async def test_members_who_join_count_once_and_bots_do_not() -> None:
    async with listening() as on:
        robot = on.guild.add_member(on.env.create_user("robot", bot=True))
        await robot.join_voice(on.guild.create_voice_channel("music"))  # by which it is known as one
        await on.env.settle()
        thread = snowflake(on)
        await tell(on, "thread_create", thread_data(on, on.general.id, thread) | {"newly_created": True})
        at = discord.utils.snowflake_time(thread).isoformat()
        added = [
            {"id": str(thread), "user_id": str(who.id), "join_timestamp": at, "flags": 0}
            for who in (on.ada, on.bob, robot)
        ]
        data = {"id": str(thread), "guild_id": str(on.guild.id), "member_count": 3, "added_members": added}
        await tell(on, "thread_members_update", data)
        await tell(on, "thread_members_update", data)
        joined = [each for each in on.tape.recorded if isinstance(each, ThreadJoined)]
        assert {each.member for each in joined} >= {on.pseudonym(on.bob)}
        assert on.bob.id not in {part for each in joined for part in (each.member, each.joining)}
        assert followed(on)[1][GuildCount.THREADS_JOINED] == 1


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (0, ChannelKind.TEXT),
        (2, ChannelKind.VOICE),
        (5, ChannelKind.ANNOUNCEMENT),
        (13, ChannelKind.STAGE),
        (15, ChannelKind.FORUM),
        (16, ChannelKind.MEDIA),
    ],
)
async def test_a_message_counts_in_every_kind_of_channel_and_thread(kind: int, expected: ChannelKind) -> None:
    async with listening() as on:
        channel = snowflake(on)
        made = {
            "id": str(channel),
            "guild_id": str(on.guild.id),
            "type": kind,
            "name": "x",
            "position": 3,
            "permission_overwrites": [],
            "nsfw": False,
            "parent_id": None,
            "bitrate": 64_000,
            "user_limit": 0,
            "available_tags": [],
            "flags": 0,
        }
        await tell(on, "channel_create", made)
        places = {} if expected in {ChannelKind.FORUM, ChannelKind.MEDIA} else {channel: 0}
        if expected not in {ChannelKind.VOICE, ChannelKind.STAGE}:
            thread_kinds = (10,) if expected is ChannelKind.ANNOUNCEMENT else (11, 12)
            for number, thread_kind in enumerate(thread_kinds, 1):
                thread = snowflake(on, number)
                await tell(on, "thread_create", thread_data(on, channel, thread, type=thread_kind))
                places[thread] = thread
        for number, place in enumerate(places):
            message = {
                "id": str(snowflake(on, 10 + number)),
                "guild_id": str(on.guild.id),
                "channel_id": str(place),
                "type": 0,
                "author": {"id": str(on.ada.id), "username": "ada", "discriminator": "0", "avatar": None},
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
            on.client._connection.parsers["MESSAGE_CREATE"](message)
        await on.env.settle()
        sent = [each for each in on.tape.recorded if isinstance(each, MessageSent)]
        assert [(each.channel, each.thread, each.kind) for each in sent] == [
            (channel, thread, expected) for thread in places.values()
        ]
