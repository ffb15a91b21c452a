"""What a card is made of, and what it has to know besides the figures."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import discord

COLOUR = discord.Colour(0x5B8DEF)
FIELD_LIMIT = 1024
"""Characters of an embed's field, as Discord sets it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A result as Discord shows it; ``page`` is shown of ``pages``."""

    embed: discord.Embed
    page: int = 0
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the server has now: time, channels, icon, and the ids of members by pseudonym.

    ``picture`` is the chart's file name, None: no chart.
    """

    now: datetime
    channels: Container[int]
    icon_url: str | None
    picture: str | None
    members: Mapping[int, int] = field(default_factory=dict)


def units(text: str) -> int:
    """Length of a text in UTF-16 units, the strictest way in which a limit can be counted."""
    return len(text.encode("utf-16-le")) // 2
