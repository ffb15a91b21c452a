"""Member categories over 7-day periods: who is new, steady, vital, on the way out, or silent.

The words and thresholds are those of RnDAO's TogetherCrew, as its published ``tc_core_analyzer_lib``
(``assess_engagement`` with the default parameters: CON 3 of 4, VITAL 3 of 4, STILL 2 of 2, DROP 2 and 1,
PAUSED 1) computes them. Of period t, with a(t) for active in it:

    vital            connected in 3 of t - 3 ... t
    still active     newly(t - 2), a(t - 1) and a(t)
    consistently     a in 3 of t - 3 ... t
    newly(t)         a(t), and in none of the HISTORY periods before
    dropped          newly(t - 1) or newly(t - 2), not a(t)
    disengaged       a in one of the HISTORY periods before, neither a(t - 1) nor a(t)
    occasional       a(t) or a(t - 1), and nothing of the above
    lurker           a member who was active in none of HISTORY + 1 periods

It differs in three things. A member is connected there who has 5 interactions with each of 5 others; whom
members answer is not kept here, so it is who has as many interactions as that takes (``CONNECTED``), with
whomever: messages, reactions given and received, and hours with time in voice. Members are in one category
only, the first in this order that fits, so that the categories add up. And it looks back HISTORY periods, not
to the beginning. Who has left by the end of a period is in none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.member_spans import MemberSpan
from analytics.packs import Ids, rows_of
from schemas.results.categories import Categories

PERIOD_DAYS = 7
HISTORY = 11
"""Periods that are looked back, 84 days with the present one: leavers are known for 90. Before is never."""
BEFORE = HISTORY + 2
"""Periods before the first one that is told: two for who was new two periods ago."""
LEAST_BEFORE = 4
"""Periods before one that have to be known to tell anything of it."""
CONNECTED = 25
"""Interactions of 5 with each of 5 others."""
_STEADY = 3
_OF = 4

Flags = npt.NDArray[np.bool_]
Matrix = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Weeks:
    """Periods of 7 local days, the last of which ends before the day ``end``: a row each, a column a member.

    ``known``: from which of them on it is known what members did. ``gone`` is the period by the end of which
    a member had left; their number where none had.
    """

    active: Matrix
    connected: Matrix
    gone: npt.NDArray[np.int64]
    known: int

    @classmethod
    def of(
        cls, spans: Sequence[MemberSpan], end: int, count: int, left: Mapping[int, int], since: int | None
    ) -> "Weeks":
        """Put days into periods; ``left`` are days of leaving, ``since`` is the first known day."""
        first = end - count * PERIOD_DAYS
        ids, rows = rows_of([span.members for span in spans])
        active = np.zeros((count, len(ids)), np.bool_)
        interactions = np.zeros((count, len(ids)), np.int64)
        for span, row in zip(spans, rows, strict=True):
            touched = _periods(span, first, count)
            mask, sums = span.active, np.zeros((len(touched), len(row)), np.int64)
            for day, there, numbers in span.interactions_by_day():
                if first <= day < end:
                    sums[(day - first) // PERIOD_DAYS - touched.start, there] += numbers
            for period, sum_of in zip(touched, sums, strict=True):
                start = first + period * PERIOD_DAYS
                active[period, row[mask & span.of_days(range(start, start + PERIOD_DAYS)) != 0]] = True
                interactions[period, row] += sum_of
        gone = _gone(ids, {who: (day - first) // PERIOD_DAYS for who, day in left.items()}, count)
        known = count if since is None else min(max(-(-(since - first) // PERIOD_DAYS), 0), count)
        return cls(active, interactions >= CONNECTED, gone, known)

    def told(self, members: Sequence[int | None]) -> tuple[Categories | None, ...]:
        """Categories of the last periods, as many as there are numbers of ``members`` at their ends.

        None where too little is known of the time before.
        """
        first = len(self.active) - len(members)
        return tuple(
            self._of(period, number) if period >= self.known + LEAST_BEFORE else None
            for period, number in enumerate(members, first)
        )

    def _of(self, period: int, members: int | None) -> Categories:
        here: Flags = self.gone > period
        counts = {}
        left = here
        for name, flags in self._fitting(period):
            counts[name] = int(np.count_nonzero(left & flags))
            left = left & ~flags
        seen = int(np.count_nonzero(here & self._any(period - HISTORY, period + 1)))
        return Categories(**counts, lurkers=None if members is None or members < seen else members - seen)

    def _fitting(self, period: int) -> Iterator[tuple[str, Flags]]:
        active, of = self.active, slice(max(period - _OF + 1, 0), period + 1)
        now, before = active[period], active[period - 1]
        new_before = self._newly(period - 2)
        yield "vital", self.connected[of].sum(axis=0) >= _STEADY
        yield "still", new_before & before & now
        yield "consistent", active[of].sum(axis=0) >= _STEADY
        yield "newly", self._newly(period)
        yield "dropped", (new_before | self._newly(period - 1)) & ~now
        yield "disengaged", self._any(period - HISTORY, period) & ~before & ~now
        yield "occasional", now | before

    def _newly(self, period: int) -> Flags:
        new: Flags = self.active[period] & ~self._any(period - HISTORY, period)
        return new

    def _any(self, start: int, stop: int) -> Flags:
        return np.asarray(self.active[max(start, 0) : stop].any(axis=0))


def _periods(span: MemberSpan, first: int, count: int) -> range:
    """Periods, of as many from a day on, that have days in common with a span."""
    start, stop = (span.days.start - first) // PERIOD_DAYS, -(-(span.days.stop - first) // PERIOD_DAYS)
    return range(max(start, 0), max(min(stop, count), 0))


def _gone(ids: Ids, left: Mapping[int, int], never: int) -> npt.NDArray[np.int64]:
    """Period by the end of which each had left."""
    who = np.array(sorted(left), ids.dtype)
    gone = np.full(len(ids), never, np.int64)
    if len(who):
        places = np.minimum(np.searchsorted(who, ids), len(who) - 1)
        there: Flags = who[places] == ids
        gone[there] = np.array([left[each] for each in who.tolist()], np.int64)[places[there]]
    return gone
