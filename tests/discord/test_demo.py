"""The demo without a browser: the real bot, its own mongod, the simulated Discord, what its page is told."""

import asyncio
import gzip
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import discord
import pytest
from aiohttp import ClientConnectionError, ClientSession
from simcord.builders import ChannelHandle

from bot.clock import SystemClock
from bot.demo import liveliness
from bot.demo.community import Community
from bot.demo.demo import open_demo
from bot.demo.folder import DemoFolder, demo_folder
from bot.demo.imported import imported
from bot.demo.made_up import HINT, made_up
from bot.demo.names import TEAMS
from bot.demo.plan import Plan
from bot.demo.scene import Scene, Steps, Wish
from bot.demo.stage import Stage
from bot.views.role_holders import FEWEST_HOLDERS

DAYS = 4


class Silent:
    """Is told how the start goes, and tells nobody."""

    def __init__(self) -> None:
        self.titles: list[str] = []

    def begin(self, title: str, total: int | None = None) -> None:
        self.titles.append(title if total is None else f"{title}: {total}")

    def advance(self, done: int) -> None:
        assert done >= 0


@asynccontextmanager
async def on_stage(wish: Wish, steps: Steps | None = None) -> AsyncIterator[Scene]:
    """Prepare a scene and connect the bot."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(demo_folder(wish.keep_in))
        prepare = made_up if wish.data is None else imported
        clock = SystemClock()
        scene = await prepare(wish, folder, clock, steps or Silent(), stack)
        scene.stage.keep_time(clock.now_ms())
        await stack.enter_async_context(scene.stage.connected())
        await recorded(scene)
        yield scene


async def recorded(scene: Scene) -> None:
    """Wait until the bot has counted what it heard."""
    client: Any = scene.stage._env.bot
    await scene.stage._env.settle()
    await client.services.recording.flush()


def channel(stage: Stage, name: str) -> ChannelHandle:
    return stage._guild.channels[name]


def holders(stage: Stage, role: str) -> list[int]:
    """Who has a role, on the simulated Discord."""
    held, guild = stage._guild.roles[role].id, stage._env.backend.get_guild(stage._guild.id)
    return [user for user, member in guild.members.items() if held in member.role_ids]


async def card(scene: Scene, timeframe: str = "all") -> discord.Embed:
    await scene.stage.ask(scene.room, "serverstats overview", timeframe=timeframe)
    message = scene.stage._rooms[scene.room].last_message
    assert message is not None
    (embed,) = message.embeds
    return embed


def field_of(embed: discord.Embed, name: str) -> str:
    (text,) = [str(field.value) for field in embed.fields if field.name == name]
    return text


def figure(embed: discord.Embed, name: str) -> int:
    found = re.match(r"\*\*([\d,]+)\*\*", field_of(embed, name))
    assert found
    return int(found[1].replace(",", ""))


def made_up_messages(kept: Path) -> int:
    """How many messages a kept folder's history holds, by the generator alone."""
    history = DemoFolder(kept).claim().history
    assert history is not None
    plan = Plan(ZoneInfo(history.zone), history.last_day, history.seed, history.days)
    community = Community(plan, plan.last_day + 1)
    days = range(plan.first_day, plan.last_day + 2)
    return sum(len(community.messages(day).within(0, history.counted_until)) for day in days)


async def test_the_card_shows_what_was_made_up_and_what_is_written_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(liveliness, "PAUSE_SECONDS", 0.01)
    wish = Wish(keep_in=tmp_path / "demo", days=DAYS)
    steps = Silent()
    async with on_stage(wish, steps) as scene:
        first = made_up_messages(tmp_path / "demo")
        embed = await card(scene)
        assert figure(embed, "Messages") == first > DAYS * 50
        assert figure(embed, "Members") == scene.stage.members
        assert embed.image.url
        assert f"<#{channel(scene.stage, 'general').id}>" in field_of(embed, "Top channels")
        for team in TEAMS:
            assert len(holders(scene.stage, team)) >= FEWEST_HOLDERS, "so that roles can be compared"

        scene.stage.say(scene.viewers[1], channel(scene.stage, "general").id, "hello")
        scene.stage.guide(scene.room, "a bot's message does not count")
        await recorded(scene)
        assert figure(await card(scene), "Messages") == first + 1
        await until_members_wrote(scene, first + 4)

    assert steps.titles[1] == f"Counting {DAYS} days of messages: {DAYS}"

    async with on_stage(wish) as scene:  # goes on where it was
        assert first + 4 <= figure(await card(scene), "Messages") < first + 100


async def until_members_wrote(scene: Scene, messages: int) -> None:
    (work,) = scene.background
    task = asyncio.create_task(work())
    try:
        async with asyncio.timeout(10):
            while figure(await card(scene), "Messages") < messages:
                await recorded(scene)
    finally:
        task.cancel()


async def test_the_page_shows_a_hint_and_a_card_with_channels_by_name() -> None:
    async with open_demo(Wish(days=2), SystemClock(), Silent()) as demo:
        address, capability = demo.url.split("/#")
        async with ClientSession(headers={"X-Simcord-Capability": capability}) as session:
            async with session.get(address) as answer:
                assert answer.status == 200
            async with session.post(f"{address}/api/pages", json={}) as answer:
                page = await answer.json()
        hint, shown = page["messages"].values()
        assert hint["content"] == HINT
        (embed,) = shown["embeds"]
        assert embed["image"]
        assert '"label": "#general"' in json.dumps(embed)
    with pytest.raises(ClientConnectionError):
        async with ClientSession() as session, session.get(address):
            pass


def irc(path: Path) -> Path:
    """Three channels over 40 days, with joins that are not counted."""
    begin = datetime(2012, 3, 1, 12, tzinfo=UTC)
    rows = [
        {
            "ts": (begin + timedelta(hours=number)).isoformat().replace("+00:00", "Z"),
            "channel": ("harbour", "dock", "crew")[number % 3],
            "author": f"author{number % 7}",
            "kind": "join" if number % 10 == 9 else "message",
        }
        for number in range(960)
    ]
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    return path


async def test_an_imported_community_is_seen_from_the_end_of_its_data(tmp_path: Path) -> None:
    wish = Wish(data=irc(tmp_path / "old-irc.jsonl.gz"), keep_in=tmp_path / "demo")
    channels: list[str] = []
    for _ in range(2):
        async with on_stage(wish) as scene:
            embed = await card(scene)
            assert figure(embed, "Messages") == 864
            assert figure(embed, "Members who wrote") == 7
            assert field_of(embed, "Members").startswith("**unknown**")
            assert embed.author.name == "old-irc"
            assert embed.timestamp == datetime(2012, 4, 10, 10, tzinfo=UTC)
            assert f"<#{channel(scene.stage, 'dock').id}>" in field_of(embed, "Top channels")
            channels.append(field_of(embed, "Top channels"))
            assert 0 < figure(await card(scene, "last month"), "Messages") < 864

            scene.stage.say(scene.stage.owner, channel(scene.stage, "dock").id, "hello")
            await recorded(scene)
            assert figure(await card(scene), "Messages") == 864
    assert channels[0] == channels[1]
