"""`/me` on people's own accounts: the whole bot on a real socket, asked where it is no member."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from bot.app import App, open_app
from bot.client import ClientOptions
from bot.settings import Settings
from tests.support.discord_server.interactions import COMPONENT
from tests.support.discord_server.model import DM, FakeChannel, World
from tests.support.discord_server.pointing import discord_pointed_at
from tests.support.discord_server.server import DiscordServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.db.database import Handle
    from tests.support.discord_server.exchange import Exchange
    from tests.support.discord_server.payloads import Json

SECONDS = 10.0
EPHEMERAL = 64


@asynccontextmanager
async def running(server: DiscordServer, settings: Settings) -> AsyncIterator[App]:
    """The bot, connected and with its commands registered."""
    before = len(server.records.requests)
    with discord_pointed_at(server.base_url):
        async with open_app(settings, ClientOptions(members=True)) as app:
            app.client._connection.guild_ready_timeout = 0.05
            task = asyncio.create_task(app.client.start(server.world.token))
            await server.connected(timeout=SECONDS)
            async with asyncio.timeout(SECONDS):
                await app.client.wait_until_ready()
            await server.records.until(
                lambda: any(
                    each.method == "PUT" and "commands" in each.path and each.status == 200
                    for each in server.records.requests[before:]
                ),
                timeout=SECONDS,
            )
            try:
                yield app
            finally:
                await app.client.close()
                await task


def registered(server: DiscordServer) -> dict[str, tuple[list[int], list[int]]]:
    """Where each command can be installed and used."""
    return {
        each["name"]: (each["integration_types"], each["contexts"]) for each in server.backend.commands[None]
    }


def component(shown: Json, name: str) -> Json:
    """The button of that label, or the menu of that placeholder."""
    (found,) = [
        each
        for row in shown["components"]
        for each in row["components"]
        if name in {each.get("label"), each.get("placeholder")}
    ]
    return dict(found)


def messages(exchange: Exchange) -> str:
    """The figure of messages as shown in the end."""
    (embed,) = exchange.shown["embeds"]
    return next(str(field["value"]) for field in embed["fields"] if field["name"] == "Messages")


def settings_of(mongodb_uri: str, database_name: str, data_dir: Path) -> Settings:
    return Settings.model_validate(
        {"MONGODB_URI": mongodb_uri, "database": database_name, "data_dir": data_dir, "flush_seconds": 60}
    )


async def test_ones_own_figures_are_shown_anywhere_and_the_controls_outlive_the_bot(
    mongodb_uri: str, database_name: str, db: Handle, data_dir: Path
) -> None:
    settings = settings_of(mongodb_uri, database_name, data_dir)
    world = World(user_install=True)
    harbour, garden = world.guild("harbour"), world.guild("garden")
    general, ada, bob = harbour.text_channel("general"), harbour.member("ada"), garden.member("bob")
    paths = garden.text_channel("paths")
    foreign = world.foreign_guild("foreign")
    square, stranger = foreign.text_channel("square"), foreign.member("ada")
    friends = FakeChannel(world.ids.next(), "", DM, recipient=bob.user)
    direct = world.direct_messages(ada.user)
    async with DiscordServer(world) as server:
        async with running(server, settings) as app:
            assert registered(server)["me"] == ([0, 1], [0, 1, 2])
            others = {name: each for name, each in registered(server).items() if name != "me"}
            assert len(others) > 3
            assert set(map(str, others.values())) == {"([0], [0])"}
            for _ in range(3):
                await server.send_message(general, ada)
            await server.send_message(paths, bob)
            await app.recorder.flush()
            async with asyncio.timeout(SECONDS):
                while await db.guilds.count_documents({}) < len(world.guilds):
                    await asyncio.sleep(0.05)

            asked: list[tuple[FakeChannel, Any]] = [
                (direct, ada.user),
                (friends, ada.user),
                (square, stranger),
                (general, ada),
            ]
            for channel, who in asked:
                answer = await server.slash(channel, who, "me")
                assert messages(answer).startswith("**3**"), channel
                assert answer.callback is not None
                assert answer.callback.payload["data"]["flags"] == EPHEMERAL, channel
            for typed in (str(garden.id), "garden", str(foreign.id), "7"):
                refused = await server.slash(square, stranger, "me", options={"server": typed})
                assert refused.shown["content"].startswith("I know no such server"), typed
                assert not refused.shown.get("embeds")
            nobody = await server.slash(square, foreign.member("eve"), "me")
            assert nobody.shown["content"].startswith("Nothing of you is counted yet.")

            shown = await server.slash(square, stranger, "me")
            custom_id = component(shown.shown, "Compare: on")["custom_id"]
            message = shown.original

        async with running(server, settings):
            press = {"custom_id": custom_id, "component_type": 2}
            again = await server.interact(square, stranger, COMPONENT, press, message=message)
            await again.completed()
            assert messages(again).startswith("**3**")
            press["custom_id"] = component(again.shown, "Compare: off")["custom_id"]
            others_hand = await server.interact(
                square, foreign.member("eve"), COMPONENT, press, message=message
            )
            await others_hand.completed()
            assert others_hand.shown["content"].startswith("I know no such server")


async def test_an_application_that_is_for_servers_alone_registers_no_command_for_accounts(
    mongodb_uri: str, database_name: str, data_dir: Path
) -> None:
    world = World()
    world.guild("harbour")
    async with (
        DiscordServer(world) as server,
        running(server, settings_of(mongodb_uri, database_name, data_dir)),
    ):
        assert registered(server)["me"] == ([0], [0, 1, 2])
