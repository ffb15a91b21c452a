"""`/me` in direct messages: one's own figures of the servers in which one is counted, and nobody else's."""

from datetime import date
from typing import Any

import discord
import pytest
from simcord.actors import MemberActor
from simcord.builders import GuildHandle, UserHandle
from simcord.results import InteractionResult, ResponseMessage

from bot.client import ServerstatsClient
from bot.members.servers import MOST
from bot.privacy.records import OptedOut
from cogs.controls.custom_range import FIELD
from cogs.controls.state import Action, decode
from tests.discord.stage import EPHEMERAL, SAYS, THINKS, Stage, fields_of, staged

COMMANDS = ("cogs.people", "cogs.controls")
UNKNOWN = "I know no such server in which something of you is counted."
NOWHERE = "Nothing of you is counted yet."


def client_of(stage: Stage) -> ServerstatsClient:
    client = stage.env.bot
    assert isinstance(client, ServerstatsClient)
    return client


def server(stage: Stage, name: str) -> GuildHandle:
    """Another server with the bot in it."""
    guild = stage.env.create_guild(name)
    guild.create_text_channel("general")
    stage.reader.names[guild.id] = name
    return guild


def wrote(stage: Stage, guild: GuildHandle, user: UserHandle | MemberActor, day: int, messages: int) -> None:
    """Let somebody have written in a server on a day of January."""
    member = client_of(stage).services.pseudonyms.once(guild.id, user.id)
    stage.reader.sent.setdefault((date(2026, 1, day), 9), {})[guild.id, member] = messages


def controls(message: ResponseMessage, kind: int) -> list[dict[str, Any]]:
    return [each for row in message.components for each in row["components"] if each["type"] == kind]


def place_menu(message: ResponseMessage) -> dict[str, Any] | None:
    menus = controls(message, 3)
    return next((each for each in menus if decode(each["custom_id"])[0] is Action.PLACE), None)


def said(result: InteractionResult) -> str:
    read: list[ResponseMessage | None] = [*result.followups, result.response]
    return " ".join(str(message.content) for message in read if message is not None)


async def test_who_is_counted_in_one_server_gets_its_figures() -> None:
    async with staged(COMMANDS) as stage:
        user = stage.env.create_user("ada")
        wrote(stage, stage.guild, user, 30, 10)
        wrote(stage, server(stage, "The Secret Garden"), stage.member, 31, 99)

        result = await user.slash("me", timeframe="7d")

        assert stage.responses() == [(THINKS, EPHEMERAL)]
        (embed,) = result.response.embeds
        assert fields_of(embed)["Messages"].startswith("**10**")
        assert embed.footer.text.startswith("7 days")
        assert "The Lighthouse" in str(embed.to_dict())
        assert place_menu(result.response) is None
        assert "Secret" not in str(embed.to_dict())


async def test_of_several_servers_the_last_one_is_shown_and_the_others_are_a_menu_away() -> None:
    async with staged(COMMANDS) as stage:
        user = stage.env.create_user("ada")
        garden = server(stage, "The Garden")
        wrote(stage, stage.guild, user, 20, 10)
        wrote(stage, garden, user, 30, 7)

        shown = (await user.slash("me")).response
        menu = place_menu(shown)
        assert menu is not None
        assert [option["label"] for option in menu["options"]] == ["The Garden", "The Lighthouse"]
        assert [option.get("default", False) for option in menu["options"]] == [True, False]
        assert fields_of(shown.embeds[0])["Messages"].startswith("**7**")

        await user.select(shown, [str(stage.guild.id)], custom_id=menu["custom_id"])

        assert fields_of(shown.embeds[0])["Messages"].startswith("**10**")
        menu = place_menu(shown)
        assert menu is not None
        assert [option.get("default", False) for option in menu["options"]] == [False, True]


async def test_the_option_offers_only_ones_own_servers_and_takes_name_and_id() -> None:
    async with staged(COMMANDS) as stage:
        user = stage.env.create_user("ada")
        garden, secret = server(stage, "The Garden"), server(stage, "The Secret Garden")
        wrote(stage, stage.guild, user, 20, 10)
        wrote(stage, garden, user, 30, 7)
        wrote(stage, secret, stage.member, 31, 99)

        assert [each["name"] for each in await user.autocomplete("me", "server", "")] == [
            "The Garden",
            "The Lighthouse",
        ]
        (choice,) = await user.autocomplete("me", "server", "light")
        assert choice == {"name": "The Lighthouse", "value": str(stage.guild.id)}
        assert await user.autocomplete("me", "server", "secret") == []
        assert await user.autocomplete("me", "server", str(secret.id)) == []
        for typed in (choice["value"], "the lighthouse"):
            result = await user.slash("me", server=typed)
            assert fields_of(result.response.embeds[0])["Messages"].startswith("**10**"), typed


async def test_a_foreign_server_gets_the_same_answer_as_one_that_is_none() -> None:
    async with staged(COMMANDS) as stage:
        user = stage.env.create_user("ada")
        wrote(stage, stage.guild, user, 20, 10)
        secret = server(stage, "The Secret Garden")
        wrote(stage, secret, stage.member, 31, 99)

        answers = [
            await user.slash("me", server=typed) for typed in (str(secret.id), "The Secret Garden", "12", "x")
        ]

        assert len({said(answer) for answer in answers}) == 1
        assert said(answers[0]).startswith(UNKNOWN)
        assert not any(answer.response.embeds for answer in answers)


async def test_who_is_counted_nowhere_is_told_what_to_do() -> None:
    async with staged(COMMANDS) as stage:
        result = await stage.env.create_user("ada").slash("me")

        assert said(result).startswith(NOWHERE)
        assert not result.response.embeds


async def test_on_a_server_nothing_is_looked_up_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    async with staged(COMMANDS) as stage:
        wrote(stage, stage.guild, stage.member, 30, 10)
        wrote(stage, server(stage, "The Garden"), stage.member, 31, 7)
        asked: list[object] = []
        monkeypatch.setattr(stage.reader, "latest", lambda *args: asked.append(args))

        shown = (await stage.member.slash(stage.channel, "me")).response
        await stage.member.click(shown, label="Refresh")

        assert asked == []
        assert fields_of(shown.embeds[0])["Messages"].startswith("**10**")
        assert place_menu(shown) is None


async def test_on_a_server_another_one_can_be_named() -> None:
    async with staged(COMMANDS) as stage:
        wrote(stage, stage.guild, stage.member, 31, 10)
        wrote(stage, server(stage, "The Garden"), stage.member, 30, 7)

        shown = (await stage.member.slash(stage.channel, "me", server="The Garden")).response

        assert fields_of(shown.embeds[0])["Messages"].startswith("**7**")
        menu = place_menu(shown)
        assert menu is not None
        await stage.member.select(shown, [str(stage.guild.id)], custom_id=menu["custom_id"])
        assert fields_of(shown.embeds[0])["Messages"].startswith("**10**")


async def test_every_control_works_in_direct_messages_also_after_a_restart() -> None:
    async with staged(COMMANDS) as stage:
        user = stage.env.create_user("ada")
        wrote(stage, stage.guild, user, 20, 10)
        wrote(stage, server(stage, "The Garden"), user, 30, 7)
        shown = (await user.slash("me", server="The Lighthouse")).response
        await stage.restart()

        timeframe = controls(shown, 3)[0]["custom_id"]
        await user.select(shown, ["365d"], custom_id=timeframe)
        assert shown.embeds[0].footer.text.startswith("1 year")
        form = await user.click(shown, label="Custom range…")
        await stage.restart()
        await user.submit_modal(form, {FIELD: "2026-01-19..2026-01-21"})
        assert "2026-01-19" in shown.embeds[0].footer.text
        await user.click(shown, label="Compare: on")
        assert [each["label"] for each in controls(shown, 2) if "Compare" in each["label"]] == [
            "Compare: off"
        ]
        await user.click(shown, label="Refresh")
        assert fields_of(shown.embeds[0])["Messages"].startswith("**10**")
        await user.click(shown, label="Table")
        assert "10" in shown.embeds[0].description
        await user.click(shown, label="Chart")
        assert len(shown.attachments) == 1
        offered = await user.click(shown, label="Export…")
        export = await user.select(offered.response, ["csv"])
        assert export.response.attachments
        assert stage.env.errors == []
        assert {flags for kind, flags in stage.responses() if kind in {SAYS, THINKS}} == {EPHEMERAL}


async def test_somebody_elses_control_shows_nothing_that_is_not_ones_own() -> None:
    async with staged(COMMANDS) as stage:
        ada, bob = stage.env.create_user("ada"), stage.env.create_user("bob")
        garden = server(stage, "The Garden")
        wrote(stage, stage.guild, ada, 20, 10)
        wrote(stage, garden, bob, 30, 7)
        hers = (await ada.slash("me")).response
        view = discord.ui.View(timeout=None)
        for label in ("Refresh", "Export…"):
            (custom_id,) = [each["custom_id"] for each in controls(hers, 2) if each["label"] == label]
            view.add_item(discord.ui.Button(label=label, custom_id=custom_id))
        view.stop()
        message = await (await client_of(stage).fetch_user(bob.id)).send("A card", view=view)

        refused = await bob.click(message, label="Refresh")

        assert said(refused).startswith(UNKNOWN)
        assert fields_of(hers.embeds[0])["Messages"].startswith("**10**")
        offered = await bob.click(message, label="Export…")
        taken = await bob.select(offered.response, ["csv"])
        assert said(taken).startswith(UNKNOWN)
        assert not taken.response.attachments
        wrote(stage, stage.guild, bob, 20, 3)
        own = await bob.click(message, label="Refresh")
        assert fields_of(bob.dm_channel.last_message.embeds[0])["Messages"].startswith("**3**"), own


async def test_who_has_opted_out_is_told_so_and_sees_what_is_there() -> None:
    async with staged(COMMANDS) as stage:
        wrote(stage, stage.guild, stage.member, 30, 10)
        services = client_of(stage).services
        member = services.pseudonyms.once(stage.guild.id, stage.member.id)
        services.gate._consents.note(OptedOut(stage.guild.id, member, 1))

        there = (await stage.member.slash(stage.channel, "me")).response
        elsewhere = (await stage.env.create_user("ada").slash("me")).response
        own = (await stage.member.slash(stage.channel, "me", server="The Lighthouse")).response

        for shown in (there, own):
            assert shown.content.startswith("You opted out: nothing of you is counted on this server.")
            assert fields_of(shown.embeds[0])["Messages"].startswith("**10**")
        assert elsewhere.content.startswith(NOWHERE)


async def test_a_silent_database_is_said_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.members.servers.PATIENCE_SECONDS", 0.05)
    async with staged(COMMANDS) as stage:
        user = stage.env.create_user("ada")
        stage.reader.silent = True

        result = await user.slash("me")
        (choice,) = await user.autocomplete("me", "server", "")

        assert "The database does not answer just now" in said(result)
        assert "The database does not answer just now" in choice["name"]


async def test_a_menu_holds_no_more_than_discord_takes() -> None:
    async with staged(COMMANDS) as stage:
        user = stage.env.create_user("ada")
        for number in range(MOST + 2):
            guild = stage.env.create_guild(f"Server {number}")
            stage.reader.names[guild.id] = f"Server {number}"
            wrote(stage, guild, user, 1 + number, 1 + number)
        oldest = next(guild for guild, name in stage.reader.names.items() if name == "Server 0")

        shown = (await user.slash("me", server=str(oldest))).response

        menu = place_menu(shown)
        assert menu is not None
        assert len(menu["options"]) == MOST
        assert [option["label"] for option in menu["options"] if option.get("default")] == ["Server 0"]
        assert len(await user.autocomplete("me", "server", "")) == MOST


async def test_no_other_command_is_offered_in_direct_messages() -> None:
    async with staged(("cogs.serverstats", "cogs.admin", "cogs.privacy", *COMMANDS)) as stage:
        assert stage.env.create_user("ada").available_commands() == ("me",)
