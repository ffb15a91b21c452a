"""Where each counter of a delta is stored: one row a counter, so that a new one is a row and not a branch.

A row names the field of the delta's entry, its path in the day's document and its path in the lifetime
document. A field that is a map adds to the map of the same keys.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.db.keys import channel_id, member_id
from bot.ingest.activities.messages import ChannelKind
from bot.privacy.pseudonym import hexadecimal
from schemas import channel_stats, day_slices, member_activity_stats

_MS_PER_MINUTE = 60_000

Pipeline = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Counter:
    """A sum; ``weekdays`` is the lifetime map from weekday to it."""

    field: str
    day: str
    total: str | None = None
    weekdays: str | None = None


@dataclass(frozen=True, slots=True)
class Extreme:
    """The least or greatest of a value other than 0; a ``time`` is in ms here and a date there."""

    field: str
    operator: Literal["min", "max"]
    day: str | None
    totals: tuple[str, ...]
    time: bool = True


@dataclass(frozen=True, slots=True)
class Family:
    """The counters of one kind of activity: ``days`` is the delta's dictionary of them."""

    days: str
    counters: tuple[Counter, ...]
    extremes: tuple[Extreme, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose counters they are: the documents of its days (None: it has none) and of its lifetime.

    ``*_new`` is what a new document has besides the counters. ``derived`` recomputes fields of the lifetime
    document, where one of the families in ``derived_of`` has added to it.
    """

    families: tuple[Family, ...]
    name: Callable[[int], str]
    named: str
    total_id: Callable[[int, int], str]
    totals: str
    total_new: Mapping[str, Any]
    day_slices: str | None = None
    day_new: Mapping[str, Any] = field(default_factory=dict)
    stored_type: Callable[[int], str] | None = None
    derived: Pipeline = ()
    derived_of: tuple[str, ...] = ()


_MESSAGE_FLAGS = ("stickers", "polls", "replies", "forwards", "embeds")

MEMBER_MESSAGES = Family(
    "member_days",
    (
        Counter("messages", "messages", "messageStats.totalCount", "messageStats.weeklyActivity"),
        Counter("thread_messages", "threadMessages", "threadParticipation.messagesInThreads"),
        Counter("channels", "channels", "messageStats.channelDistribution"),
        Counter("hours", "hours", "messageStats.hourlyActivity"),
    ),
    (
        Extreme("first_at", "min", None, ("messageStats.firstMessageTimestamp",)),
        Extreme("last_at", "max", None, ("messageStats.lastMessageTimestamp", "lastActive")),
    ),
)
_CHANNEL_MESSAGE_COUNTERS = (
    Counter("messages", "messages", "metrics.messageCount", "weeklyActivity"),
    Counter("thread_messages", "threadMessages"),
    Counter("files", "files", "metrics.attachmentCount"),
    *(Counter(flag, flag) for flag in _MESSAGE_FLAGS),
    Counter("content_unknown", "contentUnknown"),
    Counter("hours", "hours", "hourlyActivity"),
)
_LAST_ACTIVE = (Extreme("last_at", "max", None, ("lastActive",)),)
_SENTIMENT_COUNTERS = (
    Counter("looked_at", "sentiment.lookedAt"),
    Counter("scored", "sentiment.scored"),
    Counter("positive", "sentiment.positive"),
    Counter("negative", "sentiment.negative"),
    Counter("sentiment", "sentiment.hundredths"),
)
CHANNEL_MESSAGES = Family("channel_days", (*_CHANNEL_MESSAGE_COUNTERS, *_SENTIMENT_COUNTERS), _LAST_ACTIVE)
THREAD_MESSAGES = Family("thread_days", _CHANNEL_MESSAGE_COUNTERS, _LAST_ACTIVE)

_VOICE_FLAGS = (
    Counter("visits", "voice.visits"),
    Counter("afk_ms", "voice.afkMs"),
    Counter("deafened_ms", "voice.deafenedMs"),
    Counter("alone_ms", "voice.aloneMs"),
    Counter("streaming_ms", "voice.streamingMs"),
    Counter("stage_ms", "voice.stageMs"),
)
MEMBER_VOICE = Family(
    "voice_member_days",
    (
        Counter("ms", "voice.ms", "voiceMs.total", "voiceMs.weekdays"),
        Counter("channels", "voice.channels", "voiceMs.channels"),
        Counter("hours", "voice.hours", "voiceMs.hours"),
        Counter("afk_hours", "voice.afkHours"),
        *_VOICE_FLAGS,
    ),
    (Extreme("last_at", "max", None, ("voiceStats.lastActive", "lastActive")),),
)
CHANNEL_VOICE = Family(
    "voice_channel_days",
    (
        Counter("ms", "voice.ms", "voiceMs"),
        Counter("hours", "voice.hours"),
        Counter("afk_hours", "voice.afkHours"),
        *_VOICE_FLAGS,
    ),
    (
        *_LAST_ACTIVE,
        Extreme("peak", "max", "voice.peak", ("metrics.peakConcurrentUsers",), time=False),
    ),
)

MEMBER_REACTIONS = Family(
    "reaction_member_days",
    (
        Counter("given", "reactionsGiven", "messageStats.reactionCount.given"),
        Counter("received", "reactionsReceived", "messageStats.reactionCount.received"),
        Counter("hours", "reactionHours"),
    ),
    (Extreme("last_at", "max", None, ("lastActive",)),),
)
_CHANNEL_REACTION_COUNTERS = (
    Counter("reactions", "reactions", "metrics.reactionCount"),
    Counter("with_reactions", "withReactions"),
)
CHANNEL_REACTIONS = Family("reaction_channel_days", _CHANNEL_REACTION_COUNTERS, ())
THREAD_REACTIONS = Family("reaction_thread_days", _CHANNEL_REACTION_COUNTERS, ())

MEMBER_VOTES = Family(
    "vote_member_days",
    (Counter("votes", "pollVotes"),),
    (Extreme("last_at", "max", None, ("lastActive",)),),
)
CHANNEL_VOTES = Family("vote_channel_days", (Counter("votes", "pollVotes"),), ())
MEMBER_EDITS = Family("edit_member_days", (Counter("edits", "edits"),), ())
CHANNEL_CHANGES = Family(
    "change_channel_days",
    (
        Counter("embeds", "embeds"),
        Counter("edits", "edits"),
        Counter("deletions", "deletions"),
        Counter("bulk_deletions", "bulkDeletions"),
    ),
    (),
)
MEMBER_THREADS = Family(
    "thread_member_days",
    (
        Counter("created", "threadsCreated", "threadParticipation.created"),
        Counter("joined", "threadsJoined", "threadParticipation.joined"),
    ),
    (Extreme("last_at", "max", None, ("lastActive",)),),
)
CHANNEL_THREADS = Family("thread_channel_days", (Counter("threads", "threads", "metrics.threadCount"),), ())


def _minutes(path: str) -> dict[str, Any]:
    return {"$divide": [{"$ifNull": [path, 0]}, _MS_PER_MINUTE]}


def _minutes_of_each(path: str) -> dict[str, Any]:
    entries = {"$objectToArray": {"$ifNull": [path, {}]}}
    each = {"k": "$$this.k", "v": {"$divide": ["$$this.v", _MS_PER_MINUTE]}}
    return {"$arrayToObject": {"$map": {"input": entries, "in": each}}}


_MEMBER_MINUTES: Pipeline = (
    {
        "$set": {
            "voiceStats.totalMinutes": _minutes("$voiceMs.total"),
            "voiceStats.channelMinutes": _minutes_of_each("$voiceMs.channels"),
            "voiceStats.hourlyActivity": _minutes_of_each("$voiceMs.hours"),
            "voiceStats.weeklyActivity": _minutes_of_each("$voiceMs.weekdays"),
        }
    },
)
_CHANNEL_MINUTES: Pipeline = ({"$set": {"metrics.voiceMinutes": _minutes("$voiceMs")}},)

_NEW_CHANNEL: Mapping[str, Any] = {
    "metrics.messageCount": 0,
    "metrics.uniqueAuthors": None,
    "metrics.attachmentCount": 0,
    "metrics.reactionCount": 0,
    "metrics.threadCount": 0,
    "metrics.voiceMinutes": 0,
    "metrics.uniqueVoiceUsers": None,
    "metrics.peakConcurrentUsers": None,
    "hourlyActivity": {},
    "weeklyActivity": {},
    "lastActive": None,
}

MEMBER = Subject(
    families=(MEMBER_MESSAGES, MEMBER_VOICE, MEMBER_REACTIONS, MEMBER_EDITS, MEMBER_THREADS, MEMBER_VOTES),
    name=hexadecimal,
    named="userId",
    total_id=lambda guild, member: member_id(guild, hexadecimal(member)),
    totals=member_activity_stats.COLLECTION.name,
    total_new={
        "joinTimestamp": None,
        "leaveHistory": [],
        "messageStats.totalCount": 0,
        "messageStats.lastMessageTimestamp": None,
        "messageStats.channelDistribution": {},
        "messageStats.hourlyActivity": {},
        "messageStats.weeklyActivity": {},
        "messageStats.reactionCount.given": 0,
        "messageStats.reactionCount.received": 0,
        "voiceStats.totalMinutes": 0,
        "voiceStats.channelMinutes": {},
        "voiceStats.lastActive": None,
        "voiceStats.hourlyActivity": {},
        "voiceStats.weeklyActivity": {},
        "threadParticipation.created": 0,
        "threadParticipation.joined": 0,
        "threadParticipation.messagesInThreads": 0,
        "lastActive": None,
        "activityScore": None,
    },
    day_slices=day_slices.MEMBER_DAYS.name,
    day_new={"messages": 0, "threadMessages": 0, "channels": {}, "hours": {}},
    derived=_MEMBER_MINUTES,
    derived_of=(MEMBER_VOICE.days,),
)
CHANNEL = Subject(
    families=(
        CHANNEL_MESSAGES,
        CHANNEL_VOICE,
        CHANNEL_REACTIONS,
        CHANNEL_CHANGES,
        CHANNEL_THREADS,
        CHANNEL_VOTES,
    ),
    name=str,
    named="channelId",
    total_id=channel_id,
    totals=channel_stats.COLLECTION.name,
    total_new=_NEW_CHANNEL,
    day_slices=day_slices.CHANNEL_DAYS.name,
    day_new={
        **dict.fromkeys(("messages", "threadMessages", "files", "contentUnknown", *_MESSAGE_FLAGS), 0),
        "hours": {},
    },
    stored_type=lambda kind: ChannelKind(kind).stored,
    derived=_CHANNEL_MINUTES,
    derived_of=(CHANNEL_VOICE.days,),
)
THREAD = Subject(
    families=(THREAD_MESSAGES, THREAD_REACTIONS),
    name=str,
    named="channelId",
    total_id=channel_id,
    totals=channel_stats.COLLECTION.name,
    total_new=_NEW_CHANNEL,
    stored_type=lambda _kind: "THREAD",
)
SUBJECTS = (MEMBER, CHANNEL, THREAD)
