"""Charts of made-up names and numbers: texts stay inside and apart whatever comes."""

from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.charts.alternative import MAX_ALTERNATIVE, alternative_text
from analytics.charts.geometry import Box
from analytics.charts.spec import (
    MAX_BINS,
    MAX_COHORTS,
    MAX_DAYS,
    MAX_LAYERS,
    MAX_MEASURES,
    MAX_PANELS,
    MAX_PERIODS,
    MAX_RANKS,
    MAX_SUBJECTS,
    AreaSpec,
    BarsSpec,
    CalendarSpec,
    ChartSpec,
    Cohort,
    CohortsSpec,
    ComparisonSpec,
    DistributionSpec,
    Layer,
    LineSpec,
    Measurement,
    PanelsSpec,
    Quantity,
    Quartiles,
    Ranked,
    RankingSpec,
    StackedSpec,
    TimeAxis,
    Unit,
    WeekHoursSpec,
)
from tests.support.legible import assert_legible

if TYPE_CHECKING:
    from analytics.charts.painter import Painter

LETTERS = "aWgj|漢字かمرحباשלוםनमस्तेไทยน้ำ한글😀👩‍👩‍👧🇩🇪★𝓕\u202e\u0301\u0323$_*<@#… "  # noqa: RUF001 - people do call themselves so
NAMES = st.text(LETTERS, max_size=60)
QUANTITIES = st.sampled_from(Quantity)
AMOUNTS = st.none() | st.sampled_from([0.0, 0.004, 1.0, 99.95, 1e6, 3.2e9]) | st.floats(0, 1e13)
NUMBERS = AMOUNTS | st.floats(-1e13, 0)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def rows(of: st.SearchStrategy[float | None], most: int) -> st.SearchStrategy[tuple[float | None, ...]]:
    return st.lists(of, max_size=most).map(tuple)


@st.composite
def axes(draw: st.DrawFn) -> TimeAxis:
    return TimeAxis(draw(st.sampled_from(Unit)), draw(DAYS), 0)


@st.composite
def series(draw: st.DrawFn) -> BarsSpec | LineSpec | AreaSpec:
    kind = draw(st.sampled_from([BarsSpec, LineSpec, AreaSpec]))
    values = draw(rows(AMOUNTS if kind is AreaSpec else NUMBERS, 60))
    return kind(
        title=draw(NAMES),
        subtitle=draw(NAMES),
        axis=draw(axes()),
        values=values,
        previous=draw(st.none() | st.just(values[::-1])),
        y_label=draw(NAMES),
        quantity=draw(QUANTITIES),
        partial_last=draw(st.booleans()),
    )


@st.composite
def stacks(draw: st.DrawFn) -> StackedSpec:
    count = draw(st.integers(0, 40))
    amounts = st.lists(AMOUNTS, min_size=count, max_size=count).map(tuple)
    layers = draw(st.lists(st.builds(Layer, NAMES, amounts), max_size=MAX_LAYERS).map(tuple))
    return StackedSpec(
        title=draw(NAMES),
        axis=draw(axes()),
        layers=layers,
        y_label=draw(NAMES),
        quantity=draw(QUANTITIES),
        partial_last=draw(st.booleans()),
    )


@st.composite
def rankings(draw: st.DrawFn) -> RankingSpec:
    ranked = st.lists(st.builds(Ranked, NAMES, NUMBERS, NUMBERS), max_size=MAX_RANKS).map(tuple)
    return RankingSpec(
        title=draw(NAMES),
        subtitle=draw(NAMES),
        rows=draw(ranked),
        x_label=draw(NAMES),
        quantity=draw(QUANTITIES),
    )


@st.composite
def weeks(draw: st.DrawFn) -> WeekHoursSpec:
    some = draw(st.lists(AMOUNTS, min_size=1, max_size=9))
    values = tuple(tuple(some[(day * 24 + hour) % len(some)] for hour in range(24)) for day in range(7))
    return WeekHoursSpec(title=draw(NAMES), values=values, unit_label=draw(NAMES), quantity=draw(QUANTITIES))


@st.composite
def calendars(draw: st.DrawFn) -> CalendarSpec:
    some = draw(st.lists(AMOUNTS, min_size=1, max_size=9))
    values = tuple(some[at % len(some)] for at in range(draw(st.integers(0, MAX_DAYS))))
    return CalendarSpec(
        title=draw(NAMES), start=draw(DAYS), values=values, unit_label=draw(NAMES), quantity=draw(QUANTITIES)
    )


@st.composite
def cohorts(draw: st.DrawFn) -> CohortsSpec:
    shares = rows(st.none() | st.floats(0, 100), MAX_PERIODS)
    sizes = st.none() | st.integers(0, 10**12)
    return CohortsSpec(
        title=draw(NAMES),
        cohorts=draw(st.lists(st.builds(Cohort, NAMES, sizes, shares), max_size=MAX_COHORTS).map(tuple)),
        size_label=draw(NAMES),
        share_label=draw(NAMES),
        x_label=draw(NAMES),
    )


@st.composite
def distributions(draw: st.DrawFn) -> DistributionSpec:
    counts = draw(st.lists(st.integers(0, 10**10), max_size=MAX_BINS).map(tuple))
    edges: tuple[float, ...] = ()
    marks: list[float] | None = None
    if counts:
        widths = draw(
            st.lists(st.sampled_from([0.01, 1, 5, 1e4, 1e9]), min_size=len(counts), max_size=len(counts))
        )
        edges = tuple(sum(widths[:at]) for at in range(len(counts) + 1))
        marks = sorted(draw(st.lists(st.floats(edges[0], edges[-1]), min_size=3, max_size=3)))
    return DistributionSpec(
        title=draw(NAMES),
        edges=edges,
        counts=counts,
        quartiles=Quartiles(*marks) if marks else None,
        x_label=draw(NAMES),
        y_label=draw(NAMES),
        quantity=draw(QUANTITIES),
        unknown=draw(st.integers(0, 10**9)),
    )


@st.composite
def comparisons(draw: st.DrawFn) -> ComparisonSpec:
    subjects = draw(st.lists(NAMES, min_size=2, max_size=MAX_SUBJECTS).map(tuple))
    values = st.lists(NUMBERS, min_size=len(subjects), max_size=len(subjects)).map(tuple)
    measured = st.builds(Measurement, NAMES, values, QUANTITIES)
    return ComparisonSpec(
        title=draw(NAMES),
        subjects=subjects,
        measurements=draw(st.lists(measured, max_size=MAX_MEASURES).map(tuple)),
    )


PANELS = st.builds(
    PanelsSpec, title=NAMES, subtitle=NAMES, panels=st.lists(series(), max_size=MAX_PANELS).map(tuple)
)
CHARTS = st.one_of(
    series(),
    stacks(),
    rankings(),
    weeks(),
    calendars(),
    cohorts(),
    distributions(),
    comparisons(),
    PANELS,
)


@given(spec=CHARTS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_texts_stay_inside_and_apart(painter: "Painter", spec: ChartSpec) -> None:
    canvas = painter.paint(spec)
    texts = canvas.texts()
    picture = Box(0, 0, canvas.width, canvas.height)
    assert [text for text, box in texts if not box.inside(picture)] == []
    assert [(a, b) for (a, box), (b, other) in combinations(texts, 2) if box.touches(other)] == []
    assert_legible(canvas, spec.title)
    assert len(alternative_text(spec)) <= MAX_ALTERNATIVE
