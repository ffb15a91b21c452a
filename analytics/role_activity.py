"""What some members did, by day and together."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analytics.day_columns import DatedMembers, MemberDayColumns
from analytics.local_time import HOURS_PER_DAY
from analytics.packs import Ids, distinct

Amounts = Callable[[MemberDayColumns], npt.NDArray[np.generic]]
"""How much each member of a day did of something."""


@dataclass(frozen=True, slots=True)
class Doing:
    """Amounts by the number of the day's first hour, and how many members did any of it on a day at least."""

    by_day: dict[int, int]
    members: int

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.by_day.values())


def doing(days: Iterable[DatedMembers], amounts: Amounts, kept: Ids) -> Doing:
    """What the members ``kept`` did of something."""
    by_day: dict[int, int] = {}
    who: list[Ids] = []
    for dated in days:
        ids, values = dated.columns.members, amounts(dated.columns).astype(np.int64)
        some = np.isin(ids, kept) & (values != 0)
        if some.any():
            at = dated.day * HOURS_PER_DAY
            by_day[at] = by_day.get(at, 0) + int(values[some].sum())
            who.append(ids[some & (values > 0)])
    return Doing(by_day, distinct(who))
