"""Who comes back after joining: in windows of days, and cohort by cohort."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from analytics.arrivals import Arrivals, Flags, came_back
from analytics.member_spans import MemberSpan
from schemas.results.arrivals import JoinCohort, Returned

WINDOWS = (range(1, 31), range(31, 61), range(61, 91))
"""Days after joining in which somebody has to be active again, for 30, 60 and 90 days."""


@dataclass(frozen=True, slots=True)
class CohortDays:
    """Local days of joining of a cohort."""

    name: str
    days: range


@dataclass(frozen=True, slots=True, eq=False)
class Came:
    """Who joined, who of them was active in each of the ``windows``, and how many joined on each day."""

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

    def returned(self, window: range, joined_on: range) -> Returned:
        """How many of those who joined on the days came back in a window of days after; no days: unknown."""
        last = window.stop - 1
        if not joined_on:
            return Returned(last, None, None)
        (active,) = self._active(joined_on, [window])
        return Returned(last, max(self._joined(joined_on), active), active)

    def cohort(self, of: CohortDays, windows: Sequence[tuple[range, bool]], *, told: bool) -> JoinCohort:
        """A cohort in each window of days after joining; those marked False are unknown.

        Not ``told``: not all joins of the cohort are known, so nothing is.
        """
        if not told:
            return JoinCohort(of.name, None, (None,) * len(windows))
        found = self._active(of.days, [window for window, _ in windows])
        active = tuple(number if known else None for number, (_, known) in zip(found, windows, strict=True))
        return JoinCohort(of.name, max([self._joined(of.days), *found]), active)

    def _active(self, joined_on: range, windows: Sequence[range]) -> list[int]:
        """How many of those who joined on the days were active in each window."""
        there = (self.who.days >= joined_on.start) & (self.who.days < joined_on.stop)
        active = self.active[there].sum(axis=0)
        return [int(active[self.windows.index(window)]) for window in windows]

    def _joined(self, days: range) -> int:
        return sum(self.joins.get(day, 0) for day in days)
