import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime

import msgspec
import pytest

from analytics.charts.kinds.registry import KINDS
from analytics.charts.spec import (
    MAX_BUCKETS,
    MAX_PANELS,
    MAX_RANKS,
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
    Moment,
    PanelsSpec,
    Quartiles,
    Ranked,
    RankingSpec,
    StackedSpec,
    Theme,
    TimeAxis,
    Unit,
    WeekHoursSpec,
)
from analytics.charts.wire import decode_spec, encode_spec
from tests.support.chart_samples import SAMPLES

DAYS = TimeAxis(Unit.DAY, date(2026, 10, 20))
BARS = BarsSpec(title="T", axis=DAYS, values=(1.0, None, 3.0), previous=(2.0, 2.0, None), y_label="messages")
LINE = LineSpec(
    title="T", axis=DAYS, values=(1.0, None), y_label="members", from_zero=True, theme=Theme.LIGHT
)


@pytest.mark.parametrize("spec", [BARS, LINE, *(spec for kind in SAMPLES.values() for spec in kind.values())])
def test_a_spec_survives_its_encoding(spec: ChartSpec) -> None:
    assert decode_spec(encode_spec(spec)) == spec


def test_equal_specs_are_equal_keys() -> None:
    other = BarsSpec(title="T", axis=DAYS, values=(1, None, 3), previous=(2, 2, None), y_label="messages")
    assert other == BARS
    assert hash(other) == hash(BARS)
    assert encode_spec(BARS) == encode_spec(msgspec.structs.replace(BARS))


def test_what_differs_is_another_key() -> None:
    changes = ({"title": "U"}, {"theme": Theme.LIGHT}, {"partial_last": True}, {"values": (1.0, 0.0, 3.0)})
    keys = {encode_spec(msgspec.structs.replace(BARS, **change)) for change in changes}
    assert len(keys | {encode_spec(BARS)}) == len(changes) + 1


def test_every_kind_of_spec_is_registered() -> None:
    def leaves(kind: type[ChartSpec]) -> set[type[ChartSpec]]:
        below = kind.__subclasses__()
        return {leaf for child in below for leaf in leaves(child)} if below else {kind}

    assert leaves(ChartSpec) == set(KINDS) == set(SAMPLES)


def test_series_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="previous has 2 values, the series 3"):
        BarsSpec(title="T", axis=DAYS, values=(1.0, 2.0, 3.0), previous=(1.0, 2.0), y_label="m")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="pass None for unknown"):
        BarsSpec(title="T", axis=DAYS, values=(1.0, value), y_label="m")


def test_too_many_buckets_are_refused() -> None:
    with pytest.raises(ValueError, match="use wider ones"):
        BarsSpec(title="T", axis=DAYS, values=(1.0,) * (MAX_BUCKETS + 1), y_label="m")


def test_buckets_follow_each_other_across_days_and_years() -> None:
    hours = TimeAxis(Unit.HOUR, date(2026, 12, 31), 23)
    assert hours.moments(2) == (Moment(date(2026, 12, 31), 23), Moment(date(2027, 1, 1), 0))
    months = TimeAxis(Unit.MONTH, date(2026, 11, 1))
    assert [moment.day for moment in months.moments(3)] == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]
    weeks = TimeAxis(Unit.WEEK, date(2026, 12, 28))
    assert weeks.moments(2)[1] == Moment(date(2027, 1, 4))


def test_an_axis_starts_at_a_clock_reading() -> None:
    reading = datetime.fromisoformat("2026-11-20T14:37:00+01:00")
    assert TimeAxis.starting(reading, Unit.HOUR) == TimeAxis(Unit.HOUR, date(2026, 11, 20), 14)
    assert TimeAxis.starting(reading, Unit.DAY) == TimeAxis(Unit.DAY, date(2026, 11, 20))


def stacked(*layers: tuple[float | None, ...]) -> StackedSpec:
    return StackedSpec(title="T", axis=DAYS, layers=tuple(Layer("a", layer) for layer in layers), y_label="m")


def spread(
    edges: tuple[float, ...], counts: tuple[int, ...], quartiles: Quartiles | None
) -> DistributionSpec:
    return DistributionSpec(
        title="T", edges=edges, counts=counts, quartiles=quartiles, x_label="x", y_label="y"
    )


REFUSED: dict[str, tuple[Callable[[], ChartSpec], str]] = {
    "area below zero": (lambda: AreaSpec(title="T", axis=DAYS, values=(-1.0,), y_label="m"), "negative"),
    "area of different length": (
        lambda: AreaSpec(title="T", axis=DAYS, values=(1.0,), previous=(), y_label="m"),
        "previous has 0 values",
    ),
    "layers of different length": (lambda: stacked((1.0,), (1.0, 2.0)), "different numbers"),
    "layer below zero": (lambda: stacked((-1.0,)), "negative"),
    "too many layers": (lambda: stacked(*[(1.0,)] * 7), "6 layers at most, not 7"),
    "too many buckets": (lambda: stacked((1.0,) * (MAX_BUCKETS + 1)), "use wider ones"),
    "too many rows": (
        lambda: RankingSpec(title="T", rows=(Ranked("a", 1.0),) * (MAX_RANKS + 1), x_label="m"),
        "20 rows at most",
    ),
    "no number in a ranking": (
        lambda: RankingSpec(title="T", rows=(Ranked("a", 1.0, float("nan")),), x_label="m"),
        "pass None",
    ),
    "a short week": (
        lambda: WeekHoursSpec(title="T", values=((1.0,) * 24,) * 6, unit_label="m"),
        "7 rows of 24 hours",
    ),
    "a week of short days": (
        lambda: WeekHoursSpec(title="T", values=((1.0,) * 23,) * 7, unit_label="m"),
        "7 rows of 24 hours",
    ),
    "more than a year": (
        lambda: CalendarSpec(title="T", start=date(2026, 1, 1), values=(1.0,) * 367, unit_label="m"),
        "366 days at most",
    ),
    "share above the whole": (
        lambda: CohortsSpec(
            title="T", cohorts=(Cohort("a", 1, (101.0,)),), size_label="s", share_label="%", x_label="x"
        ),
        "from 0 to 100",
    ),
    "edges that do not fit": (lambda: spread((1, 2), (1, 2), None), "2 bins have 3 edges"),
    "edges without bins": (lambda: spread((1,), (), None), "0 bins"),
    "edges that do not rise": (lambda: spread((1, 1), (1,), None), "have to rise"),
    "quartiles outside": (lambda: spread((1, 2), (1,), Quartiles(0, 1, 2)), "within the bins"),
    "quartiles in disorder": (lambda: spread((1, 5), (1,), Quartiles(3, 2, 4)), "have to rise"),
    "one subject": (lambda: ComparisonSpec(title="T", subjects=("a",), measurements=()), "needs 2"),
    "five subjects": (
        lambda: ComparisonSpec(title="T", subjects=tuple("abcde"), measurements=()),
        "4 subjects at most",
    ),
    "a value too few": (
        lambda: ComparisonSpec(title="T", subjects=("a", "b"), measurements=(Measurement("m", (1.0,)),)),
        "2 subjects have 1 values",
    ),
    "too many panels": (lambda: PanelsSpec(title="T", panels=(BARS,) * (MAX_PANELS + 1)), "6 panels at most"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_drawn_is_refused(name: str) -> None:
    make, why = REFUSED[name]
    with pytest.raises(ValueError, match=why):
        make()


def test_what_cannot_be_drawn_is_refused_on_the_way_to_the_worker_too() -> None:
    good = encode_spec(stacked((1.0,), (2.0,)))
    one, minus_one = msgspec.msgpack.encode(1.0), msgspec.msgpack.encode(-1.0)
    with pytest.raises(msgspec.ValidationError, match="negative"):
        decode_spec(good.replace(one, minus_one))


def test_a_stack_adds_up_what_is_known() -> None:
    spec = stacked((1.0, None, None), (2.0, None, 4.0))
    assert spec.totals() == (3.0, None, 4.0)
    assert stacked().totals() == ()


def test_describing_charts_does_not_load_matplotlib() -> None:
    modules = "sys, bot.charting, analytics.charts.wire, analytics.charts.fonts, analytics.charts.alternative"
    code = f"import {modules}; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - fixed
    assert done.stdout.strip() == "False"
