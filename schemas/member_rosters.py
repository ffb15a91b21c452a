"""How far a server's joins and leaves are known."""

from datetime import datetime

import msgspec

from schemas.collection import Collection, Document


class MemberRoster(Document):
    """The member list was last compared as a whole at ``compared_at``.

    Every join up to ``known_until`` (Discord's clock) is known. ``heard_at``: until then Discord told of
    every leave (None: unknown).
    """

    id: str = msgspec.field(name="_id")
    guild_id: str
    known_until: datetime
    compared_at: datetime
    heard_at: datetime | None = None


COLLECTION = Collection("memberRosters", MemberRoster)
