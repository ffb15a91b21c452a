"""What the view of growth says; None is unknown."""

import msgspec

from schemas.results.board import Head
from schemas.results.curve import Curve


class Flow(msgspec.Struct, frozen=True, rename="camel"):
    """Who came and went in a period; ``unknown`` joins are those of which nobody knows the way.

    ``churn``: leaves by the members there were at its beginning.
    """

    joins: int
    rejoins: int
    leaves: int
    by_invite: int
    by_address: int
    unknown: int
    churn: float | None

    @property
    def net(self) -> int:
        """By how many the server grew."""
        return self.joins - self.leaves


class FlowCurves(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """The same by bucket; ``members`` is the level at its end, ``churn`` by the level at its beginning."""

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
