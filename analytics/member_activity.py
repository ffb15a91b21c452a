"""What each member did over a period, and who did most."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from analytics.day_columns import MemberDayColumns
from analytics.packs import Ids, rows_of

_IDS = np.dtype("<u8")

Values = npt.NDArray[np.float64]
RankedBy = Literal["messages", "voice_ms", "given", "received", "days"]


@dataclass(frozen=True, slots=True, eq=False)
class MemberActivity:
    """What each member did in a period: ``days`` with any activity, ``voice_ms`` outside the AFK channel."""

    members: Ids
    days: Values
    messages: Values
    voice_ms: Values
    given: Values
    received: Values


@dataclass(frozen=True, slots=True)
class Ranked:
    """A member's place in a ranking is that in the list."""

    member: int
    value: int


def member_activity(days: Sequence[MemberDayColumns]) -> MemberActivity:
    """Sums over days; each column of days is of one local day."""
    if not days:
        return MemberActivity(np.empty(0, _IDS), *(np.empty(0) for _ in range(5)))
    ids, rows = rows_of([day.members for day in days])
    place = np.concatenate(rows)

    def summed(columns: Sequence[npt.NDArray[np.generic]]) -> Values:
        weights = np.concatenate(columns).astype(np.float64)
        return np.bincount(place, weights=weights, minlength=len(ids)).astype(np.float64)

    return MemberActivity(
        ids,
        summed([day.active_hours != 0 for day in days]),
        summed([day.messages for day in days]),
        summed([day.voice for day in days]),
        summed([day.given for day in days]),
        summed([day.received for day in days]),
    )


def top_members(activity: MemberActivity, by: RankedBy, limit: int) -> list[Ranked]:
    """Who did most, the first ``limit``; of those with as much, the lower pseudonym comes first."""
    values: Values = getattr(activity, by)
    order = np.lexsort((activity.members, -values))[:limit]
    return [Ranked(int(activity.members[at]), int(values[at])) for at in order if values[at] > 0]
