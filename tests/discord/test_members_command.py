"""`/serverstats members` as Discord's users meet it."""

import discord

from bot.views.registry import variants
from tests.discord.stage import fields_of, staged


async def test_activity_comes_first() -> None:
    async with staged() as stage:
        result = await stage.moderator.slash(stage.channel, "serverstats members", timeframe="30d")

        (embed,) = result.response.embeds
        assert embed.title == "Members: activity"
        fields = fields_of(embed)
        assert fields["Active members"].startswith("**3**")
        assert fields["Inactive members"].startswith("**37**")
        assert fields["Wrote"].endswith("7.5% of members")
        assert stage.charts.drawn[0].title == "3 active members: 8% of all 40"


async def test_a_wrong_timeframe_is_said() -> None:
    async with staged() as stage:
        result = await stage.moderator.slash(stage.channel, "serverstats members", timeframe="soon")
        assert "is not a timeframe I know" in result.response.content


async def test_the_choices_are_the_views_in_order() -> None:
    async with staged() as stage:
        (group,) = stage.env.bot.tree.get_commands(type=discord.AppCommandType.chat_input)
        (option,) = [p for p in group.get_command("members").parameters if p.name == "category"]
        assert [choice.value for choice in option.choices] == [
            view.kind for view in variants("members/activity")
        ]


async def test_timeframes_are_suggested_to_who_may_see_it() -> None:
    async with staged() as stage:
        offered = await stage.moderator.autocomplete(stage.channel, "serverstats members", "timeframe", "45d")
        assert offered == [{"name": "45 days", "value": "45d"}]
        (command,) = await stage.env.bot.tree.fetch_commands()
        stage.guild.set_command_permissions(command, {stage.member: True})
        assert await stage.member.autocomplete(stage.channel, "serverstats members", "timeframe", "7") == []
