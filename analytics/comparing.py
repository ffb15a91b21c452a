"""Figures that are set side by side: of members with a role, of the member in the middle, of two periods."""

from dataclasses import dataclass

import numpy as np

from analytics.member_activity import MemberActivity, RankedBy, Values, of_members
from analytics.packs import Ids
from schemas.results.curve import Curve


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """How much of something a group of ``members`` did, and how many did any; ``median`` is that of these."""

    members: int
    total: float
    doing: int
    median: float | None

    @property
    def mean(self) -> float | None:
        """How much a member did; None: there is no member."""
        return self.total / self.members if self.members else None

    @property
    def share(self) -> float | None:
        """Share of the members who did any of it; None: there is no member."""
        return self.doing / self.members if self.members else None


def group_figures(activity: MemberActivity, group: Ids, by: RankedBy) -> GroupFigures:
    """Figures of the members of a group; who did nothing is in it, too."""
    values: Values = getattr(of_members(activity, group), by)
    return GroupFigures(len(group), float(values.sum()), int(np.count_nonzero(values > 0)), _median(values))


def median_of(activity: MemberActivity, by: RankedBy) -> float | None:
    """What the member in the middle did, of those who did any of it; None: nobody did."""
    values: Values = getattr(activity, by)
    return _median(values)


def median_a_day(activity: MemberActivity, by: RankedBy) -> float | None:
    """As ``median_of``, of what each did on a day on which they were active."""
    values: Values = getattr(activity, by)
    there = activity.days > 0
    return _median(values[there] / activity.days[there])


def running_sum(curve: Curve) -> Curve:
    """How much it had come to by the end of each bucket; unknown before the first that is known."""
    previous = None if curve.previous is None else _running(curve.previous)
    return Curve(
        curve.bucket, curve.starts, _running(curve.values), previous, partial_last=curve.partial_last
    )


def _running(values: tuple[float | None, ...]) -> tuple[float | None, ...]:
    sums: list[float | None] = []
    reached: float | None = None
    for value in values:
        if value is not None:
            reached = value if reached is None else reached + value
        sums.append(reached)
    return tuple(sums)


def _median(values: Values) -> float | None:
    some = values[values > 0]
    return float(np.median(some)) if some.size else None
