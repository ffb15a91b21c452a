"""What is known of a poll that has votes, so that taking one back undoes what giving it did.

As in ``schemas.message_states`` no message and no member can be read out of it without the key.
"""

from datetime import datetime

import msgspec

from schemas.collection import Collection, Document, Index


class PollState(Document):
    """A poll; columns of u64: the votes (hashed), and the hour that each counts for."""

    id: str = msgspec.field(name="_id")
    guild_id: str
    channel_id: str
    kind: int
    votes: bytes
    hours: bytes
    expires_at: datetime


POLL_STATES = Collection("pollStates", PollState, (Index((("expiresAt", 1),), expire_after=0),))
