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


class VoiceTimes(Document):
    """Time in voice in ms, exact; what nothing was added to is missing.

    ``ms`` is all of it, also that of the parts told apart after it, and ``hours`` the same by hour; views
    take ``afk_ms`` and ``afk_hours`` (by hour) off. ``visits``: how often somebody came. ``channels`` are
    for members, ``peak`` (the most people at once) for channels.
    """

    ms: int = 0
    visits: int = 0
    afk_ms: int = 0
    deafened_ms: int = 0
    alone_ms: int = 0
    streaming_ms: int = 0
    stage_ms: int = 0
    peak: int = 0
    channels: dict[str, int] = msgspec.field(default_factory=dict)
    hours: dict[str, int] = msgspec.field(default_factory=dict)
    afk_hours: dict[str, int] = msgspec.field(default_factory=dict)


class SentimentSums(Document):
    """Sentiment of a channel's messages of one day, where an admin has switched it on; no text, no member.

    ``looked_at`` messages, of which ``scored`` have a word that is known; of these ``positive`` and
    ``negative`` ones, the rest being neutral, and the sum of all scores in ``hundredths``.
    """

    looked_at: int = 0
    scored: int = 0
    positive: int = 0
    negative: int = 0
    hundredths: int = 0


class MemberDay(DaySlice):
    """What one member did on one day. A reaction taken back is no longer on the day on which it was given.

    ``reaction_hours``: the reactions given by hour. Like ``voice.afkHours`` it sums to less than its total
    where version 0.1 has counted: the hours of the rest are unknown.
    """

    user_id: str
    messages: int
    thread_messages: int
    channels: dict[str, int]
    hours: dict[str, int]
    voice: VoiceTimes = msgspec.field(default_factory=VoiceTimes)
    reactions_given: int = 0
    reactions_received: int = 0
    poll_votes: int = 0
    edits: int = 0
    threads_created: int = 0
    threads_joined: int = 0
    reaction_hours: dict[str, int] = msgspec.field(default_factory=dict)


class ChannelDay(DaySlice):
    """What happened in one channel, its threads included, on one day.

    ``content_unknown`` counts the messages of which it is not known whether they carry files, embeds or a
    poll: Discord hides these without the message content intent (but not stickers), a file may not tell them.
    ``reactions`` were given on the day; ``with_reactions`` are messages sent on the day that have any.
    ``edits`` and ``deletions`` (``bulk_deletions``: of several at once) happened on the day; ``threads`` were
    created on it. ``sentiment`` lacks where nobody looked.
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
    voice: VoiceTimes = msgspec.field(default_factory=VoiceTimes)
    reactions: int = 0
    with_reactions: int = 0
    poll_votes: int = 0
    edits: int = 0
    deletions: int = 0
    bulk_deletions: int = 0
    threads: int = 0
    sentiment: SentimentSums = msgspec.field(default_factory=SentimentSums)


class Gauge(Document):
    """A value read at an instant; of several in an hour the latest stands."""

    at: datetime
    value: int


class GuildDay(DaySlice):
    """The server's day; ``members`` and ``voice`` (how many are in voice) are levels by hour.

    ``counts``: sums by name (``schemas.guild_day_names``) and hour.

    ``roles_given``, ``roles_taken``: how many members got or lost each role, by its id.

    ``voice_peaks``: the most people in voice at once by hour; ``voice_peak`` is that of the day.

    ``emoji``: reactions given with each emoji (its characters, or a custom one's id).

    ``revision`` grows with every commit that touches any slice of the day.

    ``dirty`` says that the day's packs, if there are any, are of an earlier revision.

    ``due`` names the intervals (``schemas.guild_activity_snapshots``) whose snapshots have to be made or made
    again since the day has changed; ``1h`` goes with ``1d``.

    ``archive`` names the file that holds the day's members and channels; here is what came later.
    """

    revision: int
    dirty: bool
    due: list[str] = msgspec.field(default_factory=list)
    archive: str | None = None
    members: dict[str, Gauge] = msgspec.field(default_factory=dict)
    voice: dict[str, Gauge] = msgspec.field(default_factory=dict)
    voice_peak: int | None = None
    voice_peaks: dict[str, int] = msgspec.field(default_factory=dict)
    emoji: dict[str, int] = msgspec.field(default_factory=dict)
    counts: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)
    active_threads: dict[str, Gauge] = msgspec.field(default_factory=dict)
    categories: dict[str, Gauge] = msgspec.field(default_factory=dict)
    text_channels: dict[str, Gauge] = msgspec.field(default_factory=dict)
    voice_channels: dict[str, Gauge] = msgspec.field(default_factory=dict)
    stage_channels: dict[str, Gauge] = msgspec.field(default_factory=dict)
    forum_channels: dict[str, Gauge] = msgspec.field(default_factory=dict)
    roles_given: dict[str, int] = msgspec.field(default_factory=dict)
    roles_taken: dict[str, int] = msgspec.field(default_factory=dict)


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
    (
        _BY_DAY,
        Index((("dirty", 1), ("day", 1)), only=("dirty", True)),
        Index((("due", 1), ("day", 1))),
    ),
    Retention("totals", "day"),
)
