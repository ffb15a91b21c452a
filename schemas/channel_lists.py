"""A server's channels as they were last listed, by which the next list shows what has changed."""

from datetime import datetime

import msgspec

from schemas.collection import Collection, Document


class KnownChannel(Document):
    """A channel or category (``kind`` -1); ``name`` is a keyed hash, ``category`` 0: in none."""

    channel_id: str
    kind: int
    name: str
    category: str


class GoneChannel(Document):
    """A deleted channel, and the hour at which that counts."""

    channel_id: str
    zone: int
    day: datetime
    hour: int


class ChannelList(Document):
    """One server's channels in the order in which they are shown, listed ``at``."""

    id: str = msgspec.field(name="_id")
    guild_id: str
    at: datetime
    channels: list[KnownChannel]
    gone: list[GoneChannel]


CHANNEL_LISTS = Collection("channelLists", ChannelList)
