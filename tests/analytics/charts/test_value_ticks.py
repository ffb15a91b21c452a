import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.charts.notation import Quantity
from analytics.charts.value_ticks import value_scale


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([], (0, 1)),
        ([0, 0], (0, 1)),
        ([1], (0, 1)),
        ([3], (0, 1, 2, 3)),
        ([37, 4], (0, 10, 20, 30, 40)),
        ([400], (0, 100, 200, 300, 400)),
        ([-55, 210], (-100, 0, 100, 200, 300)),
        ([0.31, 0.2], (0, 0.1, 0.2, 0.3, 0.4)),
    ],
)
def test_ticks_from_zero(values: list[float], ticks: tuple[float, ...]) -> None:
    assert value_scale(values, from_zero=True).ticks == ticks


def test_a_level_need_not_start_at_zero() -> None:
    scale = value_scale([10_001, 10_420], from_zero=False)
    assert scale.low == 10_000
    assert scale.high == 10_600


def test_room_is_kept_above_the_highest_value() -> None:
    assert value_scale([594], from_zero=True, headroom=0.12).share(594) <= 0.88


finite = st.floats(min_value=-1e12, max_value=1e12).map(lambda value: round(value, 3))


@given(st.lists(finite, max_size=20), st.booleans())
def test_the_scale_embraces_its_values(values: list[float], from_zero: bool) -> None:  # noqa: FBT001 - drawn
    scale = value_scale(values, from_zero=from_zero)
    assert 2 <= len(scale.ticks) <= 8
    assert list(scale.ticks) == sorted(set(scale.ticks))
    slack = 1e-6 * (scale.high - scale.low)
    assert all(scale.low - slack <= value <= scale.high + slack for value in values)
    if from_zero:
        assert scale.low <= 0 <= scale.high


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
def test_whole_numbers_get_whole_ticks(values: list[int]) -> None:
    assert all(
        float(tick).is_integer() for tick in value_scale([float(v) for v in values], from_zero=True).ticks
    )


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([0.0], (0, 1)),
        ([50.0], (0, 15, 30, 45, 60)),
        ([130.0], (0, 60, 120, 180)),
        ([1000.0], (0, 360, 720, 1080)),
        ([3000.5], (0, 1440, 2880, 4320)),
        ([20_160.0], (0, 7200, 14_400, 21_600)),
    ],
)
def test_ticks_of_durations_are_full_minutes_hours_or_days(
    values: list[float], ticks: tuple[int, ...]
) -> None:
    assert value_scale(values, from_zero=True, quantity=Quantity.DURATION).ticks == ticks


@given(st.lists(finite, max_size=20))
def test_a_scale_of_durations_embraces_its_values(values: list[float]) -> None:
    scale = value_scale(values, from_zero=True, quantity=Quantity.DURATION)
    assert 2 <= len(scale.ticks) <= 8
    unseen = 1e-6 * (scale.high - scale.low)
    assert all(scale.low - unseen <= value <= scale.high + unseen for value in values)
