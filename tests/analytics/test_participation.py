"""Who took part, against a naive count of what each member did in each hour."""

from collections.abc import Sequence
from statistics import fmean
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.day_columns import DatedMembers
from analytics.participation import (
    MONTH_DAYS,
    WEEK_DAYS,
    participation,
    reach,
    trend,
    trend_by_hour,
)
from analytics.timeframes import Bucket, bucket_starts
from tests.support.slices import members_of_slices, spans_of

FIRST, END = 20_000, 20_040
WRITES, SPEAKS, AFK, REACTS, IS_LIKED = range(5)
ACTIVE = {WRITES, SPEAKS, REACTS}


class Did(NamedTuple):
    day: int
    hour: int
    member: int
    what: int
    times: int = 1


MEMBERS = (1, 2, 3, 1 << 63, (1 << 64) - 1)


def some_done(days: range, members: Sequence[int] = MEMBERS) -> st.SearchStrategy[list[Did]]:
    """What members did on some days: one to four messages an hour, so that three are met from both sides."""
    return st.lists(
        st.builds(
            Did,
            st.sampled_from(days),
            st.integers(0, 23),
            st.sampled_from(members),
            st.sampled_from([WRITES, WRITES, SPEAKS, AFK, REACTS, IS_LIKED]),
            st.integers(1, 4),
        ),
        max_size=60,
        unique_by=lambda did: did[:4],
    )


done = some_done(range(FIRST, END)) | some_done(range(FIRST, FIRST + 3))


def dated(did: list[Did]) -> list[DatedMembers]:
    return [
        DatedMembers(
            day, members_of_slices([(who, document(did, day, who)) for who in {d.member for d in did}])
        )
        for day in sorted({d.day for d in did})
    ]


def document(did: list[Did], day: int, member: int) -> dict[str, object]:
    mine = [d for d in did if (d.day, d.member) == (day, member)]

    def hours(*what: int) -> dict[str, int]:
        return {str(d.hour): sum(e.times for e in mine if d.hour == e.hour and e.what in what) for d in mine}

    spoke, afk, reacted = hours(SPEAKS, AFK), hours(AFK), hours(REACTS)
    return {
        "hours": {hour: number for hour, number in hours(WRITES).items() if number},
        "voice": {"ms": sum(spoke.values()), "hours": spoke, "afkMs": sum(afk.values()), "afkHours": afk},
        "reactionsGiven": sum(reacted.values()),
        "reactionHours": reacted,
        "reactionsReceived": sum(d.what == IS_LIKED for d in mine),
    }


def who(did: list[Did], *what: int) -> int:
    return len({d.member for d in did if d.what in what})


@given(done)
def test_members_by_what_they_did(did: list[Did]) -> None:
    found = participation(spans_of(dated(did)))
    assert found.active == who(did, *ACTIVE)
    assert (found.wrote, found.spoke, found.reacted) == (who(did, WRITES), who(did, SPEAKS), who(did, REACTS))


@given(done)
def test_reach_is_that_of_thirty_days(did: list[Did]) -> None:
    found = reach(spans_of(dated(did)), END)
    by_day = [who([d for d in did if d.day == day], *ACTIVE) for day in range(END - MONTH_DAYS, END)]
    monthly = who([d for d in did if d.day >= END - MONTH_DAYS], *ACTIVE)
    assert found.daily == pytest.approx(fmean(by_day))
    assert found.weekly == who([d for d in did if d.day >= END - WEEK_DAYS], *ACTIVE)
    assert found.monthly == monthly
    assert found.stickiness == (pytest.approx(fmean(by_day) / monthly) if monthly else None)


@given(done, st.sampled_from([Bucket.DAY, Bucket.WEEK, Bucket.MONTH]), st.integers(FIRST - 3, END + 3))
def test_a_wide_bucket_is_the_mean_of_its_known_days(did: list[Did], bucket: Bucket, since: int) -> None:
    bounds = range(FIRST * 24, END * 24 - 5)
    starts = bucket_starts(bounds.start, bounds.stop, bucket)
    values = trend(spans_of(dated(did)), starts, bounds, since)
    for start, stop, value in zip(starts, [*starts[1:], bounds.stop], values, strict=True):
        days = [day for day in range(FIRST, END) if day >= since and start <= day * 24 < stop]
        naive = [who([d for d in did if d.day == day], *ACTIVE) for day in days]
        assert value == (pytest.approx(fmean(naive)) if naive else None)


@given(done)
def test_an_hour_holds_those_active_in_it(did: list[Did]) -> None:
    bounds = range(FIRST * 24 + 5, (FIRST + 2) * 24)
    values = trend_by_hour(dated(did), list(bounds), FIRST + 1)
    for hour, value in zip(bounds, values, strict=True):
        naive = who([d for d in did if d.day * 24 + d.hour == hour], *ACTIVE)
        assert value == (naive if hour >= (FIRST + 1) * 24 else None)
