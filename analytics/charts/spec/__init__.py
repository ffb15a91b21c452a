"""What a chart shows, as plain values: they can be compared, hashed, encoded and sent to another process.

Nothing here draws: importing this package does not load matplotlib.
"""

from analytics.charts.notation import Quantity
from analytics.charts.spec.base import ChartSpec, Theme
from analytics.charts.spec.calendar import MAX_DAYS, CalendarSpec
from analytics.charts.spec.cohorts import MAX_COHORTS, MAX_PERIODS, Cohort, CohortsSpec
from analytics.charts.spec.comparison import MAX_MEASURES, MAX_SUBJECTS, ComparisonSpec, Measurement
from analytics.charts.spec.distribution import MAX_BINS, DistributionSpec, Quartiles
from analytics.charts.spec.panels import MAX_PANELS, PanelsSpec
from analytics.charts.spec.ranking import MAX_RANKS, Ranked, RankingSpec
from analytics.charts.spec.series import MAX_BUCKETS, AreaSpec, BarsSpec, LineSpec, SeriesSpec
from analytics.charts.spec.stacked import MAX_LAYERS, Layer, StackedSpec
from analytics.charts.spec.time_axis import Moment, TimeAxis, Unit
from analytics.charts.spec.week_hours import WeekHoursSpec

__all__ = [
    "MAX_BINS",
    "MAX_BUCKETS",
    "MAX_COHORTS",
    "MAX_DAYS",
    "MAX_LAYERS",
    "MAX_MEASURES",
    "MAX_PANELS",
    "MAX_PERIODS",
    "MAX_RANKS",
    "MAX_SUBJECTS",
    "AreaSpec",
    "BarsSpec",
    "CalendarSpec",
    "ChartSpec",
    "Cohort",
    "CohortsSpec",
    "ComparisonSpec",
    "DistributionSpec",
    "Layer",
    "LineSpec",
    "Measurement",
    "Moment",
    "PanelsSpec",
    "Quantity",
    "Quartiles",
    "Ranked",
    "RankingSpec",
    "SeriesSpec",
    "StackedSpec",
    "Theme",
    "TimeAxis",
    "Unit",
    "WeekHoursSpec",
]
