"""What counted of a message that was changed or deleted, or that has embeds, so that it counts once.

It names the message and no person, and is forgotten a day after the last event.
"""

from datetime import datetime

import msgspec

from schemas.collection import Collection, Document, Index


class MessageMark(Document):
    """``sent_with_embeds``: counted with the message; ``previewed``: counted when the preview came."""

    id: str = msgspec.field(name="_id")
    guild_id: str
    edited_at: datetime | None
    sent_with_embeds: bool
    previewed: bool
    deleted: bool
    expires_at: datetime


MESSAGE_MARKS = Collection(
    "messageMarks",
    MessageMark,
    # no retention of the host's: each says itself when it is forgotten
    (Index((("expiresAt", 1),), expire_after=0),),
)
