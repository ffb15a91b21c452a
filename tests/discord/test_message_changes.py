"""Edits, deletions and link previews on a simulated Discord, read raw and, if need be, by discord.py."""

from collections.abc import Callable
from typing import Any

import discord
import pytest
from structlog.testing import capture_logs

from bot.ingest.activities.message_changes import MessageChange, MessageDeleted, MessageEdited, PreviewShown
from bot.ingest.books.message_changes import NEWS_MS
from cogs.listeners.messages import DISCORD_EPOCH_MS
from tests.discord.listening import Listening, listening

Payload = dict[str, Any]
EMBED = {"type": "link", "url": "https://example.org"}


def changes(on: Listening) -> list[MessageChange]:
    return [each for each in on.tape.recorded if isinstance(each, MessageChange)]


def time_of(ms: int) -> str:
    return discord.utils.snowflake_time((ms - DISCORD_EPOCH_MS) << 22).isoformat()


def payload(on: Listening, **parts: object) -> Payload:
    """An update of a message that was sent ten minutes ago."""
    sent = on.tape.now_ms() - 600_000
    return {
        "id": str((sent - DISCORD_EPOCH_MS) << 22),
        "guild_id": str(on.guild.id),
        "channel_id": str(on.general.id),
        "type": 0,
        "author": {"id": str(on.ada.id), "username": "ada", "discriminator": "0", "avatar": None},
        "content": "secret",
        "timestamp": time_of(sent),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "pinned": False,
        "flags": 0,
        **parts,
    }


async def update(on: Listening, **parts: object) -> list[MessageChange]:
    """What is recorded of an update."""
    on.tape.recorded.clear()
    on.client._connection.parsers["MESSAGE_UPDATE"](payload(on, **parts))
    await on.env.settle()
    return changes(on)


def slowly(on: Listening) -> None:
    """Have somebody else listen, so that discord.py's way serves."""

    async def on_raw_message_edit(_event: discord.RawMessageUpdateEvent) -> None:
        """Do nothing."""

    on.client.add_listener(on_raw_message_edit)


def raw(_on: Listening) -> None:
    """Leave it as it is."""


ways = pytest.mark.parametrize("way", [raw, slowly])


@ways
async def test_an_edit_and_a_preview_are_told_apart(way: Callable[[Listening], None]) -> None:
    async with listening() as on:
        way(on)
        now = on.tape.now_ms()
        (edit,) = await update(on, edited_timestamp=time_of(now - 1_500))
        assert isinstance(edit, MessageEdited)
        assert (edit.edited, edit.member, edit.channel) == (now - 1_500, on.pseudonym(on.ada), on.general.id)
        (shown,) = await update(on, embeds=[EMBED])
        assert isinstance(shown, PreviewShown)
        assert shown.at == now - 600_000
        both = await update(on, embeds=[EMBED], edited_timestamp=time_of(now))
        assert [type(each) for each in both] == [MessageEdited, PreviewShown]


@ways
async def test_what_is_no_news_or_no_members_is_left_out(way: Callable[[Listening], None]) -> None:
    async with listening() as on:
        way(on)
        old = on.tape.now_ms() - NEWS_MS - 1
        assert await update(on, pinned=True) == []
        assert await update(on, edited_timestamp=time_of(old), pinned=True) == []
        assert await update(on, id=str((old - DISCORD_EPOCH_MS) << 22), embeds=[EMBED]) == []
        robot = {"id": "9", "username": "robot", "discriminator": "0", "avatar": None, "bot": True}
        assert await update(on, author=robot, embeds=[EMBED]) == []
        assert await update(on, webhook_id="9", embeds=[EMBED]) == []
        assert await update(on, type=7, edited_timestamp=time_of(old + NEWS_MS)) == []


async def test_members_updates_make_no_objects_of_discord_py_and_ours_do() -> None:
    async with listening() as on:
        heard = []
        state = on.client._connection
        state.dispatch = lambda name, *_: heard.append(name)  # type: ignore[assignment] # to count calls
        assert len(await update(on, edited_timestamp=time_of(on.tape.now_ms()))) == 1
        assert heard == []
        ours = {"id": "9", "username": "serverstats", "discriminator": "0", "avatar": None, "bot": True}
        await update(on, author=ours)
        assert heard == ["raw_message_edit"]


async def test_a_strange_payload_is_lost_alone_and_ends_nothing() -> None:
    async with listening() as on:
        now = time_of(on.tape.now_ms())
        with capture_logs() as logs:
            assert await update(on, edited_timestamp=now, channel_id="x") == []
        said = [each["event"] for each in logs]
        assert said == ["an event cannot be read and is lost"]
        assert "secret" not in str(logs)
        assert len(await update(on, edited_timestamp=now)) == 1


async def test_edits_and_deletions_by_members() -> None:
    async with listening() as on:
        message = await on.ada.send(on.general, "hello")
        other = await on.bob.send(on.general, "hello")
        await on.ada.delete(message)
        (gone,) = changes(on)
        assert isinstance(gone, MessageDeleted)
        assert (gone.id, gone.bulk, gone.channel) == (message.id, 0, on.general.id)
        data = {
            "ids": [str(other.id), str(message.id), "3"],
            "channel_id": str(on.general.id),
            "guild_id": str(on.guild.id),
        }
        on.client._connection.parsers["MESSAGE_DELETE_BULK"](data)
        await on.env.settle()
        bulk = [each for each in changes(on)[1:] if isinstance(each, MessageDeleted)]
        assert [(each.id, each.bulk) for each in bulk] == [
            (number, 1 if place else 2) for place, number in enumerate(sorted([3, message.id, other.id]))
        ]
