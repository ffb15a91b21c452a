"""Taking a view away as files."""

import csv
import io
import json

import discord
import pytest

from bot.ingest.store import StoreUnavailable
from bot.views.registry import VIEWS
from tests.discord.stage import EPHEMERAL, staged
from tests.discord.test_controls import shown
from tests.discord.test_people import audit, pseudonym


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_view_is_exported_in_each_form(restarted: bool) -> None:  # noqa: FBT001 - a parameter
    async with staged() as stage:
        message = await shown(stage)
        if restarted:
            await stage.restart()
        asked = await stage.moderator.click(message, label="Export…")
        assert stage.responses()[-1] == (4, EPHEMERAL)
        menu = asked.response.components[0]["components"][0]
        assert [option["value"] for option in menu["options"]] == ["csv", "json", "png", "pdf"]

        exported, described = {}, {}
        for form in ("csv", "json", "png", "pdf"):
            answer = await stage.moderator.select(asked.response, [form])
            exported[form] = {file.filename: await file.read() for file in answer.response.attachments}
            described[form] = [file.description for file in answer.response.attachments]
            assert answer.response.ephemeral

        assert json.loads(exported["json"]["overview.json"])["figures"][0]["value"] == 1240
        assert exported["png"]["overview.png"].startswith(b"\x89PNG")
        assert described["png"][0].startswith("Bar chart: 1,240 messages")
        assert described["pdf"] == [None]
        assert exported["pdf"]["overview.pdf"].startswith(b"%PDF-")
        assert stage.charts.printed[0].server == "The Lighthouse"
        rows = list(csv.reader(io.StringIO(exported["csv"]["overview-top-channels.csv"].decode())))
        assert rows[1:] == [
            ["general", "1006", repr(1006 / 1240)],
            ["1 channel not shown", "234", repr(234 / 1240)],
        ]


async def test_without_a_chart_the_picture_is_refused_with_another_way() -> None:
    async with staged() as stage:
        message = await shown(stage)
        asked = await stage.moderator.click(message, label="Export…")
        stage.charts.broken = True
        answer = await stage.moderator.select(asked.response, ["png"])
        assert "CSV or JSON" in answer.response.content


async def test_who_may_not_see_the_view_exports_nothing() -> None:
    async with staged() as stage:
        message = await shown(stage)
        refused = await stage.member.click(message, label="Export…")
        assert "View Server Insights" in refused.response.content


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("serverstats overview", "export figures"),
        ("activity analyze member", "export member figures"),
        ("me", ""),
    ],
)
async def test_an_export_is_noted_with_whom_it_is_about(
    command: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(("cogs.serverstats", "cogs.people", "cogs.controls")) as stage:
        shown = await stage.moderator.slash(stage.channel, command)
        asked = await stage.moderator.click(shown.response, label="Export…")
        audit(stage).entries.clear()

        await stage.moderator.select(asked.response, ["csv"])
        myself = pseudonym(stage, stage.moderator.id)
        entries = [(each.what, each.actor, each.member) for each in audit(stage).entries]
        assert entries == ([(what, myself, myself if "member" in what else None)] if what else [])

        async def refuse(*_args: object) -> None:
            raise StoreUnavailable("no primary")

        monkeypatch.setattr(audit(stage), "note_export", refuse)
        answer = await stage.moderator.select(asked.response, ["csv"])
        assert bool(answer.response.attachments) is not bool(what)


async def test_all_views_of_a_command_are_one_report() -> None:
    async with staged() as stage:
        message = (await stage.moderator.slash(stage.channel, "serverstats members")).response
        asked = await stage.moderator.click(message, label="Export…")
        menu = asked.response.components[0]["components"][0]
        assert menu["options"][-1]["value"] == "group"
        answer = await stage.moderator.select(asked.response, ["group"])
        (file,) = answer.response.attachments
        assert file.filename == "members-report.pdf"
        (report,) = stage.charts.printed
        assert [section.title for section in report.sections] == [
            str(view.title) for view in VIEWS.values() if view.group == "members"
        ]


async def test_a_report_that_cannot_be_drawn_is_refused_with_another_way() -> None:
    async with staged() as stage:
        message = await shown(stage)
        asked = await stage.moderator.click(message, label="Export…")
        stage.charts.broken = True
        answer = await stage.moderator.select(asked.response, ["pdf"])
        assert "CSV or JSON" in answer.response.content


async def test_what_is_too_large_for_the_server_is_sent_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discord.Guild, "filesize_limit", 800)
    async with staged() as stage:
        message = await shown(stage)
        asked = await stage.moderator.click(message, label="Export…")
        answer = await stage.moderator.select(asked.response, ["json"])
        sent = [answer.response, *answer.followups]
        files = [file for message in sent for file in message.attachments]
        assert len(files) > 1
        assert all(sum(file.size for file in message.attachments) <= 800 for message in sent)
