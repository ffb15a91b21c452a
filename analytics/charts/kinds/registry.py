"""The kinds of charts: one row each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from analytics.charts.kinds.area import draw_area, tell_area
from analytics.charts.kinds.bars import draw_bars, tell_bars
from analytics.charts.kinds.calendar import draw_calendar, size_of_calendar, tell_calendar
from analytics.charts.kinds.cohorts import draw_cohorts, size_of_cohorts, tell_cohorts
from analytics.charts.kinds.comparison import draw_comparison, size_of_comparison, tell_comparison
from analytics.charts.kinds.distribution import draw_distribution, tell_distribution
from analytics.charts.kinds.line import draw_line, tell_line
from analytics.charts.kinds.panels import draw_panels, size_of_panels, tell_panels
from analytics.charts.kinds.ranking import draw_ranking, size_of_ranking, tell_ranking
from analytics.charts.kinds.size import Size, common_size
from analytics.charts.kinds.stacked import draw_stacked, tell_stacked
from analytics.charts.kinds.week_hours import draw_week_hours, tell_week_hours
from analytics.charts.spec import (
    AreaSpec,
    BarsSpec,
    CalendarSpec,
    ChartSpec,
    CohortsSpec,
    ComparisonSpec,
    DistributionSpec,
    LineSpec,
    PanelsSpec,
    RankingSpec,
    StackedSpec,
    WeekHoursSpec,
)
from analytics.charts.telling import Told

if TYPE_CHECKING:
    from analytics.charts.canvas import Canvas


@dataclass(frozen=True, slots=True)
class Kind:
    """How a chart is painted, how it is told in words, and the size of its picture in pixels."""

    paint: "Callable[[Canvas, Any], None]"
    tell: Callable[[Any], Told]
    size: Callable[[Any], Size] = common_size


KINDS: Mapping[type[ChartSpec], Kind] = MappingProxyType(
    {
        BarsSpec: Kind(draw_bars, tell_bars),
        LineSpec: Kind(draw_line, tell_line),
        AreaSpec: Kind(draw_area, tell_area),
        StackedSpec: Kind(draw_stacked, tell_stacked),
        RankingSpec: Kind(draw_ranking, tell_ranking, size_of_ranking),
        WeekHoursSpec: Kind(draw_week_hours, tell_week_hours),
        CalendarSpec: Kind(draw_calendar, tell_calendar, size_of_calendar),
        CohortsSpec: Kind(draw_cohorts, tell_cohorts, size_of_cohorts),
        DistributionSpec: Kind(draw_distribution, tell_distribution),
        ComparisonSpec: Kind(draw_comparison, tell_comparison, size_of_comparison),
        PanelsSpec: Kind(draw_panels, tell_panels, size_of_panels),
    }
)
