"""What Discord's own client would not send: the user reads what is wrong, and nobody is at fault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import app_commands
from structlog.testing import capture_logs

from bot.client import MOST_REPEATED
from bot.wording.format import escaped
from tests.socket.test_bot_gateway import SECONDS, Scene, commands_were_sent, connect  # noqa: F401 - a fixture
from tests.support.discord_server.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AT_LEAST = 6
"""Options with choices that commands have."""


def wrong(on: Scene) -> Iterator[tuple[list[str], str, str]]:
    """Path of a command, an option of it, and a value that Discord does not offer there."""
    for command in on.app.client.tree.walk_commands():
        if isinstance(command, app_commands.Command):
            path = command.qualified_name.split()
            for option in command.parameters:
                if option.choices:
                    yield path, option.display_name, "no_such_thing"
                    yield path, option.display_name, "@everyone" * 20


async def test_a_value_outside_of_the_choices_is_called_that(connect: Callable[..., Any]) -> None:  # noqa: F811
    async with connect() as on:
        await on.server.records.until(lambda: commands_were_sent(on.server), timeout=SECONDS)
        role = on.guild.role(
            "moderators", permissions=Permission.VIEW_GUILD_INSIGHTS | Permission.MANAGE_GUILD
        )
        moderator = on.guild.member("mod", role)
        await on.app.services.names.save()
        tried = list(wrong(on))
        assert len([each for each in tried if each[2] == "no_such_thing"]) >= AT_LEAST
        with capture_logs() as logs:
            for path, option, value in tried:
                exchange = await on.server.slash(on.general, moderator, *path, options={option: value})
                assert exchange.callback is not None
                said = exchange.callback.payload["data"]["content"]
                assert "is nothing that this option takes" in said, (path, option)
                assert escaped(value, MOST_REPEATED) in said
        assert [each for each in logs if each["log_level"] == "error"] == []


async def test_a_value_that_discord_offers_is_taken(connect: Callable[..., Any]) -> None:  # noqa: F811
    async with connect() as on:
        await on.server.records.until(lambda: commands_were_sent(on.server), timeout=SECONDS)
        role = on.guild.role("moderators", permissions=Permission.VIEW_GUILD_INSIGHTS)
        moderator = on.guild.member("mod", role)
        await on.server.send_message(on.general, on.ada)
        await on.until_counted(1)
        await on.app.services.names.save()
        for path, options in (
            (["serverstats", "members"], {"category": "members/growth"}),
            (["serverstats", "members"], {}),
            (["leaderboard"], {"metric": "leaderboard/messages"}),
        ):
            exchange = await on.server.slash(on.general, moderator, *path, options=options)
            said = str(exchange.callback) + str(exchange.edits)
            assert "takes" not in said
            assert "embeds" in said
