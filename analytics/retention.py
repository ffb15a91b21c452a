"""Who comes back after joining: on a day, from a day on or within days, and cohort by cohort.

The three ways have names of their own, for the same members give three very different shares. They are
those of Amplitude (return on, return on or after, custom bracket) and Mixpanel (on, on or after).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analytics.arrivals import Arrivals, Flags, came_back
from analytics.member_spans import MemberSpan
from schemas.results.arrivals import JoinCohort, Retained, Returned

_FOR_EVER = 1 << 20


@dataclass(frozen=True, slots=True)
class Way:
    """In which ``days`` after joining somebody has to be active again; asked ``over`` days after joining."""

    retained: Retained
    days: range
    over: int

    @classmethod
    def on(cls, day: int) -> "Way":
        """Bounded retention: on that day."""
        return cls(Retained.BOUNDED, range(day, day + 1), day)

    @classmethod
    def from_day(cls, day: int) -> "Way":
        """Rolling retention: on that day or on any day after it."""
        return cls(Retained.ROLLING, range(day, _FOR_EVER), day)

    @classmethod
    def within(cls, first: int, last: int) -> "Way":
        """Range retention: on any of the days."""
        return cls(Retained.RANGE, range(first, last + 1), last)


WAYS = (Way.on(30), Way.from_day(30), Way.within(1, 30), Way.within(31, 60), Way.within(61, 90))


@dataclass(frozen=True, slots=True)
class CohortDays:
    """Local days of joining of a cohort."""

    name: str
    days: range


@dataclass(frozen=True, slots=True, eq=False)
class Came:
    """Each join, whether who joined was active in each of the ``windows``, and joins as counted by day."""

    who: Arrivals
    windows: tuple[range, ...]
    active: Flags
    joins: Mapping[int, int]

    @classmethod
    def of(
        cls, who: Arrivals, spans: Sequence[MemberSpan], windows: Iterable[range], joins: Mapping[int, int]
    ) -> "Came":
        """Look once at what members did on days since, for all windows that will be asked for."""
        asked = tuple(dict.fromkeys(windows))
        return cls(who, asked, came_back(who, spans, asked), joins)

    def returned(self, way: Way, joined_on: range) -> Returned:
        """Of the joins of some days, after how many somebody came back; no days: unknown."""
        last = way.over if way.retained is Retained.RANGE else None
        if not joined_on:
            return Returned(way.retained, way.days.start, last, None, None)
        followed, (active,) = self._active(joined_on, [way.days])
        return Returned(way.retained, way.days.start, last, followed, active)

    def cohort(self, of: CohortDays, windows: Sequence[tuple[range, bool]], *, told: bool) -> JoinCohort:
        """A cohort in each window of days after joining; those marked False are unknown.

        Not ``told``: not all joins of the cohort are known, so nothing is.
        """
        if not told:
            return JoinCohort(of.name, None, None, (None,) * len(windows))
        followed, found = self._active(of.days, [window for window, _ in windows])
        active = tuple(number if known else None for number, (_, known) in zip(found, windows, strict=True))
        return JoinCohort(of.name, self._joined(of.days), followed, active)

    def _active(self, joined_on: range, windows: Sequence[range]) -> tuple[int, list[int]]:
        """How many joins of the days can be followed, and how many of them had activity in each window."""
        there = (self.who.days >= joined_on.start) & (self.who.days < joined_on.stop)
        active = self.active[there].sum(axis=0)
        return int(there.sum()), [int(active[self.windows.index(window)]) for window in windows]

    def _joined(self, days: range) -> int:
        return sum(self.joins.get(day, 0) for day in days)
