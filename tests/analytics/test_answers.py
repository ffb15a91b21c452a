"""Quartiles and histogram of waits against their definitions."""

from hypothesis import given
from hypothesis import strategies as st

from analytics.answers import EDGES_S, histogram, spread
from analytics.charts.spec import DistributionSpec, Quartiles

WAITS = st.lists(st.floats(0, 10**8), max_size=50)


@given(WAITS)
def test_quartiles_are_the_least_waits_that_so_many_do_not_exceed(waits: list[float]) -> None:
    found = spread(waits)

    assert found.count == len(waits)
    for quarter, value in ((1, found.low), (2, found.median), (3, found.high)):
        if not waits:
            assert value is None
        else:
            enough = [wait for wait in waits if 4 * sum(w <= wait for w in waits) >= quarter * len(waits)]
            assert value == min(enough)


@given(WAITS)
def test_every_wait_is_in_its_bin_and_a_chart_takes_them(waits: list[float]) -> None:
    edges, counts = histogram(waits)
    found = spread(waits)

    assert sum(counts) == len(waits)
    for low, high, count in zip(edges, edges[1:], counts, strict=False):
        assert count == sum(low <= wait < high for wait in waits)
    assert list(edges[:11]) == [float(edge) for edge in EDGES_S[: len(edges)]]
    if found.low is not None and found.median is not None and found.high is not None:
        spec = DistributionSpec(
            title="",
            edges=edges,
            counts=counts,
            quartiles=Quartiles(found.low, found.median, found.high),
            x_label="",
            y_label="",
        )
        assert spec.counts[-1] > 0
