"""What each member did over a period, and where one stands among them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from analytics.member_spans import MemberSpan
from analytics.packs import Ids, rows_of

_IDS = np.dtype("<u8")

Values = npt.NDArray[np.float64]
RankedBy = Literal["days", "messages", "voice_ms", "given", "received"]
RANKED_BY: tuple[RankedBy, ...] = get_args(RankedBy)
_COLUMNS: Mapping[RankedBy, Callable[[MemberSpan], npt.NDArray[Any]]] = MappingProxyType(
    {
        "days": lambda span: np.bitwise_count(span.active),
        "messages": lambda span: span.messages,
        "voice_ms": lambda span: span.voice,
        "given": lambda span: span.given,
        "received": lambda span: span.received,
    }
)


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
class Standing:
    """How much a member did; ``ahead_of`` is the share of the others who did any of it that did less.

    It is None where the member did nothing, or nobody else anything.
    """

    value: float
    ahead_of: float | None


def standing(activity: MemberActivity, member: int, by: RankedBy) -> Standing:
    """Where a member stands, without saying who stands elsewhere."""
    values: Values = getattr(activity, by)
    own = float(values[activity.members == member].sum())
    others = values[(activity.members != member) & (values > 0)]
    if own <= 0 or not others.size:
        return Standing(own, None)
    return Standing(own, float(np.count_nonzero(others < own)) / others.size)


def values_of(activity: MemberActivity, by: RankedBy) -> dict[int, float]:
    """How much each member did, of those who did any of it."""
    values: Values = getattr(activity, by)
    some = values > 0
    return dict(zip(activity.members[some].tolist(), values[some].tolist(), strict=True))


def of_members(activity: MemberActivity, members: Ids) -> MemberActivity:
    """What some members did."""
    there = np.isin(activity.members, members)
    return MemberActivity(
        activity.members[there],
        activity.days[there],
        activity.messages[there],
        activity.voice_ms[there],
        activity.given[there],
        activity.received[there],
    )


def with_received(activity: MemberActivity, other: MemberActivity) -> MemberActivity:
    """What members did, with the reactions that they received of another reading."""
    ids, (rows, others) = rows_of([activity.members, other.members])

    def placed(values: Values, at: npt.NDArray[np.intp]) -> Values:
        found = np.zeros(len(ids))
        found[at] = values
        return found

    return MemberActivity(
        ids,
        placed(activity.days, rows),
        placed(activity.messages, rows),
        placed(activity.voice_ms, rows),
        placed(activity.given, rows),
        placed(other.received, others),
    )


def messages_by_day(spans: Sequence[MemberSpan], member: int) -> dict[int, int]:
    """A member's messages by local day."""
    found: dict[int, int] = {}
    for span in spans:
        for row in np.flatnonzero(span.members == member):
            for day, rows, numbers in span.messages_by_day():
                found[day] = found.get(day, 0) + int(numbers[rows == row].sum())
    return found


def member_activity(spans: Sequence[MemberSpan], only: Collection[RankedBy] = RANKED_BY) -> MemberActivity:
    """Sums over spans. What is not in ``only`` is 0."""
    if not spans:
        return MemberActivity(np.empty(0, _IDS), *(np.empty(0) for _ in range(5)))
    ids, rows = rows_of([span.members for span in spans])
    place = np.concatenate(rows)

    def summed(by: RankedBy) -> Values:
        if by not in only:
            return np.zeros(len(ids))
        column = _COLUMNS[by]
        weights = np.concatenate([column(span) for span in spans])
        return np.bincount(place, weights=weights, minlength=len(ids)).astype(np.float64)

    return MemberActivity(ids, *(summed(by) for by in RANKED_BY))
