"""The filter menus: by channel, category and role, after a restart too."""

from datetime import date
from typing import Any

from simcord.results import InteractionResult, ResponseMessage

from bot.client import ServerstatsClient
from cogs.members.names import DiscordNames
from tests.discord.stage import EPHEMERAL, Stage, fields_of, staged

COMMANDS = ("cogs.serverstats", "cogs.people", "cogs.controls")


def menu(message: ResponseMessage, placeholder: str) -> dict[str, Any]:
    (found,) = [
        component
        for row in message.components
        for component in row["components"]
        if component.get("placeholder") == placeholder
    ]
    return dict(found)


def chosen(message: ResponseMessage, placeholder: str) -> list[str]:
    return [str(each["id"]) for each in menu(message, placeholder).get("default_values", [])]


def names(stage: Stage) -> None:
    client = stage.env.bot
    assert isinstance(client, ServerstatsClient)
    client.services.people.attach(DiscordNames(client))


async def choose(
    stage: Stage, message: ResponseMessage, placeholder: str, *what: object
) -> InteractionResult:
    return await stage.moderator.select(message, what, custom_id=str(menu(message, placeholder)["custom_id"]))


async def test_a_category_means_the_channels_in_it() -> None:
    async with staged() as stage:
        names(stage)
        harbour = stage.guild.create_category("Harbour")
        pier = stage.guild.create_text_channel("pier", category=harbour)
        quay = stage.guild.create_text_channel("quay", category=harbour)
        empty = stage.guild.create_category("Desert")
        await stage.env.settle()
        stage.reader.channels |= {pier.id: "pier", quay.id: "quay"}
        stage.reader.sent[date(2026, 1, 30), 21] = {(pier.id, 1): 3, (quay.id, 1): 4}
        message = (await stage.moderator.slash(stage.channel, "serverstats activity")).response
        assert fields_of(message.embeds[0])["Messages"].startswith("**1,247**")

        await choose(stage, message, "All channels and categories", harbour)

        (embed,) = message.embeds
        assert fields_of(embed)["Messages"].startswith("**7**")
        assert embed.description.splitlines()[1] == f"Only in <#{harbour.id}>"
        assert stage.charts.drawn[-1].subtitle == "The Lighthouse · 30 days · only the chosen channels"
        await stage.restart()
        await choose(stage, message, "All channels and categories", harbour, stage.channel)
        assert fields_of(message.embeds[0])["Messages"].startswith("**1,013**")
        assert chosen(message, "All channels and categories") == [str(harbour.id), str(stage.channel.id)]

        await choose(stage, message, "All channels and categories", empty)
        assert fields_of(message.embeds[0])["Messages"].startswith("**0**")
        await choose(stage, message, "All channels and categories")
        assert fields_of(message.embeds[0])["Messages"].startswith("**1,247**")
        assert "Only in" not in message.embeds[0].description


async def test_a_role_restricts_to_its_members_and_a_channel_takes_its_place() -> None:
    async with staged() as stage:
        crew = stage.guild.create_role("Deckhands")
        await stage.env.settle()
        stage.reader.holders = {crew.id: {2, 3, 4}}
        message = (await stage.moderator.slash(stage.channel, "serverstats activity")).response

        await choose(stage, message, "All roles", crew)

        (embed,) = message.embeds
        assert fields_of(embed)["Messages"].startswith("**240**")
        assert fields_of(embed)["Members who wrote"].startswith("**2**")
        assert embed.description.splitlines()[1] == (
            f"Only members who have one of these roles today: <@&{crew.id}>"
        )
        assert stage.charts.drawn[-1].subtitle.endswith("only members with the chosen roles")
        await stage.restart()
        await stage.moderator.click(message, label="Table")
        assert f"<@&{crew.id}>" in message.embeds[0].description
        await stage.moderator.click(message, label="Chart")
        await choose(stage, message, "All channels and categories", stage.channel)
        assert fields_of(message.embeds[0])["Messages"].startswith("**1,006**")
        assert chosen(message, "All roles") == []
        await choose(stage, message, "All roles", crew)
        assert chosen(message, "All channels and categories") == []
        await choose(stage, message, "All roles", stage.guild.default_role)
        assert fields_of(message.embeds[0])["Messages"].startswith("**1,240**")


async def test_the_leaderboard_of_a_role_stays_one_with_another_metric() -> None:
    async with staged(COMMANDS) as stage:
        names(stage)
        crew = stage.guild.create_role("Deckhands")
        await stage.env.settle()
        stage.reader.holders = {crew.id: {2, 3}}
        message = (await stage.moderator.slash(stage.channel, "leaderboard")).response
        await choose(stage, message, "All roles", crew)
        assert fields_of(message.embeds[0])["Members"].startswith("**2**")

        await choose(stage, message, "What to show", "leaderboard/voice")

        assert chosen(message, "All roles") == [str(crew.id)]
        assert f"<@&{crew.id}>" in message.embeds[0].description
        await stage.moderator.click(message, label="Export…")


async def test_a_filter_is_refused_where_nobody_knows_the_roles() -> None:
    async with staged() as stage:
        crew = stage.guild.create_role("Deckhands")
        await stage.env.settle()
        message = (await stage.moderator.slash(stage.channel, "serverstats members")).response

        result = await choose(stage, message, "All roles", crew)

        (said,) = result.followups
        assert said.ephemeral
        assert "Server Members Intent" in said.content
        assert "Only members" not in message.embeds[0].description


async def test_who_may_not_see_the_view_cannot_filter_it() -> None:
    async with staged() as stage:
        message = (await stage.moderator.slash(stage.channel, "serverstats activity")).response

        result = await stage.member.select(
            message, [stage.channel], custom_id=str(menu(message, "All channels and categories")["custom_id"])
        )

        assert stage.responses()[-1] == (4, EPHEMERAL)
        assert "View Server Insights" in result.response.content
