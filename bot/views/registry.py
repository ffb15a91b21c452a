"""The views, one row each: what a command shows and what ``serverstats show`` prints."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from analytics.charts.spec import BarsSpec, Theme
from bot.db.reader import Reader
from bot.views import overview
from bot.views.scope import Scope
from schemas.results.overview import Overview


@dataclass(frozen=True, slots=True)
class View:
    """How a view comes by its result, and what chart shows it."""

    title: str
    load: Callable[[Reader, Scope], Awaitable[Overview]]
    chart: Callable[[Overview, Theme], BarsSpec]


VIEWS: Mapping[str, View] = MappingProxyType({"overview": View("Overview", overview.load, overview.chart)})
