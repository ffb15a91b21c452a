"""Activities: what happened, in the form in which it is journalled and folded.

An activity holds ids, times and flags, never content. Whatever depended on settings (excluded or not, the
server's time zone at that moment) was decided before it was made, so folding it again gives the same.
Records are msgpack arrays with a numeric tag; fields are only ever added at the end, with a default.
"""

from enum import IntEnum, IntFlag
from typing import cast

import msgspec

from schemas.channel_stats import ChannelType
from schemas.warnings import WarningCategory, WarningResolution


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


class MessageSent(msgspec.Struct, array_like=True, tag=1, frozen=True, gc=False):
    """A member sent a message.

    ``channel`` is what it counts for (the parent of a ``thread``; 0: in no thread). ``member`` is the
    pseudonym as a number. ``session`` names the gateway session that delivered it (0: not live, ``id`` may
    then be 0 for "has none"). ``at`` is in ms since 1970 UTC; ``zone``, ``day`` and ``hour`` are its label.
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


class MembersCounted(msgspec.Struct, array_like=True, tag=2, frozen=True, gc=False):
    """The server had ``members`` members at an instant."""

    guild: int
    at: int
    zone: int
    day: int
    hour: int
    members: int


class VoiceFlag(IntFlag):
    """How a member was in voice; ``BEGAN`` marks the first piece of a stay in a channel."""

    AFK = 1
    DEAFENED = 2
    ALONE = 4
    STREAMING = 8
    STAGE = 16
    BEGAN = 32


class VoiceTime(msgspec.Struct, array_like=True, tag=3, frozen=True, gc=False):
    """A member was in a voice channel for ``ms`` milliseconds from ``at`` on, all within one local hour."""

    guild: int
    channel: int
    kind: int
    member: int
    at: int
    ms: int
    zone: int
    day: int
    hour: int
    flags: int


class VoiceLevel(msgspec.Struct, array_like=True, tag=4, frozen=True, gc=False):
    """At ``at`` there were ``people`` in a voice channel (``channel`` 0: in voice in the whole server)."""

    guild: int
    channel: int
    kind: int
    at: int
    zone: int
    day: int
    hour: int
    people: int


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


class MessageEdited(msgspec.Struct, array_like=True, tag=16, frozen=True, gc=False):
    """A member changed a message at ``edited`` (ms); the label is of that instant."""

    guild: int
    channel: int
    kind: int
    member: int
    id: int
    edited: int
    at: int
    zone: int
    day: int
    hour: int


class PreviewShown(msgspec.Struct, array_like=True, tag=17, frozen=True, gc=False):
    """Discord added the preview of a link to a member's message; time and label are those of its sending."""

    guild: int
    channel: int
    kind: int
    id: int
    at: int
    zone: int
    day: int
    hour: int


class MessageDeleted(msgspec.Struct, array_like=True, tag=18, frozen=True, gc=False):
    """Somebody's message was deleted; ``bulk``: 0 alone, 1 with others, 2 as the first of them."""

    guild: int
    channel: int
    kind: int
    id: int
    bulk: int
    at: int
    zone: int
    day: int
    hour: int


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


class ThreadsCounted(msgspec.Struct, array_like=True, tag=22, frozen=True, gc=False):
    """The server had ``active`` threads that the bot sees at an instant."""

    guild: int
    at: int
    zone: int
    day: int
    hour: int
    active: int


CATEGORY = -1
"""The kind of a ``ListedChannel`` that is a category."""


class ListedChannel(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A channel or category in a list; ``name`` is a keyed hash, the label is of its creation."""

    id: int
    kind: int
    name: int
    category: int
    zone: int
    day: int
    hour: int


class ChannelsListed(msgspec.Struct, array_like=True, tag=23, frozen=True, gc=False):
    """All channels and categories that a server has at an instant, in the order in which they are shown."""

    guild: int
    at: int
    zone: int
    day: int
    hour: int
    channels: tuple[ListedChannel, ...]


Reaction = ReactionAdded | ReactionRemoved | ReactionsCleared
"""What is counted against what is known of the message: see ``bot.ingest.reactions``."""
MessageChange = MessageEdited | PreviewShown | MessageDeleted
"""What becomes of a message: see ``bot.ingest.message_changes``."""
ThreadActivity = ThreadSeen | ThreadJoined | ThreadDeleted
"""What becomes of a thread: see ``bot.ingest.threads``."""


class ModerationAction(IntEnum):
    """What a moderator, or AutoMod, did."""

    KICK = 0
    BAN = 1
    UNBAN = 2
    TIMEOUT = 3
    TIMEOUT_LIFTED = 4
    PRUNE = 5
    PURGE = 6
    AUTOMOD_BLOCKED = 7
    AUTOMOD_FLAGGED = 8
    AUTOMOD_TIMEOUT = 9
    AUTOMOD_QUARANTINE = 10


class Moderated(msgspec.Struct, array_like=True, tag=26, frozen=True, gc=False):
    """An entry of the server's audit log, whose id is ``id``; it may come from both gateway and log.

    ``moderator`` is 0 for AutoMod and other bots. ``number``: members pruned or messages purged. ``target``
    is set for timeouts alone (0: of who was erased since, and not followed); one that was set ends at
    ``until`` (ms), labelled by ``until_*``.
    """

    guild: int
    id: int
    action: int
    moderator: int
    at: int
    zone: int
    day: int
    hour: int
    number: int = 0
    target: int = 0
    until: int = 0
    until_zone: int = 0
    until_day: int = 0
    until_hour: int = 0


class AuditLogRead(msgspec.Struct, array_like=True, tag=27, frozen=True, gc=False):
    """At ``at`` the audit log was read up to the entry ``upto``, that is up to the instant ``settled``."""

    guild: int
    upto: int
    settled: int
    at: int


AuditLog = Moderated | AuditLogRead
"""What is counted against the audit log's cursor: see ``bot.ingest.audit_log``."""


class WarningRecorded(msgspec.Struct, array_like=True, tag=28, frozen=True, gc=False):
    """A moderator warned a member; ``case`` names the warning. Both are pseudonyms.

    ``counts``: for the moderator, too, not only for the server.
    """

    guild: int
    case: int
    member: int
    moderator: int
    category: WarningCategory
    at: int
    zone: int
    day: int
    hour: int
    counts: bool = True


class WarningResolved(msgspec.Struct, array_like=True, tag=29, frozen=True, gc=False):
    """A moderator closed a warning; ``counts`` as of ``WarningRecorded``."""

    guild: int
    case: int
    moderator: int
    resolution: WarningResolution
    at: int
    zone: int
    day: int
    hour: int
    counts: bool = True


Case = WarningRecorded | WarningResolved
"""What is counted against what is known of the case: see ``bot.ingest.warnings``."""


class EventWhere(IntEnum):
    """Where a scheduled event is held."""

    UNKNOWN = 0
    STAGE = 1
    VOICE = 2
    EXTERNAL = 3


class EventStage(IntEnum):
    """How far a scheduled event is; ``GONE``: it ended in whatever way while nobody listened."""

    UNKNOWN = 0
    SCHEDULED = 1
    ACTIVE = 2
    COMPLETED = 3
    CANCELLED = 4
    DELETED = 5
    GONE = 6


class EventSeen(msgspec.Struct, array_like=True, tag=30, frozen=True, gc=False):
    """A scheduled event was found to be at a stage; ``live``: just now it came to be so.

    ``starts`` and ``ends`` (0: open) are planned, in ms; ``channel`` is 0 for one that is held elsewhere.
    """

    guild: int
    event: int
    where: int
    stage: int
    channel: int
    starts: int
    ends: int
    live: bool
    at: int
    zone: int
    day: int
    hour: int


class EventInterest(msgspec.Struct, array_like=True, tag=31, frozen=True, gc=False):
    """A member is interested in an event, or no longer."""

    guild: int
    event: int
    member: int
    interested: bool
    at: int


class EventInterestRead(msgspec.Struct, array_like=True, tag=32, frozen=True):
    """Exactly these members are interested in an event."""

    guild: int
    event: int
    members: tuple[int, ...]
    at: int


class EventPresence(msgspec.Struct, array_like=True, tag=33, frozen=True, gc=False):
    """A member was in the channel of an event that is on, for ``ms`` milliseconds up to ``at``."""

    guild: int
    event: int
    member: int
    ms: int
    at: int


EventPlan = EventSeen | EventInterest | EventInterestRead | EventPresence
"""What is counted against what is known of the event: see ``bot.ingest.scheduled_events``."""


class PollVoted(msgspec.Struct, array_like=True, tag=34, frozen=True, gc=False):
    """A member voted in a poll; ``message`` and ``vote`` (message, answer and member) are keyed hashes."""

    guild: int
    channel: int
    kind: int
    message: int
    member: int
    vote: int
    at: int
    zone: int
    day: int
    hour: int


class PollVoteRemoved(msgspec.Struct, array_like=True, tag=35, frozen=True, gc=False):
    """A member (0: nobody who may be counted) took a vote back."""

    guild: int
    message: int
    member: int
    vote: int
    at: int


PollVote = PollVoted | PollVoteRemoved
"""What is counted against what is known of the poll: see ``bot.ingest.polls``."""


class JoinSeen(IntEnum):
    """How a join became known: Discord told of it, or the member list showed it afterwards.

    ``SURVIVOR``: found by the first comparison of all, so that nobody knows who came at that time and left.
    """

    LIVE = 0
    FOUND = 1
    SURVIVOR = 2


class MemberJoined(msgspec.Struct, array_like=True, tag=8, frozen=True, gc=False):
    """A member is there since ``joined`` (ms, Discord's clock; ``zone``, ``day`` and ``hour`` label it).

    ``roles`` ascend; ``boosting`` is since when (ms; 0: not). ``not_before``: when the member was known to be
    there for the last time (0: unknown), in case a leave was missed.
    """

    guild: int
    member: int
    joined: int
    zone: int
    day: int
    hour: int
    seen: int
    roles: tuple[int, ...] = ()
    boosting: int = 0
    pending: bool = False
    not_before: int = 0


class MemberLeft(msgspec.Struct, array_like=True, tag=9, frozen=True, gc=False):
    """A member is gone at ``at`` (ms), by whatever way.

    ``found``: nobody saw it happen; it was between ``not_before`` and ``at``.
    """

    guild: int
    member: int
    at: int
    zone: int
    day: int
    hour: int
    found: bool = False
    not_before: int = 0


class MemberChanged(msgspec.Struct, array_like=True, tag=10, frozen=True, gc=False):
    """What a member has at ``at``: roles (ascending), boosting since (ms; 0: not), screening to pass."""

    guild: int
    member: int
    at: int
    zone: int
    day: int
    hour: int
    roles: tuple[int, ...]
    boosting: int
    pending: bool


class MembersCompared(msgspec.Struct, array_like=True, tag=11, frozen=True, gc=False):
    """The whole member list was compared: every join up to ``known_until`` (ms, Discord's clock) is known."""

    guild: int
    at: int
    known_until: int


class InviteRead(msgspec.Struct, array_like=True, tag=12, frozen=True, gc=False):
    """An invite had been used ``uses`` times at ``at``.

    ``invite`` names it by a keyed hash, ``inviter`` is a pseudonym (0: unknown, or a bot). ``new``: it was
    made since invites were last read, so that all its uses are of this time. ``vanity``: the server's own.
    """

    guild: int
    invite: int
    code: str
    inviter: int
    uses: int
    at: int
    zone: int
    day: int
    hour: int
    new: bool
    vanity: bool = False


Membership = MemberJoined | MemberLeft | MemberChanged
"""What is held against what is known of the member: see ``bot.ingest.members``."""


class OptedOut(msgspec.Struct, array_like=True, tag=36, frozen=True, gc=False):
    """From ``at`` (a snowflake) on nothing of a member counts."""

    guild: int
    member: int
    at: int


class OptedIn(msgspec.Struct, array_like=True, tag=37, frozen=True, gc=False):
    """What a member does from ``at`` (a snowflake) on counts again."""

    guild: int
    member: int
    at: int


class Erased(msgspec.Struct, array_like=True, tag=38, frozen=True, gc=False):
    """Nothing of a member up to ``at`` (a snowflake) is kept, nor comes back."""

    guild: int
    member: int
    at: int


ConsentRecord = OptedOut | OptedIn | Erased
"""What a member decided: the recorder acts on it alone, between two batches."""


CONSENT_TAGS = frozenset({36, 37, 38})


Activity = (
    MessageSent
    | MembersCounted
    | VoiceTime
    | VoiceLevel
    | Reaction
    | Membership
    | MembersCompared
    | InviteRead
    | MessageChange
    | ThreadActivity
    | ThreadsCounted
    | ChannelsListed
    | AuditLog
    | Case
    | EventPlan
    | PollVote
    | ConsentRecord
)

encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Activity).decode
