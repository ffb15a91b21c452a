"""Which channels an answer may show, and that no view is asked without it."""

import ast
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.sight import EVERYTHING, NOTHING, Sight
from cogs.categories import ChosenChannels, channels_in
from cogs.sight import sight_of, without_unseen

if TYPE_CHECKING:
    from cogs.answering import Asked

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


class Told:
    """Says what it was made of, where a test fails."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({vars(self)})"


class Person(Told, discord.Member):
    """A member who holds permissions; of a channel only whether it is seen is asked."""

    def __init__(self, *, administrator: bool) -> None:
        self.held = discord.Permissions(administrator=administrator)

    @property
    def guild_permissions(self) -> discord.Permissions:
        return self.held


class Everybody(Told, discord.Role):
    """The role that everybody has."""

    def __init__(self, *, administrator: bool) -> None:
        self.held = discord.Permissions(administrator=administrator)

    @property
    def permissions(self) -> discord.Permissions:
        return self.held


class Room(Told, discord.abc.GuildChannel):
    """A channel or category, and who sees it."""

    def __init__(self, number: int, category: int | None, *, everybody: bool, asker: bool) -> None:
        self.id = number
        self.category_id = category
        self.everybody = everybody
        self.asker = asker

    def permissions_for(self, obj: discord.Member | discord.Role, /) -> discord.Permissions:
        seen = self.everybody if isinstance(obj, discord.Role) else self.asker
        return discord.Permissions(view_channel=seen)


class Talk(Told, discord.Thread):
    """A thread in a room, or in one that is not in memory."""

    def __init__(self, room: Room | None, *, private: bool) -> None:
        self.room = room
        self.private = private

    @property
    def parent(self) -> Any:  # noqa: ANN401 - the room stands for a channel
        return self.room

    def is_private(self) -> bool:
        return self.private


GUILD = 9
CATEGORIES = (1, 2)


@dataclass(frozen=True)
class Question:
    """Who asks where in which server."""

    rooms: tuple[Room, ...]
    place: Room | Talk | None
    asker: object
    everybody: Everybody

    def sight(self, *, private: bool, guild: int = GUILD) -> Sight:
        server = SimpleNamespace(id=GUILD, channels=self.rooms, default_role=self.everybody)
        asked = SimpleNamespace(guild=server, user=self.asker, channel=self.place)
        return sight_of(cast("Asked", asked), guild, private=private)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    def room(number: int, category: int | None) -> Room:
        return Room(number, category, everybody=draw(st.booleans()), asker=draw(st.booleans()))

    categories = [room(number, None) for number in CATEGORIES]
    inside = [room(number, draw(st.sampled_from((None, *CATEGORIES)))) for number in range(3, 9)]
    return Question(
        (*categories, *inside),
        inside[0],
        Person(administrator=draw(st.sampled_from((False, False, True)))),
        Everybody(administrator=draw(st.sampled_from((False, False, False, True)))),
    )


def everywhere(asked: Question) -> list[Question]:
    """The same question in each kind of place; drawn by chance, few would be tried."""
    where = cast("Room", asked.place)
    talks = (Talk(where, private=False), Talk(where, private=True), Talk(None, private=False))
    return [asked, replace(asked, place=None), *(replace(asked, place=talk) for talk in talks)]


def reads_everybody(place: object) -> bool:
    """Whether all read what is posted there, as the documentation says it."""
    match place:
        case Talk(private=True):
            return False
        case Talk(room=Room() as room) | (Room() as room):
            return room.everybody
        case _:
            return True


@given(questions())
def test_a_channel_is_shown_where_all_see_it_who_read_the_answer(question: Question) -> None:
    for asked, private in product(everywhere(question), (False, True)):
        for_all = not private and reads_everybody(asked.place)
        assert_shown(asked, asked.sight(private=private), for_all=for_all)


def assert_shown(asked: Question, sight: Sight, *, for_all: bool) -> None:
    asker, everybody = cast("Person", asked.asker), asked.everybody
    all_of_it = asker.held.administrator and (not for_all or everybody.held.administrator)

    def is_seen(room: Room) -> bool:
        by_asker = asker.held.administrator or room.asker
        by_all = everybody.held.administrator or room.everybody
        return by_asker and (by_all or not for_all)

    assert sight.unlimited is all_of_it
    for room in asked.rooms:
        within = [each for each in asked.rooms if each.category_id == room.id]
        assert sight.sees(room.id) is (is_seen(room) or any(map(is_seen, within))), room
    assert sight.sees(12_345) is all_of_it, "a channel that is gone"


@given(questions(), st.booleans())
def test_of_another_server_and_by_a_stranger_nothing_is_seen(asked: Question, private: bool) -> None:  # noqa: FBT001 - drawn
    assert asked.sight(private=private, guild=GUILD + 1) == NOTHING
    stranger = replace(asked, asker=SimpleNamespace(id=1))
    assert stranger.sight(private=private) == NOTHING
    outside = SimpleNamespace(guild=None, user=asked.asker, channel=None)
    assert sight_of(cast("Asked", outside), GUILD, private=private) == NOTHING
