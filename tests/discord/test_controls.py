"""Menus, buttons and forms under a view: they work for whoever may see it, also after a restart."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import discord
import pytest
from simcord.results import InteractionResult, ResponseMessage
from structlog.testing import capture_logs

from analytics.timeframes import DEFAULT, AllTime, Recent
from cogs.controls.custom_range import FIELD
from cogs.controls.state import Action, ViewState, encode
from tests.discord.stage import CHANGES_LATER, EPHEMERAL, FORM, SAYS, Stage, fields_of, staged


async def shown(stage: Stage) -> ResponseMessage:
    return (await stage.moderator.slash(stage.channel, "serverstats overview")).response


async def open_form(stage: Stage) -> InteractionResult:
    return await stage.moderator.click(await shown(stage), label="Custom range…")


def menu_of(message: ResponseMessage) -> Mapping[str, Any]:
    return message.components[0]["components"][0]


def present(message: ResponseMessage) -> list[str]:
    return [option["value"] for option in menu_of(message)["options"] if option.get("default")]


async def test_the_menu_offers_the_timeframes_with_the_present_one_chosen() -> None:
    async with staged() as stage:
        menu = menu_of(await shown(stage))

        assert [option["value"] for option in menu["options"]] == [
            "24h", "7d", "28d", "30d", "90d", "365d", "all",
        ]  # fmt: skip
        assert [option["value"] for option in menu["options"] if option.get("default")] == ["30d"]


async def test_the_form_opens_again_after_it_was_closed() -> None:
    async with staged() as stage:
        message = await shown(stage)

        forms = [await stage.moderator.click(message, label="Custom range…") for _ in range(2)]

        assert [form.modal["title"] for form in forms] == ["Custom range"] * 2
        assert stage.responses()[-2:] == [(FORM, 0)] * 2


async def test_choosing_a_timeframe_changes_the_same_message() -> None:
    async with staged() as stage:
        message = await shown(stage)

        await stage.moderator.select(message, ["24h"])

        (embed,) = message.embeds
        assert stage.responses()[-1] == (CHANGES_LATER, 0)
        assert embed.footer.text.startswith("24 hours")
        assert fields_of(embed)["Messages"].startswith("**1,240**")
        assert present(message) == ["24h"]
        assert len(message.attachments) == 1
        assert len(stage.channel.history()) == 1


async def test_a_typed_timeframe_joins_the_menu() -> None:
    async with staged() as stage:
        result = await stage.moderator.slash(stage.channel, "serverstats overview", timeframe="14d")

        assert present(result.response) == ["14d"]
        assert {"label": "14 days", "value": "14d", "default": True} in menu_of(result.response)["options"]


async def test_all_controls_work_after_a_restart() -> None:
    async with staged() as stage:
        message = await shown(stage)
        await stage.restart()

        await stage.moderator.select(message, ["all"])
        assert message.embeds[0].footer.text.startswith("All time")

        stage.reader.member_count = 41
        await stage.restart()
        await stage.moderator.click(message, label="Refresh")
        assert fields_of(message.embeds[0])["Members"].startswith("**41**")
        assert present(message) == ["all"]


async def test_a_range_of_ones_own_is_asked_for_with_the_present_one_filled_in() -> None:
    async with staged() as stage:
        form = await open_form(stage)

        assert stage.responses()[-1][0] == FORM
        assert form.modal["components"][0]["component"]["value"] == "30d"
        answer = await stage.moderator.submit_modal(form, {FIELD: "2026-01-30..2026-01-30"})

        message = stage.channel.last_message
        assert stage.responses()[-1] == (CHANGES_LATER, 0)
        assert answer.followups == []
        assert message.embeds[0].footer.text.startswith("2026-01-30 ·")
        assert fields_of(message.embeds[0])["Messages"].startswith("**1,234**")


async def test_a_form_opened_before_a_restart_is_answered_after_it() -> None:
    async with staged() as stage:
        form = await open_form(stage)
        await stage.restart()

        await stage.moderator.submit_modal(form, {FIELD: "yesterday"})

        assert stage.channel.last_message.embeds[0].footer.text.startswith("2026-01-30 ·")


async def test_a_form_with_a_mistake_says_what_is_accepted_and_leaves_the_message() -> None:
    async with staged() as stage:
        form = await open_form(stage)

        answer = await stage.moderator.submit_modal(form, {FIELD: "the good old days"})

        assert stage.responses()[-1] == (SAYS, EPHEMERAL)
        assert answer.response.content.startswith("“the good old days” is not a timeframe I know. Try one of")
        assert answer.response.ephemeral
        assert stage.channel.history(viewer=stage.member)[-1].embeds[0].footer.text.startswith("30 days")


async def test_discord_py_keeps_nothing_of_forms_and_messages() -> None:
    async with staged() as stage:
        await open_form(stage)

        store = stage.env.bot._connection._view_store
        assert store._modals == {}
        assert store._views == {}
        assert store._synced_message_views == {}


@pytest.mark.parametrize("use", ["menu", "button"])
async def test_who_may_not_see_the_view_is_refused_politely(use: str) -> None:
    async with staged() as stage:
        message = await shown(stage)
        drawn = len(stage.charts.drawn)

        if use == "menu":
            result = await stage.member.select(message, ["7d"])
        else:
            result = await stage.member.click(message, label="Refresh")

        assert stage.responses()[-1] == (SAYS, EPHEMERAL)
        assert "View Server Insights or Manage Server" in result.response.content
        assert len(stage.charts.drawn) == drawn
        assert message.embeds[0].footer.text.startswith("30 days")


async def test_who_lost_the_permission_with_the_form_open_is_refused() -> None:
    async with staged() as stage:
        form = await open_form(stage)
        (role,) = [role for role in stage.env.bot.guilds[0].roles if role.name == "Crew"]
        await role.edit(permissions=discord.Permissions.none())

        answer = await stage.moderator.submit_modal(form, {FIELD: "7d"})

        assert "View Server Insights or Manage Server" in answer.response.content


async def test_manage_server_is_enough_for_the_controls() -> None:
    async with staged() as stage:
        message = await shown(stage)
        steward = stage.guild.create_role("Steward", permissions=discord.Permissions(manage_guild=True))
        keeper = stage.guild.add_member(stage.env.create_user("keeper"), roles=[steward])

        await stage.env.settle()
        await keeper.select(message, ["7d"])

        assert message.embeds[0].footer.text.startswith("7 days")


@pytest.mark.parametrize(
    "custom_id",
    [
        "ss0tAQIAHgAAAAA",
        "ss1tAQIAHgAAAAA",
        "ss9tAQIAHgAAAAA",
        "ss",
        "ss2zAQIAHgAAAAA",
        "ss2rAQIAHgAAAA",
        "ss2r!!!!!!!!!!!",
        "ss2r" + "_" * 96,
        encode(Action.REFRESH, ViewState("overview", DEFAULT)).replace("AQ", "_w"),
        encode(Action.CUSTOM_RANGE, ViewState("overview", DEFAULT)),
    ],
)
async def test_an_outdated_control_says_what_to_do(custom_id: str) -> None:
    async with staged() as stage:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Old", custom_id=custom_id))
        view.stop()
        await stage.env.bot.get_channel(stage.channel.id).send("An old card", view=view)

        result = await stage.moderator.click(stage.channel.last_message, label="Old")

        assert stage.responses() == [(SAYS, EPHEMERAL)]
        assert result.response.content.startswith("This message is from an older version of me; run")


async def test_a_control_of_someone_else_is_left_alone() -> None:
    async with staged() as stage:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Theirs", custom_id="another-feature"))
        view.stop()
        await stage.env.bot.get_channel(stage.channel.id).send("Not a view", view=view)

        result = await stage.moderator.click(stage.channel.last_message, label="Theirs")

        assert not result.acknowledged


async def test_a_silent_database_leaves_the_message_as_it_is() -> None:
    async with staged() as stage:
        message = await shown(stage)
        stage.reader.silent = True
        with capture_logs() as logs:
            result = await stage.moderator.select(message, ["7d"])
            assert stage.responses()[-1] == (CHANGES_LATER, 0)
            await stage.env.advance_time(10)

        (said,) = result.followups
        assert said.ephemeral
        assert said.content.startswith("The database does not answer just now")
        assert message.embeds[0].footer.text.startswith("30 days")
        assert [entry["event"] for entry in logs] == ["interaction failed"]


async def test_an_answer_that_cannot_be_delivered_is_logged_and_nothing_breaks() -> None:
    async with staged() as stage:
        message = await shown(stage)
        stage.env.inject_error("*", "/webhooks/*", status=404, code=10015, times=None)
        with capture_logs() as logs:
            await stage.moderator.click(message, label="Refresh")

        assert [entry["event"] for entry in logs] == ["interaction failed", "the user could not be told"]


async def test_a_page_further_on_begins_anew_with_another_timeframe() -> None:
    async with staged() as stage:
        state = ViewState("overview", Recent(7, "d"), channels=(stage.channel.id,), page=3)
        message = await shown(stage)
        view = discord.ui.View(timeout=None)
        menu = discord.ui.Select(
            custom_id=encode(Action.TIMEFRAME, state), options=[discord.SelectOption(label="x", value="all")]
        )
        view.add_item(menu)
        view.stop()
        await stage.env.bot.get_channel(stage.channel.id).get_partial_message(message.id).edit(view=view)

        await stage.moderator.select(message, ["all"])

        expected = replace(state, timeframe=AllTime(), page=0)
        assert menu_of(message)["custom_id"] == encode(Action.TIMEFRAME, expected)


async def test_the_chart_is_shown_as_a_table_with_pages_and_back_again() -> None:
    async with staged() as stage:
        message = await shown(stage)

        await stage.moderator.click(message, label="Table")
        assert message.attachments == []
        assert "page 1 of 3" in message.embeds[0].description
        await stage.moderator.click(message, label="Next")
        assert "page 2 of 3" in message.embeds[0].description
        await stage.restart()
        await stage.moderator.click(message, label="Next")
        assert "page 3 of 3" in message.embeds[0].description
        await stage.moderator.click(message, label="Back")
        assert "page 2 of 3" in message.embeds[0].description
        await stage.moderator.click(message, label="Chart")
        assert len(message.attachments) == 1
        assert len(stage.channel.history()) == 1


async def test_the_comparison_can_be_switched_off_and_on() -> None:
    async with staged() as stage:
        message = await shown(stage)
        unknown = "so changes are unknown"
        assert unknown in message.embeds[0].description

        await stage.moderator.click(message, label="Compare: on")
        assert unknown not in message.embeds[0].description
        assert fields_of(message.embeds[0])["Messages"] == "**1,240**"
        assert stage.charts.drawn[-1].previous is None
        await stage.moderator.click(message, label="Compare: off")
        assert unknown in message.embeds[0].description
