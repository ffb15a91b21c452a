"""Lifetime totals of members who have left: kept for a while, and taken up again when one comes back."""

from datetime import datetime

from schemas.collection import Collection, Index, Retention
from schemas.member_activity_stats import MemberActivityStats


class ArchivedMember(MemberActivityStats, kw_only=True):
    """A member's totals as they were, under the same id; ``left_at`` is the last leave's."""

    left_at: datetime


COLLECTION = Collection(
    "memberArchive",
    ArchivedMember,
    (
        Index((("guildId", 1), ("userId", 1)), unique=True),
        Index((("guildId", 1), ("joinTimestamp", 1), ("userId", 1))),
        Index((("guildId", 1), ("leftAt", 1), ("userId", 1))),
    ),
    Retention("left", "leftAt"),
)
