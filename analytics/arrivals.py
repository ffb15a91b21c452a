"""What those who joined did in the days after: newcomers, and who comes back.

A day is counted from the local day of joining, which is day 0. Each join is followed on its own, so somebody
who came back is there twice. How many joined is told by the counts of joins, since who left long ago is no
longer known by name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.local_days import local_days
from analytics.local_time import ZoneHistory
from analytics.member_spans import MemberSpan
from analytics.packs import Counts, Ids, rows_of
from analytics.stays import Join

Flags = npt.NDArray[np.bool_]
Days = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]
ACTIVATES = 3
"""Messages on the day of joining from which on a newcomer is activated; any voice does, too."""
_IDS = np.dtype("<u8")


@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """Joins, by ascending pseudonym of who joined, and their local days."""

    members: Ids
    days: Days


@dataclass(frozen=True, slots=True)
class FirstDays:
    """Of ``joined`` on one day: how many wrote or spoke that day, were activated, did in a week."""

    joined: int
    on_day: int
    activated: int
    in_week: int


def arrivals(joins: Sequence[Join], zones: ZoneHistory) -> Arrivals:
    """Label the times of joins with local days."""
    members = np.fromiter((join.member for join in joins), _IDS, len(joins))
    order = np.argsort(members)
    times = np.fromiter((join.at for join in joins), np.int64, len(joins))
    return Arrivals(members[order], local_days(times[order], zones))


def first_days(who: Arrivals, spans: Sequence[MemberSpan]) -> Mapping[int, FirstDays]:
    """What newcomers did on their first day and in their first week, by the day of joining."""
    on_day, activated, in_week = (np.zeros(len(who.members), np.bool_) for _ in range(3))
    messages = np.zeros(len(who.members), np.int64)
    for there in _of_arrivals(who, spans):
        span = there.span
        did = span.wrote | span.spoke
        there.mark(on_day, did, _FIRST_DAY)
        there.mark(activated, span.spoke, _FIRST_DAY)
        there.mark(in_week, did, _FIRST_WEEK)
        _add_first_messages(messages, there)
    activated |= messages >= ACTIVATES
    days, place = np.unique(who.days, return_inverse=True)
    everybody = np.ones(len(who.members), np.bool_)
    counts = [
        np.bincount(place[flags], minlength=len(days)) for flags in (everybody, on_day, activated, in_week)
    ]
    return {int(day): FirstDays(*(int(of[at]) for of in counts)) for at, day in enumerate(days)}


def came_back(who: Arrivals, spans: Sequence[MemberSpan], windows: Sequence[range]) -> Flags:
    """Whether each was active within each window of days after joining: a row each, a column a window."""
    found = np.zeros((len(who.members), len(windows)), np.bool_)
    for there in _of_arrivals(who, spans):
        active = there.span.active
        for place, window in enumerate(windows):
            there.mark(found[:, place], active, window)
    return found


_FIRST_DAY, _FIRST_WEEK = range(1), range(7)


@dataclass(frozen=True, slots=True, eq=False)
class _There:
    """Those who joined and are in a span, by the day of joining: who, their rows of the span, that day."""

    span: MemberSpan
    who: Rows
    rows: Rows
    joined: Days

    def within(self, window: range) -> slice:
        """Those with whom a window of days after joining has days in common with the span."""
        first, stop = self.span.days.start - window.stop + 1, self.span.days.stop - window.start
        return slice(*np.searchsorted(self.joined, [first, stop]).tolist())

    def mark(self, flags: Flags, masks: Counts, window: range) -> None:
        """Flag whoever has a day of a mask within a window of days after joining."""
        near = self.within(window)
        joined = self.joined[near] - self.span.days.start
        bits = _bits(joined + window.start, joined + window.stop, len(self.span.days))
        flags[self.who[near][masks[self.rows[near]] & bits != 0]] = True


def _of_arrivals(who: Arrivals, spans: Sequence[MemberSpan]) -> Iterator[_There]:
    """Those who joined in each span."""
    members, row_of_join = np.unique(who.members, return_inverse=True)
    ids, rows = rows_of([members, *(span.members for span in spans)])
    by_day = np.argsort(who.days)
    for span, row in zip(spans, rows[1:], strict=True):
        place = np.full(len(ids), -1, np.intp)
        place[row] = np.arange(len(row), dtype=np.intp)
        at = place[rows[0][row_of_join[by_day]]]
        there = by_day[at >= 0]
        yield _There(span, there, at[at >= 0], who.days[there])


def _bits(start: Days, stop: Days, most: int) -> Counts:
    """Masks of the days of a span from one (counted from its first) on up to another."""
    one = np.int64(1)
    lowest, highest = np.minimum(np.maximum(start, 0), most), np.minimum(np.maximum(stop, 0), most)
    return ((one << highest) - (one << lowest)).astype(np.uint32)


def _add_first_messages(messages: Days, there: _There) -> None:
    """Add what each wrote on the day of joining."""
    new = there.within(_FIRST_DAY)
    who, rows, joined = there.who[new], there.rows[new], there.joined[new]
    if not len(who):
        return
    for day, wrote, numbers in there.span.messages_by_day():
        today = slice(*np.searchsorted(joined, [day, day + 1]).tolist())
        if len(wrote) and today.start < today.stop:
            at = np.minimum(np.searchsorted(wrote, rows[today]), len(wrote) - 1)
            did = wrote[at] == rows[today]
            messages[who[today][did]] += numbers[at[did]]
