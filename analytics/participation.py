"""How many members took part, and how often they come back."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean

import numpy as np

from analytics.day_columns import DatedMembers
from analytics.local_time import HOURS_PER_DAY
from analytics.packs import Ids, distinct, rows_of
from analytics.timeframes import Bucket
from schemas.results.members import Reached, Took

MONTH_DAYS = 30
WEEK_DAYS = 7


def participation(days: Iterable[DatedMembers]) -> Took:
    """Count who took part on any of the days."""
    columns = [dated.columns for dated in days]
    ids, rows = rows_of([day.members for day in columns])
    active, wrote, spoke, reacted = (np.zeros(len(ids), np.bool_) for _ in range(4))
    for day, row in zip(columns, rows, strict=True):
        active[row[day.active_hours != 0]] = True
        wrote[row[: day.writers]] = True
        spoke[row[day.voice_hours != 0]] = True
        reacted[row[day.rows_reacted]] = True
    return Took(*(int(np.count_nonzero(flags)) for flags in (active, wrote, spoke, reacted)))


def reach(days: Sequence[DatedMembers], end: int) -> Reached:
    """Reach of the 30 days before the local day ``end``."""
    month = [dated for dated in days if end - MONTH_DAYS <= dated.day < end]
    by_day = daily_active(month)
    daily = fmean([by_day.get(day, 0) for day in range(end - MONTH_DAYS, end)])
    weekly = distinct([dated.columns.active for dated in month if dated.day >= end - WEEK_DAYS])
    monthly = distinct([dated.columns.active for dated in month])
    return Reached(daily, weekly, monthly, daily / monthly if monthly else None)


def daily_active(days: Iterable[DatedMembers]) -> Mapping[int, int]:
    """Distinct active members by local day; a day without any may be missing."""
    found: dict[int, list[Ids]] = {}
    for dated in days:
        found.setdefault(dated.day, []).append(dated.columns.active)
    return {day: distinct(ids) for day, ids in found.items()}


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


def trend(
    days: Sequence[DatedMembers], starts: Sequence[int], bounds: range, bucket: Bucket, since: int | None
) -> tuple[float | None, ...]:
    """Active members an hour, or a day: of a week or month the mean of its days within ``bounds``.

    ``starts`` and ``bounds`` are hour numbers. None where no day from ``since`` (None: never) on is in it.
    """
    if bucket is Bucket.HOUR:
        by_hour = hourly_active(days)
        return tuple(
            by_hour.get(hour, 0) if since is not None and hour >= since * HOURS_PER_DAY else None
            for hour in starts
        )
    by_day = daily_active(days)
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
