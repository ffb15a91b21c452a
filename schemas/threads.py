"""Facts of each thread and forum post: who began it, when somebody else replied, when it was solved."""

from datetime import datetime

import msgspec

from schemas.channel_stats import ChannelType
from schemas.collection import Collection, Document, Index


class EarlyAuthor(Document):
    """When a member first wrote in a thread."""

    user_id: str
    at: datetime


class Thread(Document):
    """A thread. What is None has not happened, or it is not known when.

    ``created_at`` None: only messages or members are known of it, as of a file; ``earliest`` then holds the
    first two authors, until it is known which of them is the creator. ``creator`` None: a bot, or unknown.
    ``changed_at`` is when it was last archived or opened again, ``archivings`` how often it was archived.
    ``locked`` is so now, ``was_locked`` ever; ``solved`` stays. ``messages`` are those that count. ``joined``
    members are those who came after the creator, as keyed hashes (a packed column of u64).
    """

    id: str = msgspec.field(name="_id")
    schema_version: int
    guild_id: str
    thread_id: str
    channel_id: str
    parent_type: ChannelType
    forum: bool
    creator: str | None
    created_at: datetime | None
    first_reply_at: datetime | None
    earliest: list[EarlyAuthor]
    archived: bool
    changed_at: datetime | None
    archivings: int
    locked: bool
    was_locked: bool
    locked_at: datetime | None
    solved: bool
    solved_at: datetime | None
    deleted_at: datetime | None
    messages: int
    members_joined: int
    joined: bytes


THREADS = Collection(
    "threads",
    Thread,
    # stay for good, without persons after their retention: see bot.db.cleaning
    (
        Index((("guildId", 1), ("createdAt", 1))),
        Index((("guildId", 1), ("channelId", 1), ("createdAt", 1))),
        Index((("guildId", 1), ("creator", 1))),
        Index((("guildId", 1), ("earliest.userId", 1))),
    ),
)
