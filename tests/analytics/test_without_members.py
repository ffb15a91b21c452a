"""Taking members out of a day's columns: all other rows stay as they were."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.day_columns import MemberDayColumns
from analytics.day_packs import member_pack, members_of_pack
from analytics.member_days import without_members
from tests.support.slices import members_of_slices

counts = st.dictionaries(st.integers(0, 23).map(str), st.integers(1, 9), max_size=3)
slices = st.builds(
    lambda hours, given, ms, received: {
        "hours": hours,
        "reactionHours": given,
        "reactionsGiven": sum(given.values()),
        "reactionsReceived": received,
        "voice": {"ms": ms, "hours": {"5": ms} if ms else {}},
    },
    counts,
    counts,
    st.sampled_from([0, 60_000]),
    st.integers(-2, 3),
)
days = st.dictionaries(st.integers(1, 2**64 - 1), slices, max_size=8)


def rows(columns: MemberDayColumns) -> dict[int, tuple[Any, ...]]:
    return {
        who: (
            *(int(each[row]) for each in (columns.messages, columns.hours, columns.voice, columns.received)),
            int(columns.voice_hours[row]),
            int(columns.given[row]),
            int(columns.active_hours[row]),
            row < columns.writers,
        )
        for row, who in enumerate(columns.members.tolist())
    }


@given(days, st.data())
def test_the_others_keep_their_rows(day: dict[int, dict[str, Any]], data: st.DataObject) -> None:
    whole = members_of_slices(day.items())
    gone = data.draw(st.lists(st.sampled_from(sorted(day)) if day else st.just(1), unique=True))
    cut = without_members(whole, np.array(gone, "<u8"))
    kept = {who: row for who, row in rows(whole).items() if who not in gone}
    assert rows(cut) == kept
    assert rows(members_of_pack(member_pack(cut))) == kept
    without = members_of_slices((who, each) for who, each in day.items() if who not in gone)
    assert member_pack(cut) == member_pack(without)
