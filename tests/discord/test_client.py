"""The connection itself: what it asks for, what it registers, how it reports errors."""

import asyncio
from contextlib import suppress
from functools import partial
from types import SimpleNamespace
from typing import cast

import discord
import pytest
import simcord
from discord import app_commands
from structlog.testing import capture_logs

from bot.client import EXTENSIONS, ClientOptions, ServerstatsClient, intents
from tests.discord.stage import MemoryCharts, MemoryReader, fresh_client, staged

BROKEN = ("tests.discord.broken_cog",)


def test_only_needed_events_are_asked_for() -> None:
    assert {name for name, on in intents(ClientOptions()) if on} == {
        "guilds",
        "guild_messages",
        "guild_polls",
        "guild_reactions",
        "guild_scheduled_events",
        "moderation",
        "voice_states",
    }
    privileged = intents(ClientOptions(message_content=True, members=True))
    assert privileged.message_content
    assert privileged.members
    assert not privileged.presences


async def test_nothing_is_cached_and_nobody_is_pinged() -> None:
    async with staged() as stage:
        client = stage.env.bot
        await stage.member.send(stage.channel, "hello")

        assert list(client.cached_messages) == []
        assert [member.id for member in client.guilds[0].members] == [client.user.id]
        assert client.allowed_mentions.to_dict() == {"parse": []}


async def test_the_command_is_for_servers_and_offered_to_everybody() -> None:
    async with staged() as stage:
        (sent,) = [request.json for request in stage.env.http_requests if request.method == "PUT"]
        (command,) = sent

        assert command["name"] == "serverstats"
        assert command["default_member_permissions"] is None
        assert command["contexts"] == [0]
        assert command["integration_types"] == [0]
        assert sorted(option["name"] for option in command["options"]) == [
            "activity",
            "channels",
            "members",
            "overview",
            "trends",
        ]


async def test_text_is_no_command() -> None:
    async with staged() as stage:
        await stage.moderator.send(stage.channel, f"<@{stage.env.bot.user.id}> help")

        assert len(stage.channel.history()) == 1


async def test_a_start_goes_on_when_discord_takes_no_commands() -> None:
    env = simcord.Env(fresh_client(MemoryReader(), MemoryCharts()), strict_sync=False)
    env.inject_error("PUT", "/applications/*/commands", status=400)
    with capture_logs() as logs:
        await env.start()
    try:
        assert [entry["event"] for entry in logs] == ["commands could not be registered"]
        assert isinstance(logs[0]["exc_info"], discord.HTTPException)
        assert env.bot.is_ready()
    finally:
        await env.shutdown()


async def test_only_the_process_of_the_first_shard_registers_commands() -> None:
    client = fresh_client(MemoryReader(), MemoryCharts(), shard_ids=(1,), shard_count=2)
    async with simcord.run(client, strict_sync=False) as env:
        assert not [request for request in env.http_requests if request.method == "PUT"]


@pytest.mark.parametrize("what", ["command", "listener"])
async def test_what_a_cog_raises_is_reported(what: str) -> None:
    client = fresh_client(MemoryReader(), MemoryCharts(), extensions=BROKEN)
    async with simcord.run(client) as env:
        guild = env.create_guild()
        channel = guild.create_text_channel("general")
        someone = guild.add_member(env.create_user("someone"))
        with capture_logs() as logs:
            if what == "listener":
                await someone.send(channel, "hello")
            else:
                result = await someone.slash(channel, "broken")
                assert result.ephemeral
                assert result.response.content.startswith("Something went wrong on my side")
        (error,) = env.errors

    (entry,) = logs
    if what == "listener":
        assert isinstance(error, ZeroDivisionError)
        assert (entry["event"], entry["listener"]) == ("listener failed", "on_message")
    else:
        assert (entry["event"], str(entry["exc_info"])) == ("interaction failed", "the command's own fault")
        assert entry["reference"] in result.response.content


async def test_a_command_that_discord_knows_otherwise_says_so() -> None:
    async with staged() as stage:
        stage.env.bot.tree.clear_commands(guild=None)

        result = await stage.moderator.slash(stage.channel, "serverstats overview")

        assert (
            result.response.content == "This command has just changed: reload Discord (Ctrl+R) and try again."
        )
        assert [type(error) for error in stage.env.errors] == [app_commands.CommandNotFound]


def test_the_client_is_built_without_a_running_loop() -> None:
    assert isinstance(fresh_client(MemoryReader(), MemoryCharts()), ServerstatsClient)


async def test_everything_that_is_shipped_loads() -> None:
    client = fresh_client(MemoryReader(), MemoryCharts(), extensions=EXTENSIONS)
    async with simcord.run(client):
        assert set(client.extensions) == set(EXTENSIONS)
        assert client.cogs


async def test_who_reads_is_at_rest_before_the_connection_is_closed() -> None:
    client = fresh_client(MemoryReader(), MemoryCharts())
    order: list[tuple[str, bool]] = []

    async def stop(name: str) -> None:
        await asyncio.sleep(0.01)
        order.append((name, client.is_closed()))

    async with client:
        client.end_first(partial(stop, "jobs"))
        client.end_first(partial(stop, "history"))
    assert order == [("jobs", False), ("history", False)]
    assert client.is_closed()


async def test_what_was_cut_short_by_the_end_leaves_no_traceback_and_asks_nobody() -> None:
    client = fresh_client(MemoryReader(), MemoryCharts())
    async with client:
        pass
    asked = SimpleNamespace(guild_id=1)  # whoever asks it for an answer fails
    closed = RuntimeError("Session is closed")

    async def fail() -> None:
        raise closed

    with capture_logs() as logs:
        await client.report(cast("discord.Interaction", asked), closed)
        with suppress(RuntimeError):
            try:
                await fail()
            finally:
                await client.on_error("on_guild_available")
    assert [(each["event"], each["log_level"]) for each in logs] == [
        ("an interaction was cut short", "info"),
        ("a listener was cut short", "info"),
    ]
    assert [each["cause"] for each in logs] == ["RuntimeError('Session is closed')"] * 2
    assert not any("exc_info" in each for each in logs)
