"""What the views of newcomers and of retention say; None is unknown."""

import msgspec

from schemas.results.board import Head
from schemas.results.curve import Curve
from schemas.results.days import WholeDays


class FirstSteps(msgspec.Struct, frozen=True, rename="camel"):
    """Of ``joined`` newcomers: who wrote or spoke on the day of joining, and who was activated on it.

    ``in_week``: who wrote or spoke in the first week, of ``joined_a_week_ago``.
    """

    joined: int
    on_day: int
    activated: int
    in_week: int
    joined_a_week_ago: int


class Newcomers(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What those did who joined in a period; the curves go by the day of joining.

    ``spoke`` wrote or spoke on that day and were not activated, ``silent`` did neither. ``days``: who joined
    on these whole days is meant; None: on those of the period, or it is unknown.
    """

    head: Head
    steps: FirstSteps | None
    previous: FirstSteps | None
    activated: Curve
    spoke: Curve
    silent: Curve
    days: WholeDays | None = None


class Returned(msgspec.Struct, frozen=True, rename="camel"):
    """Of ``joined`` members, how many were active again in the days up to ``days`` after joining."""

    days: int
    joined: int | None
    active: int | None


class JoinCohort(msgspec.Struct, frozen=True, rename="camel"):
    """Those who joined in a week or month; ``active`` in each 7 or 30 days since, as far as they are over."""

    name: str
    joined: int | None
    active: tuple[int | None, ...]


class MemberRetention(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Who came back after joining; ``unit`` is that of the cohorts, week or month."""

    head: Head
    returned: tuple[Returned, ...]
    unit: str
    cohorts: tuple[JoinCohort, ...]
