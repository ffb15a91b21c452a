"""Counts by day, summed up for a curve."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from analytics.local_time import HOURS_PER_DAY


def by_bucket(
    starts: Sequence[int], by_day: Mapping[int, int], first_hour: int | None
) -> tuple[int | None, ...]:
    """Sums from each start (an hour number) to the next; None where nothing was known before the next."""
    sums = [0] * len(starts)
    for day, number in by_day.items():
        sums[max(bisect_right(starts, day * HOURS_PER_DAY) - 1, 0)] += number
    ends = [*starts[1:], starts[-1] + 1]
    known = [first_hour is not None and first_hour < end for end in ends]
    return tuple(number if is_known else None for number, is_known in zip(sums, known, strict=True))
