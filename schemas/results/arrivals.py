"""What the views of newcomers and of retention say; None is unknown."""

from enum import StrEnum

import msgspec

from schemas.results.board import Head
from schemas.results.curve import Curve
from schemas.results.days import WholeDays


class FirstSteps(msgspec.Struct, frozen=True, rename="camel"):
    """Of ``followed`` newcomers: who wrote or spoke on the day of joining, and who was activated on it.

    ``in_week``: who wrote or spoke in the first week, of ``followed_for_a_week``. ``joined`` are all joins;
    of those that are not followed it is not known who it was.
    """

    joined: int
    followed: int
    on_day: int
    activated: int
    in_week: int
    followed_for_a_week: int


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


class Retained(StrEnum):
    """When somebody who joined has to be active again."""

    BOUNDED = "bounded"
    """On one day (N-day retention)."""
    ROLLING = "rolling"
    """On that day or on any day after it (unbounded retention)."""
    RANGE = "range"
    """On any of some days (bracket retention)."""


class Returned(msgspec.Struct, frozen=True, rename="camel"):
    """Of ``followed`` joins, after how many somebody was active again from day ``first`` on.

    ``last`` is the last day of a range, and None for the other ways.
    """

    retained: Retained
    first: int
    last: int | None
    followed: int | None
    active: int | None


class JoinCohort(msgspec.Struct, frozen=True, rename="camel"):
    """Those who joined in a week or month; ``active`` in each 7 or 30 days since, as far as they are over.

    ``active`` are some of the ``followed``; of the rest of ``joined`` it is not known who it was.
    ``partial``: the period ends before the week or month does, so more may have joined in it.
    """

    name: str
    joined: int | None
    followed: int | None
    active: tuple[int | None, ...]
    partial: bool = False


class MemberRetention(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Who came back after joining; ``unit`` is that of the cohorts, week or month."""

    head: Head
    returned: tuple[Returned, ...]
    unit: str
    cohorts: tuple[JoinCohort, ...]
