"""Who may see a view, and that the documentation says the same."""

import re
from pathlib import Path
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.client import EXTENSIONS, ServerstatsClient
from bot.preferences import Preferences
from bot.views.registry import VIEWS
from cogs.access import SEEN_BY, Asker, Circle, may_see
from tests.discord.stage import MemoryCharts, MemoryReader, fresh_client

AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu
PAGE = (Path(__file__).parents[2] / "docs" / "permissions.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `?([^|`]+?)`? \| ([^|]+) \|$", PAGE, re.MULTILINE))
PERMISSIONS = {
    "View Server Insights": discord.Permissions(view_guild_insights=True),
    "Manage Server": discord.Permissions(manage_guild=True),
    "Time out members": discord.Permissions(moderate_members=True),
    "everybody": None,
}
ASKERS = {
    "nobody special": Asker(discord.Permissions.none()),
    "View Server Insights": Asker(discord.Permissions(view_guild_insights=True)),
    "Manage Server": Asker(discord.Permissions(manage_guild=True)),
    "another": Asker(discord.Permissions(view_audit_log=True, manage_channels=True, moderate_members=True)),
    "administrator": Asker(discord.Permissions(administrator=True)),
    "a role for statistics": Asker(discord.Permissions.none(), frozenset({Circle.STATISTICS})),
    "a role for members": Asker(discord.Permissions.none(), frozenset(Circle)),
}
WHERE = dict(re.findall(r"^\| `(/[a-z]+)` \| ([^|]+) \| [^|]+ \|$", PAGE, re.MULTILINE))
"""Where a command can be used, where that is not on servers alone."""
OPENS = {"a role for members": ("a role for members", "a role for statistics")}
"""Words in the table that let somebody in, where it is not just the asker's own."""


@pytest.mark.parametrize("kind", sorted(VIEWS))
def test_every_view_has_its_row_in_the_documentation(kind: str) -> None:
    assert ROWS[VIEWS[kind].group] == SEEN_BY[kind].words


@pytest.mark.parametrize("kind", sorted(SEEN_BY))
@pytest.mark.parametrize("asker", ASKERS)
def test_the_permissions_are_those_of_the_words(kind: str, asker: str) -> None:
    words = ROWS[VIEWS[kind].group]
    named = any(each in words for each in OPENS.get(asker, (asker,)))
    allowed = "every member" in words or asker == "administrator" or named
    assert may_see(kind, ASKERS[asker]) is allowed
    assert SEEN_BY[kind].oneself is ("about oneself" in words)
    assert SEEN_BY[kind].noted is ("noted in the audit log" in words)


@pytest.mark.parametrize("kind", sorted(SEEN_BY))
def test_no_other_permission_opens_figures_of_others(kind: str) -> None:
    everything = discord.Permissions.all()
    everything.update(view_guild_insights=False, manage_guild=False, administrator=False)
    assert may_see(kind, Asker(everything)) is SEEN_BY[kind].oneself


def test_who_may_see_members_may_see_statistics() -> None:
    chosen = Preferences(statistics_roles=frozenset({1}), member_roles=frozenset({2}))
    assert Circle.STATISTICS.roles(chosen) == {1, 2}
    assert Circle.MEMBERS.roles(chosen) == {2}


def places_of(client: ServerstatsClient, command: AnyCommand) -> str:
    """Where Discord will offer a command."""
    told = command.to_dict(client.tree)
    by, places = told["integration_types"], told["contexts"]
    return {
        ((0,), (0,)): "servers",
        ((0, 1), (0, 1, 2)): "servers, direct messages, group messages, other servers",
    }[tuple(by), tuple(places)]


async def test_discord_offers_each_command_to_whom_the_documentation_names() -> None:
    client = fresh_client(MemoryReader(), MemoryCharts())
    async with client:
        for extension in EXTENSIONS:
            await client.load_extension(extension)
        commands = {
            command.name if isinstance(command, app_commands.ContextMenu) else f"/{command.name}": command
            for kind in discord.AppCommandType
            for command in client.tree.get_commands(type=kind)
        }
        shown = {name: ROWS.get(name) for name in commands}
        assert None not in shown.values(), shown
        for name, command in commands.items():
            assert command.default_permissions == PERMISSIONS[ROWS[name]], name
            assert places_of(client, command) == WHERE.get(name, "servers"), name
        assert {name for name in ROWS if name.startswith("/")} <= set(commands)


def test_each_row_is_about_something() -> None:
    groups = {view.group for view in VIEWS.values()}
    named = {name for name in ROWS if re.fullmatch("[a-z]+(/[a-z]+)?", name)}
    assert named == groups
