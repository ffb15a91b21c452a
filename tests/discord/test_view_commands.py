"""The commands that show one view of several, as Discord's users meet them."""

import pytest

from bot.views.registry import VIEWS
from bot.views.view import View
from tests.discord.stage import EPHEMERAL, SAYS, THINKS, staged

OPTIONS = {"members": "category", "activity": "type", "channels": "category", "trends": "metric"}
"""The option by which each command chooses a view."""
GROUPS = list(OPTIONS)
SHOWN = [view for view in VIEWS.values() if view.group in OPTIONS]


@pytest.mark.parametrize("view", SHOWN, ids=lambda view: view.kind)
async def test_every_view_is_shown_with_its_chart_and_its_siblings(view: View) -> None:
    async with staged() as stage:
        result = await stage.moderator.slash(
            stage.channel, f"serverstats {view.group}", **{OPTIONS[view.group]: view.kind, "timeframe": "7d"}
        )

        assert stage.responses() == [(THINKS, 0)]
        (embed,) = result.response.embeds
        assert embed.title == str(view.title)
        assert embed.footer.text == "7 days · times in Europe/Berlin"
        assert len(stage.charts.drawn) == 1
        menus = [row["components"][0].get("placeholder") for row in result.response.components]
        assert "What to show" in menus
        assert ("All channels" in menus) == ("channels" in view.restricted_by)


@pytest.mark.parametrize("command", GROUPS)
async def test_without_an_option_the_first_view_over_30_days_is_shown(command: str) -> None:
    async with staged() as stage:
        result = await stage.moderator.slash(stage.channel, f"serverstats {command}")

        (embed,) = result.response.embeds
        assert embed.title == next(str(view.title) for view in VIEWS.values() if view.group == command)
        assert embed.footer.text.startswith("30 days")


@pytest.mark.parametrize("command", GROUPS)
async def test_timeframes_are_offered_and_mistakes_answered_at_once(command: str) -> None:
    async with staged() as stage:
        offered = await stage.moderator.autocomplete(
            stage.channel, f"serverstats {command}", "timeframe", "45d"
        )
        result = await stage.moderator.slash(stage.channel, f"serverstats {command}", timeframe="soon")

        assert offered[0]["value"] == "45d"
        assert stage.responses()[-1] == (SAYS, EPHEMERAL)
        assert "“soon” is not a timeframe" in result.response.content


@pytest.mark.parametrize("command", GROUPS)
async def test_who_has_no_insights_is_refused(command: str) -> None:
    async with staged() as stage:
        (group,) = await stage.env.bot.tree.fetch_commands()
        stage.guild.set_command_permissions(group, {stage.member: True})

        result = await stage.member.slash(stage.channel, f"serverstats {command}")

        assert stage.responses() == [(SAYS, EPHEMERAL)]
        assert "View Server Insights or Manage Server" in result.response.content
