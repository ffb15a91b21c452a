"""`/serverstats overview` as Discord's users meet it."""

import pytest
from structlog.testing import capture_logs

from tests.discord.stage import EPHEMERAL, PIXEL, SAYS, THINKS, fields_of, staged


async def test_the_answer_is_a_card_with_chart_and_controls() -> None:
    async with staged() as stage:
        result = await stage.moderator.slash(stage.channel, "serverstats overview")

        assert stage.responses() == [(THINKS, 0)]
        (embed,) = result.response.embeds
        fields = fields_of(embed)
        assert embed.author.name == "The Lighthouse"
        assert fields["Messages"].startswith("**1,240**")
        assert fields["Members who wrote"].endswith("7.5% of members")
        assert fields["Members"] == "**40**"
        assert f"<#{stage.channel.id}>" in fields["Top channels"]
        assert fields["Top channels"].endswith("\n1 channel not shown: 19%"), "the one that is gone"
        assert embed.footer.text == "30 days · times in Europe/Berlin"
        assert embed.timestamp is not None
        (picture,) = result.response.attachments
        assert embed.image.url
        assert picture.description.startswith("Bar chart: ")
        assert await picture.read() == PIXEL
        assert [row["components"][0]["type"] for row in result.response.components] == [3, 2]


@pytest.mark.parametrize(
    ("typed", "name", "messages"),
    [
        ("24h", "24 hours", "1,240"),
        ("yesterday", "2026-01-30", "1,234"),
        (" 2026-01-30 .. 2026-01-30 ", "2026-01-30", "1,234"),
        ("this month", "January 2026", "1,245"),
        ("2026\N{EN DASH}01", "January 2026", "1,245"),
        ("Januar", "January 2026", "1,245"),
        ("gestern", "2026-01-30", "1,234"),
        ("all", "All time", "1,245"),
    ],
)
async def test_a_timeframe_can_be_typed(typed: str, name: str, messages: str) -> None:
    async with staged() as stage:
        result = await stage.moderator.slash(stage.channel, "serverstats overview", timeframe=typed)

        (embed,) = result.response.embeds
        assert embed.footer.text.startswith(f"{name} ·")
        assert fields_of(embed)["Messages"].startswith(f"**{messages}**")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("next tuesday", "“next tuesday” is not a timeframe I know. Try one of `24h`"),
        ("2026-02-30", "2026-02-30 is not in the calendar"),
        ("03/01/2026", "write `2026-01-03` or `2026-03-01`"),
        ("2026-02-01..2026-01-01", "did you mean `2026-01-01..2026-02-01`?"),
        ("2026-02-01", "2026-02-01 lies in the future: today is 2026-01-31 in this server."),
        ("@everyone **x**", "“everyone x” is not a timeframe"),
    ],
)
async def test_bad_input_is_answered_kindly_and_only_to_who_typed_it(typed: str, said: str) -> None:
    async with staged() as stage:
        result = await stage.moderator.slash(stage.channel, "serverstats overview", timeframe=typed)

        assert stage.responses() == [(SAYS, EPHEMERAL)]
        assert said in result.response.content
        assert result.response.ephemeral
        assert not result.response.embeds
        assert not stage.charts.drawn


async def test_suggestions_need_no_database() -> None:
    async with staged() as stage:
        stage.reader.silent = True

        offered = await stage.moderator.autocomplete(
            stage.channel, "serverstats overview", "timeframe", "45d"
        )
        usual = await stage.moderator.autocomplete(stage.channel, "serverstats overview", "timeframe", "")

        assert offered == [{"name": "45 days", "value": "45d"}]
        assert usual[0] == {"name": "24 hours", "value": "24h"}
        assert {"name": "Last month", "value": "last month"} in usual


async def test_suggestions_are_only_for_who_may_see_the_view() -> None:
    async with staged() as stage:
        (command,) = await stage.env.bot.tree.fetch_commands()
        stage.guild.set_command_permissions(command, {stage.member: True})

        assert await stage.member.autocomplete(stage.channel, "serverstats overview", "timeframe", "7") == []


async def test_discord_offers_the_command_to_everybody_and_the_bot_decides() -> None:
    async with staged() as stage:
        assert "serverstats overview" in stage.member.available_commands(stage.channel)
        result = await stage.member.slash(stage.channel, "serverstats overview")
        assert stage.responses() == [(SAYS, EPHEMERAL)]
        assert "a role that an admin of this server chose" in result.response.content


async def test_an_admin_who_opened_the_command_to_everyone_does_not_open_the_figures() -> None:
    async with staged() as stage:
        (command,) = await stage.env.bot.tree.fetch_commands()
        stage.guild.set_command_permissions(command, {stage.member: True})

        result = await stage.member.slash(stage.channel, "serverstats overview")

        assert stage.responses() == [(SAYS, EPHEMERAL)]
        assert "View Server Insights or Manage Server" in result.response.content


async def test_a_silent_database_is_met_with_a_deferral_then_a_kind_error() -> None:
    async with staged() as stage:
        stage.reader.silent = True
        with capture_logs() as logs:
            result = await stage.moderator.slash(stage.channel, "serverstats overview")
            assert result.deferred
            assert stage.responses() == [(THINKS, 0)]

            await stage.env.advance_time(10)

        assert result.response.content.startswith("The database does not answer just now")
        (entry,) = [entry for entry in logs if entry["event"] == "interaction failed"]
        assert entry["reference"] in result.response.content
        assert entry["cause"] == "Unavailable: no answer within 10 seconds"
        assert "exc_info" not in entry, "no fault of ours: no traceback"


async def test_a_mistake_is_told_even_when_the_database_is_silent() -> None:
    async with staged() as stage:
        stage.reader.silent = True

        result = await stage.moderator.slash(stage.channel, "serverstats overview", timeframe="soon")

        assert stage.responses() == [(SAYS, EPHEMERAL)]
        assert result.response.content.startswith("“soon” is not a timeframe I know.")


async def test_a_failed_chart_leaves_the_figures_and_a_log_entry() -> None:
    async with staged() as stage:
        stage.charts.broken = True
        with capture_logs() as logs:
            result = await stage.moderator.slash(stage.channel, "serverstats overview")

        (embed,) = result.response.embeds
        assert fields_of(embed)["Messages"].startswith("**1,240**")
        assert "The chart could not be drawn this time." in embed.description
        assert embed.image.url is None
        assert result.response.attachments == []
        assert [entry["event"] for entry in logs] == ["chart failed"]


async def test_a_server_of_which_nothing_is_known_says_so() -> None:
    async with staged() as stage:
        stage.reader.names.clear()

        result = await stage.moderator.slash(stage.channel, "serverstats overview")

        assert result.response.content == "Nothing is counted in this server yet; try again later."


async def test_a_bug_reaches_the_user_with_a_reference_and_the_log_with_its_cause() -> None:
    async with staged() as stage:
        stage.reader.channels = None
        with capture_logs() as logs:
            result = await stage.moderator.slash(stage.channel, "serverstats overview")

        assert result.response.content.startswith("Something went wrong on my side: try again, or tell")
        (entry,) = [entry for entry in logs if entry["event"] == "interaction failed"]
        assert entry["reference"] in result.response.content
        assert isinstance(entry["exc_info"], AttributeError)
