"""What people meet whose Discord speaks another language."""

import re
from collections.abc import Iterator

import pytest

from bot.client import ANSWERING
from tests.discord.stage import Stage, staged
from texts import CATALOGUES

NAME = re.compile(r"[-_'\w]{1,32}")
MAX_DESCRIPTION = MAX_CHOICE = 100


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
