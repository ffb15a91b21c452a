"""Invites, and how many members came by each on which day."""

from datetime import datetime

import msgspec

from schemas.collection import Collection, Document, Index, Retention
from schemas.day_slices import DaySlice


class Invite(Document):
    """How often an invite had been used when it was last read, so that only later uses count.

    ``_id`` holds a keyed hash of its code. ``user_id`` is the inviter's pseudonym (None: unknown, or a bot).
    """

    id: str = msgspec.field(name="_id")
    guild_id: str
    user_id: str | None
    uses: int
    seen_at: datetime


class InviteDay(DaySlice):
    """Joins by an invite on a day. The server's own address has a code and nobody who invited."""

    code: str
    user_id: str | None
    joins: int


INVITES = Collection(
    "invites", Invite, (Index((("guildId", 1), ("userId", 1))),), Retention("members", "seenAt")
)
INVITE_DAYS = Collection(
    "inviteDays",
    InviteDay,
    (Index((("guildId", 1), ("zone", 1), ("day", 1))), Index((("guildId", 1), ("userId", 1)))),
    Retention("members", "day"),
)
