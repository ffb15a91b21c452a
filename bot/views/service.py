"""From a question to a result and its picture, in bounded time, whatever database and charts do."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

import msgspec
import structlog

from analytics.charts.spec import ChartSpec, Theme
from analytics.charts.spoken import spoken_locale
from bot.db.database import DatabaseError
from bot.db.reader import Reader
from bot.views.naming import members_of, named
from bot.views.registry import VIEWS
from bot.views.scope import Scope
from bot.views.view import View
from schemas.results.board import Board

_Answer = TypeVar("_Answer")


class Unavailable(Exception):  # noqa: N818 - a state of the database, not a fault of the caller
    """The database did not answer in time, or refused."""


class Charts(Protocol):
    """Draws charts outside the event loop."""

    async def draw(self, spec: ChartSpec) -> bytes:
        """Return the chart as PNG."""


class Naming(Protocol):
    """Knows what members are called."""

    async def names(self, guild: int, pseudonyms: Iterable[int]) -> Mapping[int, str]:
        """A name for each pseudonym, in bounded time."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds, before an answer comes without data or without a picture."""

    database: float = 10.0
    chart: float = 10.0


@dataclass(frozen=True, slots=True)
class Shown:
    """A view's figures and its chart as PNG; None where it has none or it could not be drawn."""

    board: Board
    png: bytes | None


class ViewService:
    """Loads and draws views, each within a bounded time."""

    def __init__(
        self,
        reader: Reader,
        charts: Charts,
        naming: Naming,
        *,
        patience: Patience = Patience(),
        views: Mapping[str, View] = VIEWS,
    ) -> None:
        self._reader = reader
        self._charts = charts
        self._naming = naming
        self._patience = patience
        self._views = views

    async def board(self, kind: str, scope: Scope) -> Board:
        """Figures of a view; raises Unavailable or UnknownGuild."""
        view = self._views[kind]
        board, _ = await self._loaded(view, scope)
        return board

    async def show(self, kind: str, scope: Scope) -> Shown:
        """Figures and picture of a view; raises Unavailable or UnknownGuild."""
        view = self._views[kind]
        board, result = await self._loaded(view, scope)
        return Shown(board, await self._drawn(view, board, result))

    async def _loaded(self, view: View, scope: Scope) -> tuple[Board, object]:
        """The board, in which members have names, and the result it was made of."""
        result = await self._answered(view.load(self._reader, scope))
        board = view.board(result)
        members = members_of(board)
        if not members:
            return board, result
        return named(board, await self._naming.names(scope.guild_id, members)), result

    async def _answered(self, question: Awaitable[_Answer]) -> _Answer:
        try:
            async with asyncio.timeout(self._patience.database):
                return await question
        except (DatabaseError, TimeoutError) as cause:
            raise Unavailable("the database gave no answer") from cause

    async def _drawn(self, view: View, board: Board, result: object) -> bytes | None:
        """Draw the picture, or log why there is none: figures without a chart are better than nothing."""
        try:
            draw = view.board_chart
            spec = view.chart(result, Theme.DARK) if draw is None else draw(board, Theme.DARK)
            if spec is None:
                return None
            async with asyncio.timeout(self._patience.chart):
                return await self._charts.draw(msgspec.structs.replace(spec, locale=spoken_locale()))
        except Exception:  # noqa: BLE001 - whatever the drawing met, the figures are still right
            structlog.get_logger(__name__).exception(
                "chart failed", view=view.kind, guild=board.head.guild_id
            )
            return None
