"""Times of members out of raw batches, whatever their layout."""

from datetime import UTC, datetime

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.db.member_times import member_times
from bot.privacy.pseudonym import hexadecimal

instants = st.integers(-(10**12), 4 * 10**12).filter(bool)
told = st.dictionaries(st.integers(0, (1 << 64) - 1), instants, max_size=20)


def document(member: int, at_ms: int, order: int) -> bytes:
    date = datetime.fromtimestamp(at_ms // 1000, UTC).replace(microsecond=at_ms % 1000 * 1000)
    fields = [("userId", hexadecimal(member)), ("leftAt", date)]
    return bson.encode(dict(fields[::order]))


@given(st.lists(told, max_size=3), st.sampled_from([1, -1]))
def test_each_has_its_time(batches: list[dict[int, int]], order: int) -> None:
    raw = [b"".join(document(who, at, order) for who, at in batch.items()) for batch in batches]
    together: dict[int, int] = {}
    for batch in batches:
        together |= batch
    assert member_times(raw, "leftAt") == together


@given(told, st.sampled_from([1, -1]))
def test_documents_of_another_layout_are_understood(some: dict[int, int], order: int) -> None:
    odd = {1: 5, 2: 7_000}
    raw = b"".join(
        [
            *(document(who, at, order) for who, at in some.items()),
            *(document(who, at, -order) for who, at in odd.items()),
            bson.encode({"userId": hexadecimal(3), "leftAt": None, "more": 1}),
        ]
    )
    assert member_times([raw], "leftAt") == some | odd | {3: 0}


def test_a_document_without_the_date_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="leftAt"):
        member_times([bson.encode({"userId": hexadecimal(1)})], "leftAt")
