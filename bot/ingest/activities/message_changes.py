"""What becomes of messages."""

import msgspec


class MessageEdited(msgspec.Struct, array_like=True, tag=16, frozen=True, gc=False):
    """A member changed a message at ``edited`` (ms); the label is of that instant."""

    guild: int
    channel: int
    kind: int
    member: int
    id: int
    edited: int
    at: int
    zone: int
    day: int
    hour: int


class PreviewShown(msgspec.Struct, array_like=True, tag=17, frozen=True, gc=False):
    """Discord added the preview of a link to a member's message; time and label are those of its sending."""

    guild: int
    channel: int
    kind: int
    id: int
    at: int
    zone: int
    day: int
    hour: int


class MessageDeleted(msgspec.Struct, array_like=True, tag=18, frozen=True, gc=False):
    """Somebody's message was deleted; ``bulk``: 0 alone, 1 with others, 2 as the first of them."""

    guild: int
    channel: int
    kind: int
    id: int
    bulk: int
    at: int
    zone: int
    day: int
    hour: int


MessageChange = MessageEdited | PreviewShown | MessageDeleted
"""What becomes of a message: see ``bot.ingest.books.message_changes``."""
