"""Heads of boards: one of which all is known, and any."""

from datetime import datetime, timedelta

import msgspec
from hypothesis import strategies as st

from schemas.results.board import Head
from tests.cogs.cards.names import names


def head_of_days(start: datetime, days: int, **other: object) -> Head:
    """Head of a period that is over and was counted all along, with ``other`` values of some fields."""
    head = Head(
        guild_id=9,
        guild_name="The Lighthouse",
        timeframe=f"{days}d",
        timeframe_name=f"{days} days",
        zone=str(start.tzinfo),
        zone_changed=False,
        start=start,
        stop=start + timedelta(days=days),
        running=False,
        counted_since=start,
        comparable=True,
        compared=True,
        previous_start=start - timedelta(days=days),
        previous_stop=start,
    )
    return msgspec.structs.replace(head, **other)


def any_heads(start: datetime, days: int, **other: object) -> st.SearchStrategy[Head]:
    """Heads of servers of any name, of which anything may be unknown."""
    drawn = st.fixed_dictionaries(
        {
            "guild_name": names,
            "zone_changed": st.booleans(),
            "running": st.booleans(),
            "counted_since": st.sampled_from([None, start, start + timedelta(days=3)]),
            "comparable": st.booleans(),
            "compared": st.booleans(),
            "known_apart": st.booleans(),
            "known_since": st.sampled_from([None, start, start + timedelta(days=2)]),
        }
    )
    return drawn.map(lambda fields: head_of_days(start, days, **fields, **other))
