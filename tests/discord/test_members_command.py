"""`/serverstats members` as Discord's users meet it."""

import discord

from bot.views.registry import variants
from tests.discord.stage import fields_of, staged


async def test_activity_comes_first() -> None:
    async with staged() as stage:
        result = await stage.moderator.slash(stage.channel, "serverstats members", timeframe="30d")

        (embed,) = result.response.embeds
        assert embed.title == "Active members"
        fields = fields_of(embed)
        assert fields["Active members"].startswith("**3**")
        assert fields["Inactive members"].startswith("**unknown**"), "the bot came today: who left before?"
        assert fields["Wrote"].endswith("7.5% of members")
        assert stage.charts.drawn[0].title == "3 active members: 8% of all 40"


async def test_views_that_look_at_one_period_alone_offer_no_comparison() -> None:
    async with staged() as stage:
        for kind in ("members/categories", "members/retention"):
            result = await stage.moderator.slash(stage.channel, "serverstats members", category=kind)

            labels = [each.get("label") for row in result.response.components for each in row["components"]]
            assert "Refresh" in labels
            assert not {"Compare: on", "Compare: off"} & set(labels)


async def test_the_choices_are_the_views_in_order() -> None:
    async with staged() as stage:
        (group,) = stage.env.bot.tree.get_commands(type=discord.AppCommandType.chat_input)
        (option,) = [p for p in group.get_command("members").parameters if p.name == "category"]
        assert [choice.value for choice in option.choices] == [
            view.kind for view in variants("members/activity")
        ]
