"""`/activity analyze comparative` and `channel`, as Discord's users meet them."""

import pytest

from analytics.charts.spec import ComparisonSpec
from bot.views.registry import VIEWS
from bot.views.view import View
from tests.discord.stage import EPHEMERAL, SAYS, THINKS, fields_of, staged
from tests.discord.test_filters import choose, chosen, menu, names
from tests.discord.test_people import COMMANDS, audit, busy, pseudonym

COMMAND = "activity analyze comparative"
COMPARISONS = [view for view in VIEWS.values() if view.group.startswith("compare/")]


async def test_without_options_the_period_is_compared_with_the_one_before() -> None:
    async with staged(COMMANDS) as stage:
        busy(stage)

        result = await stage.moderator.slash(stage.channel, COMMAND)

        assert stage.responses() == [(THINKS, 0)]
        (embed,) = result.response.embeds
        assert embed.title == "Periods compared: all metrics"
        assert fields_of(embed)["Messages"].startswith("**100**\n▲")
        assert isinstance(stage.charts.drawn[0], ComparisonSpec)
        labels = [each.get("label") for row in result.response.components for each in row["components"]]
        assert "Refresh" in labels
        assert "Compare: on" not in labels


async def test_another_metric_is_an_option_and_a_menu_away_also_after_a_restart() -> None:
    async with staged(COMMANDS) as stage:
        busy(stage)
        result = await stage.moderator.slash(stage.channel, COMMAND, metric="messages", timeframe="7d")
        assert result.response.embeds[0].title == "Periods compared: messages"
        assert fields_of(result.response.embeds[0])["Most in a day"].startswith("**94**")

        await stage.restart()
        await choose(stage, result.response, "What to show", "compare/periods/active")

        assert result.response.embeds[0].title == "Periods compared: members who wrote"
        again = await choose(stage, result.response, "Timeframe", "all")
        (said,) = again.followups
        assert "choose another timeframe" in said.content
        assert result.response.embeds[0].footer.text.startswith("7 days")


async def test_channels_are_compared_with_this_one_and_others_by_the_menu() -> None:
    async with staged(COMMANDS) as stage:
        busy(stage)
        harbour = stage.guild.create_text_channel("harbour")
        await stage.env.settle()

        result = await stage.moderator.slash(stage.channel, COMMAND, metric="messages", other_channel=harbour)

        message = result.response
        first = fields_of(message.embeds[0])["Messages"].splitlines()
        assert [line.split("` ")[1] for line in first] == [f"<#{stage.channel.id}>", f"<#{harbour.id}>"]
        assert chosen(message, "Channels to compare") == [str(stage.channel.id), str(harbour.id)]
        picker = menu(message, "Channels to compare")
        assert (picker["min_values"], picker["max_values"]) == (2, 4)
        assert "Only in" not in message.embeds[0].description
        await stage.restart()
        third = stage.guild.create_text_channel("third")
        await stage.env.settle()
        await choose(stage, message, "Channels to compare", harbour, third, stage.channel)
        assert len(fields_of(message.embeds[0])["Messages"].splitlines()) == 3
        await choose(stage, message, "What to show", "compare/channels/all")
        assert len(chosen(message, "Channels to compare")) == 3
        await stage.moderator.click(message, label="Table")
        assert "page 1 of 1" in message.embeds[0].description, "of three small tables"


async def test_roles_are_compared_by_name() -> None:
    async with staged(COMMANDS) as stage:
        busy(stage)
        names(stage)
        crew, guests = stage.guild.create_role("Deckhands"), stage.guild.create_role("Guests")
        await stage.env.settle()
        captain, guest = (pseudonym(stage, who.id) for who in (stage.moderator, stage.member))
        stage.reader.holders = {crew.id: {captain, guest, 7}, guests.id: {guest, 7, 8}}

        result = await stage.moderator.slash(stage.channel, COMMAND, role=crew, other_role=guests)

        message = result.response
        lines = fields_of(message.embeds[0])["Messages a member"].splitlines()
        assert [line.split("` ")[1] for line in lines] == [f"<@&{crew.id}>", f"<@&{guests.id}>"]
        assert "Roles are those that members have today." in message.embeds[0].description
        (chart,) = stage.charts.drawn
        assert isinstance(chart, ComparisonSpec)
        assert chart.subjects == ("Deckhands", "Guests")
        assert chart.title == "Deckhands: 4 times as many messages a member as Guests"
        await stage.restart()
        await choose(stage, message, "What to show", "compare/roles/messages")
        assert chosen(message, "Roles to compare") == [str(crew.id), str(guests.id)]


async def test_a_member_and_the_median_are_for_the_asker_alone_and_noted() -> None:
    async with staged(COMMANDS) as stage:
        busy(stage)
        guest = pseudonym(stage, stage.member.id)

        result = await stage.moderator.slash(stage.channel, COMMAND, user=stage.member, metric="messages")

        assert stage.responses() == [(THINKS, EPHEMERAL)]
        lines = fields_of(result.response.embeds[0])["Messages"].splitlines()
        assert [line.split("` ")[1] for line in lines] == ["the median", "this member"]
        about = result.response.embeds[0].description.splitlines()
        assert about[0] == f"<@{stage.member.id}>", "whoever looks at several is told whom this is about"
        assert [(each.member, each.subject) for each in audit(stage).entries] == [
            (guest, "compare/member/messages")
        ]
        await choose(stage, result.response, "What to show", "compare/member/days")
        assert [each.member for each in audit(stage).entries] == [guest, guest]
        refused = await stage.member.slash(stage.channel, COMMAND, user=stage.member)
        assert "These figures are for people with" in refused.response.content


@pytest.mark.parametrize(
    "wrong", ["mixed", "mixed too", "same channel", "one role", "everyone", "metric", "bot"]
)
async def test_what_cannot_be_compared_is_answered_at_once(wrong: str) -> None:
    async with staged(COMMANDS) as stage:
        busy(stage)
        crew = stage.guild.create_role("Deckhands")
        robot = stage.guild.add_member(stage.env.create_user("robot", bot=True))
        await stage.env.settle()
        options, said = {
            "mixed": ({"channel": stage.channel, "role": crew}, "leave the other options out"),
            "mixed too": ({"user": stage.member, "server": "5"}, "leave the other options out"),
            "same channel": ({"channel": stage.channel}, "the same channel"),
            "one role": ({"role": crew}, "Name two roles"),
            "everyone": ({"role": crew, "other_role": stage.guild.default_role}, "@everyone"),
            "metric": ({"metric": "threads", "other_channel": stage.channel}, "`messages`, `voice`"),
            "bot": ({"user": robot}, "not of bots"),
        }[wrong]

        result = await stage.moderator.slash(stage.channel, COMMAND, **options)

        assert stage.responses() == [(SAYS, EPHEMERAL)]
        assert said in result.response.content


async def test_metrics_are_offered_of_what_is_compared() -> None:
    async with staged(COMMANDS) as stage:
        offered = await stage.moderator.autocomplete(stage.channel, COMMAND, "metric", "")
        assert [each["value"] for each in offered] == [
            "all", "messages", "active", "joins", "voice", "reactions", "threads",
        ]  # fmt: skip
        offered = await stage.moderator.autocomplete(stage.channel, COMMAND, "metric", "VOI")
        assert [each["value"] for each in offered] == ["voice"]
        offered = await stage.moderator.autocomplete(stage.channel, COMMAND, "timeframe", "45d")
        assert offered[0]["value"] == "45d"


@pytest.mark.parametrize("view", COMPARISONS, ids=lambda view: view.kind)
async def test_every_comparison_is_shown_with_its_chart(view: View) -> None:
    async with staged(COMMANDS) as stage:
        busy(stage)
        names(stage)
        crew, guests = stage.guild.create_role("Deckhands"), stage.guild.create_role("Guests")
        harbour = stage.guild.create_text_channel("harbour")
        await stage.env.settle()
        stage.reader.holders = {crew.id: {1, 2, 3}, guests.id: {pseudonym(stage, stage.member.id), 1, 2}}
        stage.neighbour(5)
        options = {
            "compare/periods": {},
            "compare/channels": {"channel": stage.channel, "other_channel": harbour},
            "compare/roles": {"role": crew, "other_role": guests},
            "compare/member": {"user": stage.member},
            "compare/servers": {"server": "5"},
        }[view.group]

        metric = view.kind.rpartition("/")[2]
        result = await stage.moderator.slash(stage.channel, COMMAND, metric=metric, **options)

        (embed,) = result.response.embeds
        assert embed.title == str(view.title)
        assert len(embed.fields) >= 1
        assert len(stage.charts.drawn) == 1


@pytest.mark.parametrize("metric", ["messages", "voice", "reactions"])
async def test_a_channel_is_looked_at_in_each_metric(metric: str) -> None:
    async with staged(COMMANDS) as stage:
        busy(stage)

        result = await stage.moderator.slash(
            stage.channel, "activity analyze channel", metric=f"channel/{metric}", timeframe="7d"
        )

        title = str(VIEWS[f"channel/{metric}"].title).removeprefix("One channel: ")
        (embed,) = result.response.embeds
        assert embed.title == f"#general: {title}"
        known = {"messages": "**36**", "voice": "**0", "reactions": "**unknown**"}  # these by whole days
        assert embed.fields[0].value.startswith(known[metric])
        await stage.restart()
        await stage.moderator.click(result.response, label="Refresh")
        assert result.response.embeds[0].title == embed.title
