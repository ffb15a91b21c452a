"""What those who joined did in the days after: newcomers, and who comes back.

A day is counted from the local day of joining, which is day 0. How many joined is told by the counts of
joins, since who left long ago is no longer known by name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.day_columns import DatedMembers, MemberDayColumns
from analytics.local_time import ZoneHistory
from analytics.packs import Ids, rows_of

Flags = npt.NDArray[np.bool_]
Days = npt.NDArray[np.int64]
ACTIVATES = 3
"""Messages on the day of joining from which on a newcomer is activated; any voice does, too."""
_IDS = np.dtype("<u8")


@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """Who joined, by ascending pseudonym, and on which local day."""

    members: Ids
    days: Days


@dataclass(frozen=True, slots=True)
class FirstDays:
    """Of those who joined on one day: how many wrote or spoke that day, were activated, did in a week."""

    on_day: int
    activated: int
    in_week: int


def arrivals(joined: Mapping[int, int], zones: ZoneHistory) -> Arrivals:
    """Label the times of joining (ms) with local days."""
    members = np.array(sorted(joined), _IDS)
    days = [zones.label(joined[member]).day for member in members.tolist()]
    return Arrivals(members, np.array(days, np.int64))


def first_days(who: Arrivals, days: Sequence[DatedMembers]) -> Mapping[int, FirstDays]:
    """What newcomers did on their first day and in their first week, by the day of joining."""
    on_day, activated, in_week = (np.zeros(len(who.members), np.bool_) for _ in range(3))
    messages = np.zeros(len(who.members), np.int64)
    for dated, (rows, after, columns) in _after_joining(who, days, _wrote_or_spoke):
        in_week[rows[after < 7]] = True  # noqa: PLR2004 - days of a week
        first = after == 0
        on_day[rows[first]] = True
        messages[rows[first]] += dated.columns.messages[columns[first]]
        activated[rows[first]] |= dated.columns.voice_hours[columns[first]] != 0
    activated |= messages >= ACTIVATES
    return {
        int(day): FirstDays(
            *(int(np.count_nonzero(flags[who.days == day])) for flags in (on_day, activated, in_week))
        )
        for day in np.unique(who.days)
    }


def came_back(who: Arrivals, days: Sequence[DatedMembers], windows: Sequence[range]) -> Flags:
    """Whether each was active within each window of days after joining: a row each, a column a window."""
    found = np.zeros((len(who.members), len(windows)), np.bool_)
    for _, (rows, after, _) in _after_joining(who, days, lambda columns: columns.active_hours != 0):
        for place, window in enumerate(windows):
            found[rows[(after >= window.start) & (after < window.stop)], place] = True
    return found


def _wrote_or_spoke(columns: MemberDayColumns) -> Flags:
    did: Flags = (columns.messages > 0) | (columns.voice_hours != 0)
    return did


_After = tuple[npt.NDArray[np.intp], Days, npt.NDArray[np.intp]]
"""Rows of arrivals who did something on a day, how many days after joining, and their rows of the day."""


def _after_joining(
    who: Arrivals, days: Sequence[DatedMembers], did: Callable[[MemberDayColumns], Flags]
) -> Iterator[tuple[DatedMembers, _After]]:
    """Each day with those who joined before or on it and did something."""
    ids, rows = rows_of([who.members, *(dated.columns.members for dated in days)])
    arrival = np.full(len(ids), -1, np.intp)
    arrival[rows[0]] = np.arange(len(who.members), dtype=np.intp)
    for dated, row in zip(days, rows[1:], strict=True):
        there = arrival[row]
        columns = np.flatnonzero(did(dated.columns) & (there >= 0))
        joined = there[columns]
        after = dated.day - who.days[joined]
        found = after >= 0
        yield dated, (joined[found], after[found], columns[found])
