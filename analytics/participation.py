"""How many members took part, and how often they come back."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

import numpy as np

from analytics.day_columns import DatedMembers
from analytics.local_time import HOURS_PER_DAY
from analytics.member_spans import MemberSpan
from analytics.packs import Ids, distinct, rows_of
from schemas.results.members import Reached, Took

MONTH_DAYS = 30
WEEK_DAYS = 7


def participation(spans: Sequence[MemberSpan]) -> Took:
    """Count who took part on any of the days."""
    ids, rows = rows_of([span.members for span in spans])
    active, wrote, spoke, reacted = (np.zeros(len(ids), np.bool_) for _ in range(4))
    for span, row in zip(spans, rows, strict=True):
        active[row[span.active != 0]] = True
        wrote[row[span.wrote != 0]] = True
        spoke[row[span.spoke != 0]] = True
        reacted[row[span.reacted != 0]] = True
    return Took(*(int(np.count_nonzero(flags)) for flags in (active, wrote, spoke, reacted)))


def reach(spans: Sequence[MemberSpan], end: int) -> Reached:
    """Reach of the 30 days before the local day ``end``."""
    month = range(end - MONTH_DAYS, end)
    by_day = daily_active(spans)
    daily = fmean([by_day.get(day, 0) for day in month])
    weekly = _active_within(spans, range(end - WEEK_DAYS, end))
    monthly = _active_within(spans, month)
    return Reached(daily, weekly, monthly, daily / monthly if monthly else None)


def daily_active(spans: Iterable[MemberSpan]) -> Mapping[int, int]:
    """Distinct active members by local day; a day without any may be missing."""
    found: dict[int, list[MemberSpan]] = {}
    for span in spans:
        for day in span.days:
            found.setdefault(day, []).append(span)
    return {day: _active_within(holding, range(day, day + 1)) for day, holding in found.items()}


def _active_within(spans: Sequence[MemberSpan], days: range) -> int:
    """Distinct members who were active on any of the days."""
    masks = [span.active & span.of_days(days) for span in spans]
    if len(spans) == 1:
        return int(np.count_nonzero(masks[0]))
    return distinct([span.members[mask != 0] for span, mask in zip(spans, masks, strict=True)])


def hourly_active(days: Iterable[DatedMembers]) -> Mapping[int, int]:
    """Distinct active members by hour number; activity of which the hour is unknown is in none."""
    found: dict[int, list[Ids]] = {}
    for dated in days:
        masks = dated.columns.active_hours
        for hour in range(HOURS_PER_DAY):
            there = dated.columns.members[(masks >> np.uint32(hour)) & np.uint32(1) != 0]
            if len(there):
                found.setdefault(dated.day * HOURS_PER_DAY + hour, []).append(there)
    return {hour: distinct(ids) for hour, ids in found.items()}


def trend_by_hour(
    days: Sequence[DatedMembers], starts: Sequence[int], since: int | None
) -> tuple[float | None, ...]:
    """Active members an hour; None before the day ``since`` (None: always)."""
    by_hour = hourly_active(days)
    return tuple(
        by_hour.get(hour, 0) if since is not None and hour >= since * HOURS_PER_DAY else None
        for hour in starts
    )


def trend(
    spans: Sequence[MemberSpan], starts: Sequence[int], bounds: range, since: int | None
) -> tuple[float | None, ...]:
    """Active members a day: of a week or month the mean of its days within ``bounds``.

    ``starts`` and ``bounds`` are hour numbers. None where no day from ``since`` (None: never) on is in it.
    """
    by_day = daily_active(spans)
    ends = [*starts[1:], bounds.stop]
    return tuple(
        _mean([by_day.get(day, 0) for day in _known_days(start, stop, bounds, since)])
        for start, stop in zip(starts, ends, strict=True)
    )


def _known_days(start: int, stop: int, bounds: range, since: int | None) -> range:
    if since is None:
        return range(0)
    first = max(start, bounds.start) // HOURS_PER_DAY
    return range(max(first, since), -(-min(stop, bounds.stop) // HOURS_PER_DAY))


def _mean(values: Sequence[int]) -> float | None:
    return fmean(values) if values else None
