"""What makes every event count exactly once: watermarks, leases, coverage, import progress."""

from datetime import datetime

import msgspec

from schemas.collection import Collection, Document, Index


class Watermark(Document):
    """How far a journal has been folded into the database."""

    id: str = msgspec.field(name="_id")
    segment: int
    offset: int
    updated_at: datetime


class Takeover(Document):
    """A lease of ``owner`` had expired and was taken over by another."""

    owner: str
    epoch: int
    at: datetime


class Lease(Document):
    """Who may write the servers of ``shards`` out of ``shard_count``, and the single ``servers``.

    ``epoch`` grows with every lease; the document named ``register`` holds the last one given, and which
    leases were taken over from another owner.
    """

    id: str = msgspec.field(name="_id")
    owner: str
    epoch: int
    expires_at: datetime
    beat: int
    shards: list[int] = msgspec.field(default_factory=list)
    shard_count: int = 1
    servers: list[str] = msgspec.field(default_factory=list)
    takeovers: list[Takeover] = msgspec.field(default_factory=list)


class UncountedRange(Document):
    """Message ids strictly between ``after`` and ``before`` are not counted, but for those in ``counted``.

    ``counted`` is a packed column of little-endian u64.
    """

    after: int
    before: int
    counted: bytes


class ChannelCoverage(Document):
    """Which message ids of a channel or thread are counted.

    Ids up to ``floor`` are settled: counted or in a range. Above it exactly those in ``recent`` (packed u64)
    are counted. ``session`` is the gateway session that last counted here. ``revision`` grows with each
    change. Every thread archived before ``archived`` (private ones: ``archived_private``), in ms since 1970,
    has a document of its own; 0: they were never listed.
    """

    id: str = msgspec.field(name="_id")
    guild_id: str
    channel_id: str
    session: int
    floor: int
    recent: bytes
    uncounted: list[UncountedRange]
    revision: int = 0
    archived: int = 0
    archived_private: int = 0


class FileImport(Document):
    """Progress of one file into one server.

    Its first ``index`` rows, that is ``offset`` bytes whose SHA-256 is ``digest``, are counted.
    """

    id: str = msgspec.field(name="_id")
    guild_id: str
    index: int
    offset: int
    digest: bytes
    updated_at: datetime


WATERMARKS = Collection("watermarks", Watermark)
LEASES = Collection("leases", Lease, backed_up=False)
COVERAGE = Collection("coverage", ChannelCoverage, (Index((("guildId", 1), ("channelId", 1)), unique=True),))
IMPORTS = Collection("imports", FileImport, (Index((("guildId", 1),)),))
