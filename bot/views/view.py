"""What a view is: a row that says how it comes by its figures and how it shows them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from analytics.charts.spec import ChartSpec, Theme
from bot.db.reader import Reader
from bot.views.scope import Scope
from schemas.results.board import Board
from texts import LazyText


class Restriction(StrEnum):
    """What a view can be restricted to, or sets side by side."""

    CHANNELS = "channels"
    ROLES = "roles"
    SERVERS = "servers"


@dataclass(frozen=True, slots=True)
class View:
    """``kind`` names the view, with what is chosen of it behind a slash (``members/growth``).

    ``code`` stands for it in the controls of sent messages and is never given to another view. ``load`` reads
    and computes a result of the view's own type, which ``board`` and ``chart`` show; no chart: None.
    Where a chart names members, ``board_chart`` draws it of the board, in which they have names.
    ``of_subject``: it is about one member or channel, whom the scope names; ``of_channel``: it is a channel.
    ``compares``: it sets a few of
    the scope's channels, roles or servers side by side. ``of_two_periods``: it says nothing without the
    period before. ``of_one_period``: it never says anything of that.
    """

    kind: str
    code: int
    title: LazyText
    help: LazyText
    load: Callable[[Reader, Scope], Awaitable[Any]]
    board: Callable[[Any], Board]
    chart: Callable[[Any, Theme], ChartSpec | None]
    restricted_by: frozenset[Restriction] = frozenset()
    of_subject: bool = False
    of_channel: bool = False
    board_chart: Callable[[Board, Theme], ChartSpec | None] | None = None
    compares: Restriction | None = None
    of_two_periods: bool = False
    of_one_period: bool = False

    @property
    def may_compare(self) -> bool:
        """Whether its reader has the choice to see the period before beside it."""
        return not (self.of_two_periods or self.of_one_period)

    @property
    def group(self) -> str:
        """What it has in common with its siblings, among which a menu chooses."""
        return self.kind.rpartition("/")[0] or self.kind
