import subprocess
import sys
from datetime import date, datetime

import msgspec
import pytest

from analytics.charts.kinds.registry import KINDS
from analytics.charts.spec import (
    MAX_BUCKETS,
    BarsSpec,
    ChartSpec,
    LineSpec,
    Moment,
    Theme,
    TimeAxis,
    Unit,
)
from analytics.charts.wire import decode_spec, encode_spec

DAYS = TimeAxis(Unit.DAY, date(2026, 10, 20))
BARS = BarsSpec(title="T", axis=DAYS, values=(1.0, None, 3.0), previous=(2.0, 2.0, None), y_label="messages")
LINE = LineSpec(
    title="T", axis=DAYS, values=(1.0, None), y_label="members", from_zero=True, theme=Theme.LIGHT
)


@pytest.mark.parametrize("spec", [BARS, LINE])
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

    assert leaves(ChartSpec) == set(KINDS)


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


def test_describing_charts_does_not_load_matplotlib() -> None:
    modules = "sys, bot.charting, analytics.charts.wire, analytics.charts.fonts"
    code = f"import {modules}; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - fixed
    assert done.stdout.strip() == "False"
