"""What is said of one channel."""

from datetime import datetime

import msgspec

from schemas.results.board import Head


class OneChannel(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A channel's messages in a period; ``place`` is that among the channels with any (None: it has none).

    None is unknown; ``previous`` is the period before. ``messages_by`` is by ``bucket``.
    """

    head: Head
    channel: int
    name: str | None
    messages: int
    previous: int | None
    whole: int
    active_days: int
    previous_active_days: int | None
    place: int | None
    channels: int
    bucket: str
    bucket_starts: tuple[datetime, ...]
    messages_by: tuple[int | None, ...]
