from hypothesis import given
from hypothesis import strategies as st

from analytics.packs import Ids, distinct, ids_from_bytes, ids_to_bytes, rows_of

NEIGHBOURS = st.integers(0, 9) | st.integers((1 << 64) - 10, (1 << 64) - 1)
"""Ids that share their leading bits, the first and the last id among them."""


def column(ids: set[int]) -> Ids:
    return ids_from_bytes(ids_to_bytes(sorted(ids)))


@given(st.lists(st.sets(NEIGHBOURS | st.integers(0, (1 << 64) - 1), max_size=30), max_size=8))
def test_each_id_counts_once_however_many_columns_hold_it(columns: list[set[int]]) -> None:
    assert distinct([column(ids) for ids in columns]) == len(set().union(*columns))


@given(st.lists(st.sets(NEIGHBOURS | st.integers(0, (1 << 64) - 1), max_size=30), max_size=8))
def test_each_id_has_one_row(columns: list[set[int]]) -> None:
    ids, rows = rows_of([column(ids) for ids in columns])
    assert sorted(ids.tolist()) == sorted(set().union(*columns))
    for wanted, row in zip(columns, rows, strict=True):
        assert ids[row].tolist() == sorted(wanted)
