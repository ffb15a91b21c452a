"""Which card shows which view."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cogs.cards.card import Card, Surroundings
from cogs.cards.overview import overview_card
from schemas.results.overview import Overview

CARDS: Mapping[str, Callable[[Overview, Surroundings], Card]] = MappingProxyType({"overview": overview_card})
