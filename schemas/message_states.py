"""What is known of a message that has reactions, so that taking them off undoes what putting them on did.

No message, author or member can be read out of it without the key: ``_id`` and the reactions' ids are keyed
hashes, and ``author`` is a pseudonym.
"""

from datetime import datetime

import msgspec

from schemas.collection import Collection, Document, Index


class EmojiReactions(Document):
    """One emoji on the message; columns of u64: who gave it (hashed), and the hour that it counts for."""

    emoji: str
    ids: bytes
    hours: bytes


class MessageState(Document):
    """A message with reactions; forgotten some time after the last change, at ``expires_at``.

    ``sent_hour`` is the local hour in which it was sent; -1: unknown, in documents of version 0.1.
    """

    id: str = msgspec.field(name="_id")
    guild_id: str
    channel_id: str
    thread_id: str | None
    kind: int
    author: str | None
    sent_zone: int
    sent_day: datetime
    reactions: list[EmojiReactions]
    expires_at: datetime
    sent_hour: int = -1


MESSAGE_STATES = Collection(
    "messageStates",
    MessageState,
    # no retention of the host's: each says itself when it is forgotten
    (Index((("expiresAt", 1),), expire_after=0), Index((("guildId", 1), ("author", 1)))),
)
