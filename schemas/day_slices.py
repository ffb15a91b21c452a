"""The counters of one local day: of a member, of a channel, of the server.

``day`` is the local calendar date, written as midnight UTC of that date. ``zone`` is the epoch of the
server's time zone setting under which the day was labelled. Maps go from the local hour (0-23).
"""

from datetime import datetime

import msgspec

from schemas.collection import Collection, Document, Index, Retention

_BY_DAY = Index((("guildId", 1), ("zone", 1), ("day", 1)))


class DaySlice(Document):
    """What names a slice."""

    id: str = msgspec.field(name="_id")
    schema_version: int
    guild_id: str
    zone: int
    day: datetime


class MemberDay(DaySlice):
    """What one member did on one day."""

    user_id: str
    messages: int
    thread_messages: int
    channels: dict[str, int]
    hours: dict[str, int]


class ChannelDay(DaySlice):
    """What happened in one channel, its threads included, on one day.

    ``content_unknown`` counts the messages of which it is not known whether they carry files, embeds or a
    poll: Discord hides these without the message content intent (but not stickers), a file may not tell them.
    """

    channel_id: str
    messages: int
    thread_messages: int
    files: int
    embeds: int
    stickers: int
    polls: int
    replies: int
    forwards: int
    content_unknown: int
    hours: dict[str, int]


class Gauge(Document):
    """A value read at an instant; of several in an hour the latest stands."""

    at: datetime
    value: int


class GuildDay(DaySlice):
    """The server's day; ``revision`` grows with every commit that touches any slice of the day.

    ``dirty`` says that the day's packs, if there are any, are of an earlier revision.
    """

    revision: int
    dirty: bool
    members: dict[str, Gauge] = msgspec.field(default_factory=dict)


MEMBER_DAYS = Collection(
    "memberDays",
    MemberDay,
    (_BY_DAY, Index((("guildId", 1), ("userId", 1), ("day", 1)))),
    Retention("members", "day"),
)
CHANNEL_DAYS = Collection(
    "channelDays",
    ChannelDay,
    (_BY_DAY, Index((("guildId", 1), ("channelId", 1), ("day", 1)))),
    Retention("totals", "day"),
)
GUILD_DAYS = Collection(
    "guildDays",
    GuildDay,
    (_BY_DAY, Index((("dirty", 1), ("day", 1)), only=("dirty", True))),
    Retention("totals", "day"),
)
