"""Threads and forum posts."""

import msgspec


class ThreadSeen(msgspec.Struct, array_like=True, tag=19, frozen=True, gc=False):
    """What a thread or forum post looks like at ``at``.

    ``live``: an event says so, not a list. ``creator`` 0: a bot, or unknown. ``changed`` is when it was last
    archived or opened again, ``last`` when the last message was sent, ``idle`` after how long without any
    Discord archives it (all ms). ``tagged``: it has a tag that says solved. Labels are of the creation, of
    the change, and of ``at``.
    """

    guild: int
    channel: int
    thread: int
    kind: int
    creator: int
    live: bool
    archived: bool
    locked: bool
    tagged: bool
    created: int
    changed: int
    last: int
    idle: int
    at: int
    created_label: tuple[int, int, int]
    changed_label: tuple[int, int, int]
    label: tuple[int, int, int]


class ThreadJoined(msgspec.Struct, array_like=True, tag=20, frozen=True, gc=False):
    """A member joined a thread; ``joining`` is a keyed hash of both."""

    guild: int
    channel: int
    thread: int
    kind: int
    member: int
    joining: int
    at: int
    zone: int
    day: int
    hour: int


class ThreadDeleted(msgspec.Struct, array_like=True, tag=21, frozen=True, gc=False):
    """A thread was deleted."""

    guild: int
    channel: int
    thread: int
    kind: int
    at: int
    zone: int
    day: int
    hour: int


ThreadActivity = ThreadSeen | ThreadJoined | ThreadDeleted
"""What becomes of a thread: see ``bot.ingest.books.threads``."""
