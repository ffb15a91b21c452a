"""What is said of members: who did most, and what one of them did."""

from datetime import datetime

import msgspec

from schemas.results.board import Head, Measure
from schemas.results.curve import Curve
from schemas.results.days import WholeDays


class Place(msgspec.Struct, frozen=True, rename="camel"):
    """A member's (pseudonym's) row; ``previous`` None: unknown."""

    member: int
    value: float
    previous: float | None


class Leaderboard(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Who did most of something in a period.

    ``total`` and ``members`` are of all who did any of it, ``rows`` the first of them. None is unknown.
    ``known_from``: what was before, in the period, is kept no longer; None: all of it is. ``days``: all of it
    is of these whole days; None: of the period.
    """

    head: Head
    metric: str
    measure: Measure
    total: float | None
    previous_total: float | None
    members: int | None
    previous_members: int | None
    rows: tuple[Place, ...]
    known_from: datetime | None = None
    days: WholeDays | None = None


class MemberFigure(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """How much of something a member did; ``ahead_of``: share of the members who did any of it that did less.

    ``ahead_of`` None: the member did nothing of it, or is the only one. None is unknown otherwise.
    """

    title: str
    measure: Measure
    value: float | None
    previous: float | None
    ahead_of: float | None


class MemberFigures(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What one member (a pseudonym) did in a period; ``known_from`` as in ``Leaderboard``.

    ``days``: the reactions received are of these whole days.
    """

    head: Head
    member: int
    figures: tuple[MemberFigure, ...]
    messages: Curve
    known_from: datetime | None = None
    days: WholeDays | None = None
