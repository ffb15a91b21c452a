"""What those who joined did in the days after: newcomers, and who comes back.

A day is counted from the local day of joining, which is day 0. How many joined is told by the counts of
joins, since who left long ago is no longer known by name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.local_days import local_days
from analytics.local_time import ZoneHistory
from analytics.member_spans import MemberSpan
from analytics.packs import Counts, Ids, rows_of

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
    members = np.fromiter(joined, _IDS, len(joined))
    order = np.argsort(members)
    times = np.fromiter(joined.values(), np.int64, len(joined))
    return Arrivals(members[order], local_days(times[order], zones))


def first_days(who: Arrivals, spans: Sequence[MemberSpan]) -> Mapping[int, FirstDays]:
    """What newcomers did on their first day and in their first week, by the day of joining."""
    on_day, activated, in_week = (np.zeros(len(who.members), np.bool_) for _ in range(3))
    messages = np.zeros(len(who.members), np.int64)
    for span, (there, rows) in _of_arrivals(who, spans):
        first = who.days[there] - span.days.start
        did = span.wrote[rows] | span.spoke[rows]
        on_day[there] |= did & _bits(first, first + 1, span) != 0
        activated[there] |= span.spoke[rows] & _bits(first, first + 1, span) != 0
        in_week[there] |= did & _bits(first, first + 7, span) != 0
        _add_first_messages(messages, who, span, there, rows)
    activated |= messages >= ACTIVATES
    days, place = np.unique(who.days, return_inverse=True)
    counts = [np.bincount(place[flags], minlength=len(days)) for flags in (on_day, activated, in_week)]
    return {int(day): FirstDays(*(int(of[at]) for of in counts)) for at, day in enumerate(days)}


def came_back(who: Arrivals, spans: Sequence[MemberSpan], windows: Sequence[range]) -> Flags:
    """Whether each was active within each window of days after joining: a row each, a column a window."""
    found = np.zeros((len(who.members), len(windows)), np.bool_)
    for span, (there, rows) in _of_arrivals(who, spans):
        joined, active = who.days[there] - span.days.start, span.active[rows]
        for place, window in enumerate(windows):
            found[there, place] |= active & _bits(joined + window.start, joined + window.stop, span) != 0
    return found


_There = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]
"""Arrivals who are in a span, and their rows of it."""


def _of_arrivals(who: Arrivals, spans: Sequence[MemberSpan]) -> Iterator[tuple[MemberSpan, _There]]:
    """Each span with those who joined before its end, and are in it."""
    ids, rows = rows_of([who.members, *(span.members for span in spans)])
    arrival = np.full(len(ids), -1, np.intp)
    arrival[rows[0]] = np.arange(len(who.members), dtype=np.intp)
    for span, row in zip(spans, rows[1:], strict=True):
        there = arrival[row]
        known = np.flatnonzero(there >= 0)
        known = known[who.days[there[known]] < span.days.stop]
        yield span, (there[known], known)


def _bits(start: Days, stop: Days, span: MemberSpan) -> Counts:
    """Masks of the days of a span from a day (counted from its first) on up to another."""
    one, most = np.int64(1), len(span.days)
    bits = (one << np.clip(stop, 0, most)) - (one << np.clip(start, 0, most))
    return bits.astype(np.uint32)


def _add_first_messages(messages: Days, who: Arrivals, span: MemberSpan, *there_and_rows: Days) -> None:
    """Add what each wrote on the day of joining."""
    there, rows = there_and_rows
    for day, wrote, numbers in span.messages_by_day():
        new = np.flatnonzero(who.days[there] == day)
        if len(new) and len(wrote):
            at = np.minimum(np.searchsorted(wrote, rows[new]), len(wrote) - 1)
            did = wrote[at] == rows[new]
            messages[there[new[did]]] += numbers[at[did]]
