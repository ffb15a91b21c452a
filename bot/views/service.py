"""From a question to a result and its picture, in bounded time, whatever database and charts do."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

import structlog

from analytics.charts.spec import ChartSpec, Theme
from analytics.timeframes import Timeframe
from bot.clock import Clock
from bot.db.database import DatabaseError
from bot.db.reader import Reader
from bot.views.registry import VIEWS, View
from bot.views.scope import Scope
from schemas.results.overview import Overview

_Answer = TypeVar("_Answer")


class Unavailable(Exception):  # noqa: N818 - a state of the database, not a fault of the caller
    """The database did not answer in time, or refused."""


class Charts(Protocol):
    """Draws charts outside the event loop."""

    async def draw(self, spec: ChartSpec) -> bytes:
        """Return the chart as PNG."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds, before an answer comes without data or without a picture."""

    database: float = 10.0
    chart: float = 10.0


@dataclass(frozen=True, slots=True)
class Shown:
    """A view's result and its chart as PNG; None where the chart could not be drawn."""

    result: Overview
    png: bytes | None


class ViewService:
    """Loads and draws views, each within a bounded time."""

    def __init__(
        self,
        reader: Reader,
        charts: Charts,
        clock: Clock,
        *,
        patience: Patience = Patience(),
        views: Mapping[str, View] = VIEWS,
    ) -> None:
        self._reader = reader
        self._charts = charts
        self._clock = clock
        self._patience = patience
        self._views = views

    async def show(self, kind: str, guild_id: int, timeframe: Timeframe) -> Shown:
        """Result and picture of a view as of now; raises Unavailable or UnknownGuild."""
        view = self._views[kind]
        scope = Scope(guild_id, timeframe, self._clock.now_ms())
        result = await self._answered(view.load(self._reader, scope))
        return Shown(result, await self._drawn(kind, view, result))

    async def _answered(self, question: Awaitable[_Answer]) -> _Answer:
        try:
            async with asyncio.timeout(self._patience.database):
                return await question
        except (DatabaseError, TimeoutError) as cause:
            raise Unavailable("the database gave no answer") from cause

    async def _drawn(self, kind: str, view: View, result: Overview) -> bytes | None:
        """Draw the picture, or log why there is none: figures without a chart are better than nothing."""
        try:
            async with asyncio.timeout(self._patience.chart):
                return await self._charts.draw(view.chart(result, Theme.DARK))
        except Exception:  # noqa: BLE001 - whatever the drawing met, the figures are still right
            structlog.get_logger(__name__).exception("chart failed", view=kind, guild=result.guild_id)
            return None
