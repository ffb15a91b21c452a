"""What fails inside, at every door: the user reads one sentence with a reference, the log has its cause.

A door is a command, a control, a form or a suggestion. Whatever is loaded is walked, so that a new one is
tried without a word here; only what a control's ``custom_id`` looks like has to be told.
"""

from collections.abc import Iterator
from typing import Any

import discord
import pytest
from discord import app_commands
from simcord.actors import MemberActor
from simcord.results import InteractionResult
from structlog.testing import capture_logs

from analytics.timeframes import DEFAULT
from bot.client import EXTENSIONS, ServerstatsClient
from cogs.controls.fallback import CONTROLS
from cogs.controls.state import ViewState, encode
from tests.discord.stage import MemoryCharts, MemoryReader, Stage, fresh_client, staged
from texts import Languages

ANSWERING = tuple(
    name
    for name in EXTENSIONS
    if name not in {"cogs.members", "cogs.listeners", "cogs.events", "cogs.history"}
)
STATE = ViewState("overview", DEFAULT)
CONTROLS_SENT = [
    *(encode(action, STATE) for action in CONTROLS),
    "counting:channel",
    "counting:role",
    "counting:writer",
    "audit:0",
    "agreements:offer",
    "agreements:back",
    "privacy:erase",
    "sw1c:1:0",
    *(f"st1{letter}:theme:00000000:" for letter in "hosac"),
]
"""A control of each kind."""


class Broken:
    """Has nothing of what is asked for, but the words to say so."""

    def __init__(self, languages: Languages) -> None:
        self.languages = languages

    def __getattr__(self, name: str) -> object:
        raise ZeroDivisionError(name)


def break_services(stage: Stage) -> None:
    """From here on everything that the bot asks for fails."""
    client = stage.env.bot
    assert isinstance(client, ServerstatsClient)
    client.services = Broken(client.services.languages)  # type: ignore[assignment] # that is the fault


def commands_of(client: discord.Client) -> Iterator[app_commands.Command[Any, ..., Any]]:
    assert isinstance(client, ServerstatsClient)
    for command in client.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            yield command


def required_by(command: app_commands.Command[Any, ..., Any], stage: Stage) -> dict[str, Any]:
    """Something for each option that cannot be left out."""
    kinds: dict[discord.AppCommandOptionType, Any] = {
        discord.AppCommandOptionType.string: "7d",
        discord.AppCommandOptionType.user: stage.member,
        discord.AppCommandOptionType.channel: stage.channel,
        discord.AppCommandOptionType.role: stage.guild.default_role,
    }
    return {
        each.display_name: each.choices[0].value if each.choices else kinds[each.type]
        for each in command.parameters
        if each.required
    }


def told(result: InteractionResult) -> str:
    return " ".join(str(each.content) for each in (*result.followups, result.response) if each is not None)


def check(said: str, logs: list[Any], door: str) -> None:
    """One sentence with the reference under which the log has the cause."""
    (entry,) = [each for each in logs if each["event"] == "interaction failed"]
    assert isinstance(entry["exc_info"], ZeroDivisionError), door
    assert entry["reference"] in said, door
    assert said.startswith(("Something went wrong on my side", entry["reference"])), door
    logs.clear()


async def as_owner(stage: Stage) -> MemberActor:
    """Somebody who may do everything."""
    role = stage.guild.create_role("All", permissions=discord.Permissions(administrator=True))
    return stage.guild.add_member(stage.env.create_user("owner"), roles=[role])


async def test_every_command_and_suggestion_says_what_went_wrong() -> None:
    async with staged(ANSWERING) as stage:
        who = await as_owner(stage)
        break_services(stage)
        tried = 0
        with capture_logs() as logs:
            for command in commands_of(stage.env.bot):
                name, options = command.qualified_name, required_by(command, stage)
                check(told(await who.slash(stage.channel, name, **options)), logs, name)
                for each in command.parameters:
                    if each.autocomplete:
                        (choice,) = await who.autocomplete(stage.channel, name, each.display_name, "7d")
                        check(choice["name"], logs, f"{name} {each.display_name}")
                tried += 1
            for menu in ("Record warning", "Warnings of this member"):
                check(told(await who.context_menu(stage.channel, menu, stage.member)), logs, menu)
        assert tried > 10
        assert {type(error) for error in stage.env.errors} == {app_commands.CommandInvokeError}


async def test_every_control_says_what_went_wrong() -> None:
    async with staged(ANSWERING) as stage:
        who = await as_owner(stage)
        channel = stage.env.bot.get_channel(stage.channel.id)
        break_services(stage)
        with capture_logs() as logs:
            for custom_id in CONTROLS_SENT:
                view = discord.ui.View(timeout=None)
                view.add_item(discord.ui.Button(label="x", custom_id=custom_id))
                view.stop()
                await channel.send("A card", view=view)
                check(told(await who.click(stage.channel.last_message, label="x")), logs, custom_id)


async def test_every_form_says_what_went_wrong() -> None:
    async with staged(ANSWERING) as stage:
        who = await as_owner(stage)
        overview = (await who.slash(stage.channel, "serverstats overview")).response
        panel = (await who.slash(stage.channel, "admin settings")).response
        await who.select(panel, ["zone"], custom_id="st1o:::")
        forms = [
            (await who.click(overview, label="Custom range…"), {"range": "7d"}),
            (await who.click(panel, label="Change…"), {"zone": "UTC"}),
            (await who.context_menu(stage.channel, "Record warning", stage.member), {}),
        ]
        break_services(stage)
        with capture_logs() as logs:
            for form, typed in forms:
                check(told(await who.submit_modal(form, typed)), logs, str(form.modal))


async def test_a_control_of_every_kind_is_tried() -> None:
    client = fresh_client(MemoryReader(), MemoryCharts(), extensions=ANSWERING)
    async with client:
        for extension in ANSWERING:
            await client.load_extension(extension)
        templates = list(client._connection._view_store._dynamic_items)
        untried = [
            template.pattern
            for template in templates
            if not any(template.fullmatch(custom_id) for custom_id in CONTROLS_SENT)
        ]
        assert untried == []


@pytest.mark.parametrize("custom_id", ["counting:", "counting:moon", "audit:", "audit:1000", "audit:x"])
async def test_a_control_of_another_version_says_so(custom_id: str) -> None:
    async with staged(("cogs.admin",)) as stage:
        who = await as_owner(stage)
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="x", custom_id=custom_id))
        view.stop()
        await stage.env.bot.get_channel(stage.channel.id).send("A card", view=view)
        result = await who.click(stage.channel.last_message, label="x")
        assert told(result).startswith("This message is from an older version of me")
