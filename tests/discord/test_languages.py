"""What people meet whose Discord speaks another language."""

import re
from collections.abc import Iterator

import pytest

from bot.client import ANSWERING
from cogs.controls.custom_range import FIELD
from tests.discord.languages import everybody_speaks
from tests.discord.stage import Stage, fields_of, fresh_client, staged
from tests.support.marked_texts import catalogue
from texts import CATALOGUES

NAME = re.compile(r"[-_'\w]{1,32}")
MAX_DESCRIPTION = MAX_CHOICE = 100
SUBCOMMANDS = (1, 2)
PEOPLE = ("cogs.languages", "cogs.people", "cogs.controls")


def registered(stage: Stage) -> list[dict]:
    """The commands as they were sent to Discord."""
    (sent,) = [
        request.json
        for request in stage.env.http_requests
        if request.method == "PUT" and request.path.endswith("/commands")
    ]
    return sent


def walk(command: dict) -> Iterator[dict]:
    yield command
    for option in command.get("options", []):
        yield from walk(option)


async def test_commands_are_sent_with_their_names_in_german() -> None:
    async with staged() as stage:
        (serverstats,) = registered(stage)

        members = next(option for option in serverstats["options"] if option["name"] == "members")
        assert members["name_localizations"] == {"de": "mitglieder"}
        assert members["description_localizations"]["de"].startswith("Aktivität, Wachstum")
        by_name = {option["name"]: option for option in members["options"]}
        assert by_name["timeframe"]["name_localizations"] == {"de": "zeitraum"}
        growth = next(
            choice for choice in by_name["category"]["choices"] if choice["value"] == "members/growth"
        )
        assert growth["name_localizations"] == {"de": "Wachstum"}
        assert serverstats["name_localizations"] in ({}, None), "it is called the same in all languages"


@pytest.mark.parametrize("tag", [row.tag for row in CATALOGUES])
async def test_translated_commands_keep_the_limits_of_discord(tag: str) -> None:
    async with staged((*ANSWERING, "cogs.privacy")) as stage:
        for root in registered(stage):
            for node in walk(root):
                name = (node.get("name_localizations") or {}).get(tag, node["name"])
                menu = node.get("type") in (2, 3) and node is root
                assert 1 <= len(name) <= 32
                assert menu or (NAME.fullmatch(name) and name == name.lower()), name
                said = (node.get("description_localizations") or {}).get(tag, node.get("description", ""))
                assert len(said) <= MAX_DESCRIPTION, said
                choices = [
                    (choice.get("name_localizations") or {}).get(tag, choice["name"])
                    for choice in node.get("choices", [])
                ]
                assert all(1 <= len(choice) <= MAX_CHOICE for choice in choices)
                assert len(set(choices)) == len(choices), choices
                names = [
                    (option.get("name_localizations") or {}).get(tag, option["name"])
                    for option in node.get("options", [])
                ]
                assert len(set(names)) == len(names), names
        top = [
            ((root.get("name_localizations") or {}).get(tag, root["name"]), root.get("type", 1))
            for root in registered(stage)
        ]
        assert len(set(top)) == len(top)


def names_of(node: dict, tag: str) -> Iterator[str]:
    """A command as people type it in a language, and those below it."""
    name = (node.get("name_localizations") or {}).get(tag, node["name"])
    yield name
    for option in node.get("options", []):
        if option["type"] in SUBCOMMANDS:
            yield from (f"{name} {below}" for below in names_of(option, tag))


@pytest.mark.parametrize("tag", [row.tag for row in CATALOGUES])
async def test_texts_name_commands_as_they_are_called_in_their_language(tag: str) -> None:
    async with staged((*ANSWERING, "cogs.privacy")) as stage:
        names = {f"/{name}" for root in registered(stage) for name in names_of(root, tag)}
        said = {
            command
            for entry in catalogue(tag)
            for text in ([entry.string] if isinstance(entry.string, str) else entry.string)
            for command in re.findall(r"`(/[^`]+)`", text)
        }
        assert said
        assert said - names == set()


async def test_all_read_the_servers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody_speaks(monkeypatch, user="en-US", guild="de")
    async with staged() as stage:
        message = (await stage.moderator.slash(stage.channel, "serverstats overview")).response

        (embed,) = message.embeds
        assert embed.title == "Überblick"
        assert fields_of(embed)["Nachrichten"].startswith("**1.240**")
        assert fields_of(embed)["Mitglieder, die schrieben"].endswith("7,5\N{NO-BREAK SPACE}% der Mitglieder")
        assert embed.footer.text == "30 Tage · Zeiten in Europe/Berlin"
        pictured = message.attachments[0].description
        assert pictured.startswith("Balkendiagramm: 1.240 Nachrichten. The Lighthouse")
        (spec,) = stage.charts.drawn
        assert spec.title.startswith("1.240 Nachrichten")
        assert spec.y_label == "Nachrichten je Tag"
        assert spec.locale.number(12_345) == "12,3\N{NO-BREAK SPACE}Tsd."
        assert spec.locale.months[4] == "Mai"


async def test_a_reader_of_another_language_does_not_change_what_all_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with staged() as stage:
        message = (await stage.moderator.slash(stage.channel, "serverstats overview")).response
        everybody_speaks(monkeypatch, user="de", guild="en-US")

        await stage.moderator.click(message, label="Refresh")

        assert message.embeds[0].title == "Overview"


async def test_controls_go_on_in_the_language_after_a_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody_speaks(monkeypatch, user="de", guild="de")
    async with staged() as stage:
        message = (await stage.moderator.slash(stage.channel, "serverstats overview")).response
        await stage.restart()

        form = await stage.moderator.click(message, label="Eigener Zeitraum…")
        assert form.modal["title"] == "Eigener Zeitraum"
        await stage.moderator.submit_modal(form, {FIELD: "letzter Monat"})
        assert message.embeds[0].footer.text.startswith("Dezember 2025")

        await stage.restart()
        await stage.moderator.select(message, ["all"])
        assert message.embeds[0].footer.text.startswith("Gesamter Zeitraum")
        await stage.moderator.click(message, label="Tabelle")
        assert "Seite 1 von 3" in message.embeds[0].description


async def test_what_one_alone_reads_is_in_ones_own_language(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody_speaks(monkeypatch, user="de", guild="en-US")
    async with staged() as stage:
        message = (await stage.moderator.slash(stage.channel, "serverstats overview")).response
        refused = await stage.member.click(message, label="Refresh")
        wrong = await stage.moderator.slash(stage.channel, "serverstats overview", timeframe="bald")

        assert refused.response.content.startswith("Diese Zahlen sind für Personen mit der Berechtigung")
        assert wrong.response.content.startswith("„bald“ ist kein Zeitraum, den ich kenne.")
        assert refused.response.ephemeral
        assert wrong.response.ephemeral


async def test_timeframes_are_offered_and_understood_in_the_askers_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    everybody_speaks(monkeypatch, user="de", guild="de")
    async with staged() as stage:
        offered = await stage.moderator.autocomplete(
            stage.channel, "serverstats overview", "timeframe", "letzt"
        )
        assert {"name": "Letzter Monat", "value": "last month"} in offered
        answer = await stage.moderator.slash(stage.channel, "serverstats overview", timeframe="gestern")
        assert answer.response.embeds[0].footer.text.startswith("2026-01-30 ·")


async def test_an_answer_for_one_alone_is_in_ones_own_language_with_its_controls(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    everybody_speaks(monkeypatch, user="de", guild="en-US")
    async with staged(PEOPLE) as stage:
        message = (await stage.member.slash(stage.channel, "me")).response
        assert message.embeds[0].title == "Du auf diesem Server"

        await stage.env.restart_bot(fresh_client(stage.reader, stage.charts, extensions=PEOPLE))
        await stage.member.click(message, label="Tabelle")

        assert "**Kennzahlen**" in message.embeds[0].description
