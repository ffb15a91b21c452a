"""Warnings that moderators recorded: who was warned, by whom, in which category. No words are kept."""

from datetime import datetime
from typing import Literal, get_args

import msgspec

from schemas.collection import Collection, Document, Index, Retention

WarningCategory = Literal[
    "none", "spam", "advertising", "insult", "harassment", "hate", "indecent", "offTopic", "other"
]
WARNING_CATEGORIES: tuple[WarningCategory, ...] = get_args(WarningCategory)
"""``none``: the moderator chose no category."""
WarningResolution = Literal["settled", "withdrawn", "escalated"]
WARNING_RESOLUTIONS: tuple[WarningResolution, ...] = get_args(WarningResolution)


class MemberWarning(Document):
    """A warning; open until ``resolved_at``. Members are pseudonyms."""

    id: str = msgspec.field(name="_id")
    schema_version: int
    guild_id: str
    case_id: str
    user_id: str
    moderator_id: str
    category: WarningCategory
    at: datetime
    resolved_at: datetime | None
    resolved_by: str | None
    resolution: WarningResolution | None


WARNINGS = Collection(
    "warnings",
    MemberWarning,
    (Index((("guildId", 1), ("userId", 1), ("at", -1))), Index((("guildId", 1), ("moderatorId", 1)))),
    Retention("members", "at"),
)
