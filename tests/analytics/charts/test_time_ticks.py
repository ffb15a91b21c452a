from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.charts.notation import ENGLISH
from analytics.charts.spec import TimeAxis, Unit
from analytics.charts.time_ticks import LABEL_GAP, Tick, time_ticks

WIDTH = 960.0
LETTER = 14.0


def measure(text: str) -> float:
    return LETTER * len(text)


def ticks(axis: TimeAxis, count: int) -> tuple[Tick, ...]:
    def place(index: int) -> float:
        return (index + 0.5) * WIDTH / count

    return time_ticks(axis.unit, axis.moments(count), ENGLISH, place, measure)


def labels(axis: TimeAxis, count: int) -> list[str]:
    return [tick.label for tick in ticks(axis, count)]


def contexts(axis: TimeAxis, count: int) -> list[str]:
    return [tick.context for tick in ticks(axis, count) if tick.context]


def test_a_day_is_marked_at_full_hours_and_says_which_day() -> None:
    axis = TimeAxis(Unit.HOUR, date(2026, 11, 20), 14)
    assert labels(axis, 24) == ["15:00", "18:00", "21:00", "00:00", "03:00", "06:00", "09:00", "12:00"]
    assert contexts(axis, 24) == ["Fri 20 Nov", "Sat 21 Nov"]


def test_many_hours_are_marked_at_midnight() -> None:
    axis = TimeAxis(Unit.HOUR, date(2026, 11, 14), 5)
    assert labels(axis, 168)[:2] == ["Sun 15", "Mon 16"]


def test_a_week_names_its_days() -> None:
    axis = TimeAxis(Unit.DAY, date(2026, 11, 15))
    assert labels(axis, 7) == ["Sun 15", "Mon 16", "Tue 17", "Wed 18", "Thu 19", "Fri 20", "Sat 21"]
    assert contexts(axis, 7) == ["Nov"]


def test_a_month_is_marked_on_mondays() -> None:
    axis = TimeAxis(Unit.DAY, date(2026, 10, 20))
    assert labels(axis, 30) == ["26 Oct", "2 Nov", "9 Nov", "16 Nov"]


def test_a_year_is_marked_by_months_and_says_the_year_where_it_changes() -> None:
    axis = TimeAxis(Unit.WEEK, date(2025, 11, 17))
    assert labels(axis, 53)[:3] == ["Dec", "Jan", "Feb"]
    assert contexts(axis, 53) == ["2025", "2026"]


def test_decades_are_marked_by_years() -> None:
    axis = TimeAxis(Unit.MONTH, date(1993, 6, 1))
    assert labels(axis, 400) == ["1995", "2000", "2005", "2010", "2015", "2020", "2025"]


@pytest.mark.parametrize("unit", Unit)
def test_a_single_bucket_is_named(unit: Unit) -> None:
    assert len(ticks(TimeAxis(unit, date(2026, 11, 20), 13 if unit is Unit.HOUR else 0), 1)) == 1


def test_no_bucket_has_no_tick() -> None:
    assert ticks(TimeAxis(Unit.DAY, date(2026, 11, 20)), 0) == ()


@given(
    st.sampled_from(list(Unit)),
    st.dates(date(1990, 1, 1), date(2040, 1, 1)),
    st.integers(0, 23),
    st.integers(1, 500),
)
def test_labels_never_touch_and_are_never_missing(unit: Unit, start: date, hour: int, count: int) -> None:
    first = start.replace(day=1) if unit is Unit.MONTH else start
    found = ticks(TimeAxis(unit, first, hour if unit is Unit.HOUR else 0), count)
    assert found
    for row in ("label", "context"):
        spans = [
            ((tick.index + 0.5) * WIDTH / count, measure(getattr(tick, row)) / 2)
            for tick in found
            if getattr(tick, row)
        ]
        for (left, half), (right, other) in pairwise(spans):
            assert right - other - (left + half) >= LABEL_GAP - 1e-6
