"""Reactions to messages."""

import msgspec


class ReactionAdded(msgspec.Struct, array_like=True, tag=5, frozen=True, gc=False):
    """A member put an emoji (its characters, or the id of a custom one) on a message.

    ``message`` and ``reaction`` (message, emoji and member) are keyed hashes. ``author``: 0 for a bot or
    unknown. ``sent_zone``, ``sent_day`` and ``sent_hour`` label the message (hour -1: unknown).
    """

    guild: int
    channel: int
    thread: int
    kind: int
    message: int
    author: int
    sent_zone: int
    sent_day: int
    member: int
    reaction: int
    emoji: str
    at: int
    zone: int
    day: int
    hour: int
    sent_hour: int = -1


class ReactionRemoved(msgspec.Struct, array_like=True, tag=6, frozen=True, gc=False):
    """A member's emoji was taken off a message."""

    guild: int
    message: int
    member: int
    reaction: int
    at: int


class ReactionsCleared(msgspec.Struct, array_like=True, tag=7, frozen=True, gc=False):
    """A moderator took all emoji off a message, or (``emoji`` is not empty) all of one kind."""

    guild: int
    message: int
    emoji: str
    at: int


Reaction = ReactionAdded | ReactionRemoved | ReactionsCleared
"""What is counted against what is known of the message: see ``bot.ingest.books.reactions``."""
