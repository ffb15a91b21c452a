"""Every row of `docs/permissions.md`, driven: the command, a control, a suggestion and an export of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import discord
import pytest
from discord import app_commands
from simcord.actors import MemberActor
from simcord.results import InteractionResult, ResponseMessage

from analytics.timeframes import DEFAULT
from bot.audit import SettingChange
from bot.client import ServerstatsClient
from bot.views.registry import VIEWS
from cogs.controls.state import Action, ViewState, encode
from tests.cogs.test_access import ROWS
from tests.discord.stage import Stage, staged

EXTENSIONS = ("cogs.serverstats", "cogs.people", "cogs.controls", "cogs.admin", "cogs.warnings")
COMPARATIVE = "activity analyze comparative"
COMMANDS: Mapping[str, str] = {
    "overview": "serverstats overview",
    "members": "serverstats members",
    "activity": "serverstats activity",
    "channels": "serverstats channels",
    "trends": "serverstats trends",
    "leaderboard": "leaderboard",
    "member": "activity analyze member",
    "channel": "activity analyze channel",
    **dict.fromkeys(
        (f"compare/{what}" for what in ("periods", "channels", "roles", "member", "servers")), COMPARATIVE
    ),
    "me": "me",
}
"""The command of each row."""
HELD: Mapping[str, Mapping[str, bool]] = {
    "nobody special": {},
    "View Server Insights": {"view_guild_insights": True},
    "Manage Server": {"manage_guild": True},
    "a role for statistics": {},
    "a role for members": {},
}
"""What each asker's role is allowed by Discord."""
ADMINS = {
    "admin settings": "st1h:::",
    "admin counting": "counting:writer",
    "admin audit": "audit:0",
    "admin agreements": "agreements:offer",
    "admin history": None,
}
WARNINGS = ("sw1c:1:0", "sw1c:2:7")
REFUSED = "These figures are for people with"


def allowed(row: str, asker: str) -> bool:
    words = ROWS[row]
    statistics_too = asker == "a role for members" and "a role for statistics" in words
    return "every member" in words or asker in words or statistics_too


async def person(stage: Stage, asker: str) -> MemberActor:
    """Somebody whose only role is what the row says, chosen by an admin where it is one for figures."""
    role = stage.guild.create_role(asker, permissions=discord.Permissions(**HELD[asker]))
    client = stage.env.bot
    assert isinstance(client, ServerstatsClient)
    change, roles = SettingChange("roles", "", str(role.id)), frozenset({role.id})
    desk = client.services.preferences
    if asker == "a role for statistics":
        await desk.change(stage.guild.id, 1, change, lambda now: replace(now, statistics_roles=roles))
    elif asker == "a role for members":
        await desk.change(stage.guild.id, 1, change, lambda now: replace(now, member_roles=roles))
    return stage.guild.add_member(stage.env.create_user("somebody"), roles=[role])


async def posted(stage: Stage, *items: discord.ui.Item[discord.ui.View]) -> discord.Message:
    """A message of the bot's with controls on it, as of an earlier run."""
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    view.stop()
    await stage.env.bot.get_channel(stage.channel.id).send("A card", view=view)
    message = stage.channel.last_message
    assert message is not None
    return message


@dataclass(frozen=True, slots=True)
class Told:
    """What a view is about: options of the command, and the same in a control."""

    options: Mapping[str, object]
    subject: int = 0
    channels: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    servers: tuple[int, ...] = ()


def options(stage: Stage) -> Mapping[str, Told]:
    """What the rows are about that need it."""
    crew, guests = stage.guild.create_role("crew"), stage.guild.create_role("guests")
    stage.reader.holders = {role.id: {1, 2, 3} for role in (crew, guests)}
    harbour = stage.guild.create_text_channel("harbour")
    both = (stage.channel.id, harbour.id)
    stage.neighbour(5)
    return {
        "channel": Told({}, stage.channel.id),
        "member": Told({}, 5),
        "compare/channels": Told({"channel": stage.channel, "other_channel": harbour}, 0, both),
        "compare/roles": Told({"role": crew, "other_role": guests}, 0, (), (crew.id, guests.id)),
        "compare/member": Told({"user": stage.member}, 5),
        "compare/servers": Told({"server": "5"}, servers=(5,)),
    }


def button(custom_id: str) -> discord.ui.Button[discord.ui.View]:
    return discord.ui.Button(label=custom_id[:80], custom_id=custom_id)


def said(result: InteractionResult) -> str:
    """What the asker reads."""
    read: list[ResponseMessage | None] = [*result.followups, result.response]
    return " ".join(str(message.content) for message in read if message is not None)


def test_every_row_has_its_command() -> None:
    assert set(COMMANDS) == {view.group for view in VIEWS.values()}


@pytest.mark.parametrize("asker", HELD)
async def test_each_row_opens_command_control_suggestion_and_export_to_whom_it_names(asker: str) -> None:
    async with staged(EXTENSIONS) as stage:
        somebody = await person(stage, asker)
        told = options(stage)
        for row, command in COMMANDS.items():
            may = allowed(row, asker)
            given = told.get(row, Told({}))
            answer = await somebody.slash(stage.channel, command, **given.options)
            assert (REFUSED in said(answer)) is not may, f"{asker}: /{command}"
            assert bool(answer.response.embeds) is may, f"{asker}: /{command}"

            offered = await somebody.autocomplete(stage.channel, command, "timeframe", "7", **given.options)
            assert bool(offered) is may, f"{asker}: suggestions of /{command}"

            kind = next(kind for kind, view in VIEWS.items() if view.group == row)
            state = ViewState(
                kind, DEFAULT, given.subject, given.channels, given.roles, servers=given.servers
            )
            refresh, form = (encode(action, state) for action in (Action.REFRESH, Action.ASK_RANGE))
            choose = encode(Action.EXPORT_AS, state)
            menu: discord.ui.Select[discord.ui.View] = discord.ui.Select(
                custom_id=choose, options=[discord.SelectOption(label="JSON", value="json")]
            )
            card = await posted(stage, button(form), menu, button(refresh))
            asked = await somebody.click(card, custom_id=form)
            assert (asked.modal is not None) is may, f"{asker}: form of {row}"
            export = await somebody.select(card, ["json"], custom_id=choose)
            files = [] if export.response is None else export.response.attachments
            assert bool(files) is may, f"{asker}: export of {row}"
            refreshed = await somebody.click(card, custom_id=refresh)
            assert (REFUSED in said(refreshed)) is not may, f"{asker}: control of {row}"


@pytest.mark.parametrize("asker", HELD)
async def test_what_admins_and_moderators_have_is_theirs_whatever_discord_shows(asker: str) -> None:
    async with staged(EXTENSIONS) as stage:
        somebody = await person(stage, asker)
        may = ROWS["/admin"] == asker
        for command in await stage.env.bot.tree.fetch_commands():
            stage.guild.set_command_permissions(command, {somebody: True})
        for command_name, custom_id in ADMINS.items():
            answer = await somebody.slash(stage.channel, command_name)
            assert ("with the permission Manage Server" in said(answer)) is not may, command_name
            if custom_id is not None:
                card = await posted(stage, button(custom_id))
                pressed = await somebody.click(card, custom_id=custom_id)
                assert ("with the permission Manage Server" in said(pressed)) is not may, custom_id
        warned = await somebody.context_menu(stage.channel, "Warnings of this member", stage.member)
        assert "with the permission Time out members" in said(warned)
        for custom_id in WARNINGS:
            pressed = await somebody.click(await posted(stage, button(custom_id)), custom_id=custom_id)
            assert "with the permission Time out members" in said(pressed), custom_id
        assert {type(error) for error in stage.env.errors} == {app_commands.CommandInvokeError}


async def test_a_role_counts_at_once_and_no_longer_when_it_is_taken_away() -> None:
    async with staged(EXTENSIONS) as stage:
        somebody = await person(stage, "a role for statistics")
        card = (await somebody.slash(stage.channel, "serverstats overview")).response
        await somebody.click(card, label="Refresh")
        client = stage.env.bot
        assert isinstance(client, ServerstatsClient)
        change = SettingChange("statistics", "", "")
        await client.services.preferences.change(
            stage.guild.id, 1, change, lambda now: replace(now, statistics_roles=frozenset())
        )
        assert REFUSED in said(await somebody.click(card, label="Refresh"))


async def test_the_role_that_everybody_has_makes_statistics_public() -> None:
    async with staged(EXTENSIONS) as stage:
        client = stage.env.bot
        assert isinstance(client, ServerstatsClient)
        everybody = frozenset({stage.guild.id})
        await client.services.preferences.change(
            stage.guild.id,
            1,
            SettingChange("statistics", "", ""),
            lambda now: replace(now, statistics_roles=everybody),
        )
        assert (await stage.member.slash(stage.channel, "serverstats overview")).response.embeds
        assert REFUSED in said(await stage.member.slash(stage.channel, "leaderboard"))
