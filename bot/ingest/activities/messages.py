"""Messages that members send."""

from enum import IntEnum, IntFlag
from typing import cast

import msgspec

from schemas.channel_stats import ChannelType


class ChannelKind(IntEnum):
    """Type of the channel that a message counts for."""

    TEXT = 0
    VOICE = 1
    STAGE = 2
    FORUM = 3
    ANNOUNCEMENT = 4
    MEDIA = 5

    @property
    def stored(self) -> ChannelType:
        """The type as the database names it."""
        return cast("ChannelType", self.name)


class MessageFlag(IntFlag):
    """What a message carried; ``CONTENT_UNKNOWN``: files, embeds and polls were not shown."""

    FILES = 1
    EMBEDS = 2
    STICKERS = 4
    POLL = 8
    REPLY = 16
    FORWARD = 32
    CONTENT_UNKNOWN = 64


UNSCORED = 127
"""Sentiment of a message that was looked at and of which no word is known."""


class MessageSent(msgspec.Struct, array_like=True, tag=1, frozen=True, gc=False):
    """A member sent a message.

    ``channel`` is what it counts for (the parent of a ``thread``; 0: in no thread). ``member`` is the
    pseudonym as a number (0: nobody, as of deleted accounts). ``session`` names the gateway session that
    delivered it (0: not live, ``id`` may then be 0 for "has none"). ``at`` is in ms since 1970 UTC; ``zone``,
    ``day`` and ``hour`` are its label.
    ``sentiment`` is in hundredths from -100 to 100, or UNSCORED; None: nobody looked.
    """

    guild: int
    channel: int
    thread: int
    kind: int
    member: int
    id: int
    session: int
    at: int
    zone: int
    day: int
    hour: int
    flags: int
    sentiment: int | None = None
