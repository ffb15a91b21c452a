"""What the view of growth says; None is unknown."""

import msgspec

from schemas.results.board import Head
from schemas.results.curve import Curve


class Churn(msgspec.Struct, frozen=True, rename="camel"):
    """Of those who were ``there`` at the beginning, how many were gone at the end.

    ``rate`` is the share of that in 30 days: of 1 - (1 - lost / there) ** (30 / days).
    """

    lost: int
    there: int
    rate: float


class Flow(msgspec.Struct, frozen=True, rename="camel"):
    """Who came and went in a period; ``unknown`` joins are those of which nobody knows the way."""

    joins: int
    rejoins: int
    leaves: int
    by_invite: int
    by_address: int
    unknown: int
    churned: Churn | None

    @property
    def churn(self) -> float | None:
        """The rate of churn, for 30 days."""
        return None if self.churned is None else self.churned.rate

    @property
    def net(self) -> int:
        """By how many the server grew."""
        return self.joins - self.leaves


class FlowCurves(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The same by bucket; ``members`` is the level at its end, ``churn`` that in a bucket, not in 30 days."""

    members: Curve
    joins: Curve
    leaves: Curve
    net: Curve
    churn: Curve
    by_invite: Curve
    by_address: Curve
    unknown: Curve


class MemberGrowth(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """How membership moved; ``members_before``: at the beginning of the period."""

    head: Head
    members: int | None
    members_before: int | None
    flow: Flow | None
    previous: Flow | None
    curves: FlowCurves
