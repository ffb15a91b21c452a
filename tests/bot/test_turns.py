from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from bot.turns import Turns, portions


async def test_others_run_in_between_once_a_turn_is_over() -> None:
    order: list[str] = []

    async def other() -> None:
        order.append("other")

    waiting = asyncio.create_task(other())
    patient = Turns(seconds=60)
    await patient.give_way()
    assert order == [], "its turn lasts a minute"
    await Turns(seconds=0).give_way()
    assert order == ["other"]
    await waiting


@given(st.lists(st.integers()), st.integers(1, 5))
def test_portions_are_the_items_in_their_order(items: list[int], size: int) -> None:
    made = list(portions(items, size))
    assert [item for portion in made for item in portion] == items
    assert all(len(portion) == size for portion in made[:-1])
    assert all(made)
