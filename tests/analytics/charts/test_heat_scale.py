import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.charts.heat_scale import HeatScale, heat_scale

AMOUNTS = st.lists(st.none() | st.floats(0, 1e12, allow_subnormal=False), max_size=60)


def test_steps_have_equal_width() -> None:
    scale = heat_scale([0.0, None, 10.0], 5)
    assert scale == HeatScale(10.0, beyond=False, steps=5)
    assert [scale.step(value) for value in (0.0, 0.1, 2.0, 2.1, 9.0, 10.0)] == [None, 0, 0, 1, 4, 4]


def test_one_extreme_does_not_hide_the_rest() -> None:
    scale = heat_scale([*range(1, 100), 1e9], 5)
    assert scale == HeatScale(95, beyond=True, steps=5)
    assert scale.step(1e9) == 4


def test_a_high_value_is_no_extreme() -> None:
    assert heat_scale([*range(1, 100), 180], 5) == HeatScale(180, beyond=False, steps=5)


@pytest.mark.parametrize("values", [[], [None], [0.0, 0.0]])
def test_nothing_has_a_scale_too(values: list[float | None]) -> None:
    assert heat_scale(values, 5).step(0.0) is None


@given(AMOUNTS)
def test_more_is_never_a_lower_step(values: list[float | None]) -> None:
    scale = heat_scale(values, 5)
    some = sorted(value for value in values if value)
    steps = [scale.step(value) for value in some]
    assert steps == sorted(steps, key=lambda step: -1 if step is None else step)
    assert all(step is not None and 0 <= step < 5 for step in steps)
    if some:
        assert steps[-1] == 4
