"""From a question to a result and its picture, in bounded time, whatever database and charts do."""

import asyncio
from collections.abc import Awaitable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

import structlog
from msgspec import structs

from analytics.charts.alternative import alternative_text
from analytics.charts.report.spec import ReportSpec
from analytics.charts.spec import ChartSpec, Theme
from analytics.charts.spoken import spoken_locale
from bot.charting import ChartError, ChartsClosedError
from bot.db.database import DatabaseError
from bot.db.reader import Reader
from bot.views.naming import labelled, members_of, named
from bot.views.registry import VIEWS
from bot.views.scope import Scope
from bot.views.seen import as_seen, left_out, require_seen
from bot.views.view import View
from schemas.results.board import Board, Head
from texts import tr

_Answer = TypeVar("_Answer")


class Unavailable(Exception):  # noqa: N818 - a state of the database, not a fault of the caller
    """The database did not answer in time, or refused."""


class Unprinted(Exception):  # noqa: N818 - a state of the drawing processes, not a fault of the caller
    """A report could not be drawn, or not in time."""


class Charts(Protocol):
    """Draws charts and prints reports outside the event loop; raises ChartsClosedError once the bot stops."""

    async def draw(self, spec: ChartSpec) -> bytes:
        """Return the chart as PNG."""

    async def print_report(self, spec: ReportSpec) -> bytes:
        """Return the report as PDF."""


class Naming(Protocol):
    """Knows what members are called."""

    async def names(self, guild: int, pseudonyms: Iterable[int]) -> Mapping[int, str]:
        """A name for each pseudonym, in bounded time."""

    def labels(self, guild: int, ids: Iterable[int]) -> Mapping[int, str]:
        """Names of the channels, categories and roles that are there, by id."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds, before an answer comes without data or without a picture."""

    database: float = 10.0
    chart: float = 10.0
    report: float = 180.0


@dataclass(frozen=True, slots=True)
class Described:
    """A view's figures, and what its chart shows; None where it has none or that met a fault."""

    board: Board
    chart: ChartSpec | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A view's figures and its chart as PNG; None where it has none or it could not be drawn.

    ``words`` say what the chart shows to those who do not see it.
    """

    board: Board
    png: bytes | None
    words: str = ""


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

    async def describe(self, kind: str, scope: Scope, theme: Theme = Theme.DARK) -> Described:
        """Figures of a view, and its chart as a description; raises Unavailable or UnknownGuild."""
        view = self._views[kind]
        board, result = await self._loaded(view, scope)
        return Described(board, _chart(view, board, result, theme))

    async def show(self, kind: str, scope: Scope, theme: Theme = Theme.DARK) -> Shown:
        """Figures and picture of a view; raises Unavailable or UnknownGuild."""
        described = await self.describe(kind, scope, theme)
        if described.chart is None:
            return Shown(described.board, None)
        png = await self._drawn(described.board, described.chart)
        return Shown(described.board, png, "" if png is None else alternative_text(described.chart))

    async def print_report(self, spec: ReportSpec) -> bytes:
        """The report as PDF; raises Unprinted."""
        try:
            async with asyncio.timeout(self._patience.report):
                return await self._charts.print_report(spec)
        except ChartsClosedError as cause:
            raise Unprinted("the bot stops") from cause
        except TimeoutError as cause:
            _log().warning("report given up", report=spec.title, seconds=self._patience.report)
            raise Unprinted("the report was not drawn in time") from cause
        except ChartError as cause:  # what it met is logged where it was met
            _log().warning("report given up", report=spec.title, reason=str(cause))
            raise Unprinted("the report could not be drawn") from cause
        except Exception as cause:
            _log().exception("report failed", report=spec.title)
            raise Unprinted("the report could not be drawn") from cause

    async def _loaded(self, view: View, scope: Scope) -> tuple[Board, object]:
        """The board, in which members and roles have names, and the result it was made of.

        Both are made of what the readers may see; raises CannotShow where the question names anything else.
        """
        require_seen(view, scope)
        result = await self._answered(view.load(as_seen(self._reader, scope.sight), scope))
        board = left_out(view.board(result), scope)
        members, others = members_of(board), labelled(board)
        names = await self._naming.names(scope.guild_id, members) if members else {}
        labels = self._naming.labels(scope.guild_id, others) if others else {}
        return named(board, names, labels), result

    async def _answered(self, question: Awaitable[_Answer]) -> _Answer:
        try:
            async with asyncio.timeout(self._patience.database):
                return await question
        except TimeoutError as cause:
            raise Unavailable(f"no answer within {self._patience.database:g} seconds") from cause
        except DatabaseError as cause:
            raise Unavailable("the database gave no answer") from cause

    async def _drawn(self, board: Board, spec: ChartSpec) -> bytes | None:
        """Draw the picture, or log why there is none: figures without a chart are better than nothing."""
        try:
            async with asyncio.timeout(self._patience.chart):
                return await self._charts.draw(spec)
        except ChartsClosedError:
            return None
        except TimeoutError:
            reason = f"not drawn within {self._patience.chart:g} seconds"
            _log().warning("chart left out", view=board.kind, guild=board.head.guild_id, reason=reason)
            return None
        except ChartError as error:  # what it met is logged where it was met
            _log().warning("chart left out", view=board.kind, guild=board.head.guild_id, reason=str(error))
            return None
        except Exception:  # noqa: BLE001 - whatever the drawing met, the figures are still right
            _log().exception("chart failed", view=board.kind, guild=board.head.guild_id)
            return None


def _chart(view: View, board: Board, result: object, theme: Theme) -> ChartSpec | None:
    """What the view's chart shows; a fault in that is logged, and leaves the figures.

    Where nothing of the period is counted, no title says that there was nothing.
    """
    try:
        spec = view.chart(result, theme) if view.board_chart is None else view.board_chart(board, theme)
        if spec is None:
            return None
        title = _uncounted(board.head) or spec.title
        return structs.replace(spec, locale=spoken_locale(), title=title)
    except Exception:  # noqa: BLE001 - see above
        _log().exception("chart failed", view=view.kind, guild=board.head.guild_id)
        return None


def _uncounted(head: Head) -> str | None:
    """What a title says where nothing of the period is counted; None: some of it is."""
    if head.counted_since is None:
        return tr("Nothing is counted in this server yet")
    return tr("Counting began after this period") if head.counted_since >= head.stop else None


def _log() -> structlog.stdlib.BoundLogger:
    log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)
    return log
