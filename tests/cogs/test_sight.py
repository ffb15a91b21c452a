"""Nobody in ``cogs`` asks a view without saying what the readers see; what a card of an admin mentions."""

import ast
from pathlib import Path

import discord
import pytest

from analytics.sight import EVERYTHING, NOTHING, Sight
from cogs.categories import ChosenChannels, channels_in
from cogs.sight import without_unseen

COGS = Path(__file__).parents[2] / "cogs"


def test_every_question_to_a_view_says_what_its_readers_see() -> None:
    asked = [
        (path.name, [each.arg for each in call.keywords])
        for path in COGS.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Scope"
    ]
    assert asked
    assert [name for name, given in asked if "sight" not in given] == []


@pytest.mark.parametrize(
    ("sight", "said"),
    [
        (EVERYTHING, "<#11> and <#12>, <@13>"),
        (Sight(frozenset({12})), "*a channel that you do not see* and <#12>, <@13>"),
        (NOTHING, "*a channel that you do not see* and *a channel that you do not see*, <@13>"),
    ],
)
def test_a_card_mentions_only_channels_that_are_seen(sight: Sight, said: str) -> None:
    card = discord.Embed(title="Settings", description="<#11> and <#12>, <@13>")
    card.add_field(name="Now", value="<#11> and <#12>, <@13>", inline=False)

    shown = without_unseen(card, sight)

    assert (shown.title, shown.description) == ("Settings", said)
    assert (shown.fields[0].value, shown.fields[0].inline) == (said, False)
    assert card.description == "<#11> and <#12>, <@13>", "the card itself stays"


def test_a_channel_that_the_server_lacks_stands_for_itself() -> None:
    """The view refuses it where it is not seen; left out quietly, the rest would pass for all of it."""
    assert channels_in(None, (11, 11, 12), NOTHING) == ChosenChannels((11, 12), 0)
