"""Leaderboards as cards: inside Discord's limits whatever members are called and however much they did."""

from datetime import UTC, datetime

import discord
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views.naming import members_of, named
from bot.views.overview import board as overview_board
from bot.views.people.leaderboard import PLACES, VIEWS
from cogs.cards.board import board_card, table_card
from cogs.cards.card import FIELD_LIMIT, Surroundings, units
from schemas.results.board import Board, Measure
from schemas.results.people import Leaderboard, Place
from tests.cogs.cards.names import names
from tests.cogs.cards.test_overview_card import ORDINARY

NOW = datetime(2026, 1, 31, 11, 30, tzinfo=UTC)
values = st.floats(0.01, 1e9)


def board(amounts: list[float], called: list[str]) -> Board:
    rows = tuple(
        Place((1 << 64) - 1 - at, value, None) for at, value in enumerate(sorted(amounts, reverse=True))
    )
    result = Leaderboard(
        head=overview_board(ORDINARY).head,
        metric="messages",
        measure=Measure.COUNT,
        total=sum(amounts),
        previous_total=None,
        members=len(amounts) + 5,
        previous_members=None,
        rows=rows,
    )
    plain = VIEWS[0].board(result)
    return named(plain, dict(zip(members_of(plain), called, strict=False)), {})


def total(embed: discord.Embed) -> int:
    texts = [embed.title, embed.description, embed.author.name, embed.footer.text]
    texts += [text for field in embed.fields for text in (field.name, field.value)]
    return sum(units(text) for text in texts if text)


@settings(max_examples=60, deadline=None)
@given(st.lists(values, max_size=PLACES), st.lists(names, max_size=PLACES))
def test_any_leaderboard_fits(amounts: list[float], called: list[str]) -> None:
    shown = board(amounts, called)
    users = {member: (1 << 63) + at for at, member in enumerate(members_of(shown)) if at % 2}
    around = Surroundings(NOW, frozenset(), None, "x.png", users)

    card = board_card(shown, around).embed
    assert total(card) <= 6_000
    for field in card.fields:
        assert units(field.value or "") <= FIELD_LIMIT
    pages = table_card(shown, around, 0).pages
    for page in range(pages):
        assert total(table_card(shown, around, page).embed) <= 6_000
        assert units(table_card(shown, around, page).embed.description or "") <= 4_096


def test_a_former_member_is_told_from_one_who_is_there() -> None:
    shown = board([9, 5], ["Ada", "a former member"])
    (first, _) = members_of(shown)
    listed = board_card(shown, Surroundings(NOW, frozenset(), None, None, {first: 42})).embed.fields[-1].value

    assert listed is not None
    assert [line.split("` ")[-1] for line in listed.splitlines()[:2]] == ["<@42>", "*a former member*"]
