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


Reaction = ReactionAdded | ReactionRemoved | ReactionsCleared
"""What is counted against what is known of the message: see ``bot.ingest.reactions``."""


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

    ``moderator`` is 0 for AutoMod, other bots and who opted out. ``number``: members pruned or messages
    purged. ``target`` is set for timeouts alone; one that was set ends at ``until`` (ms), labelled by
    ``until_*``.
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
    """A moderator warned a member; ``case`` names the warning. Both are pseudonyms."""

    guild: int
    case: int
    member: int
    moderator: int
    category: WarningCategory
    at: int
    zone: int
    day: int
    hour: int


class WarningResolved(msgspec.Struct, array_like=True, tag=29, frozen=True, gc=False):
    """A moderator closed a warning."""

    guild: int
    case: int
    moderator: int
    resolution: WarningResolution
    at: int
    zone: int
    day: int
    hour: int


Case = WarningRecorded | WarningResolved
"""What is counted against what is known of the case: see ``bot.ingest.warnings``."""
Activity = MessageSent | MembersCounted | VoiceTime | VoiceLevel | Reaction | AuditLog | Case | ConsentRecord

encode = msgspec.msgpack.Encoder().encode
decode = msgspec.msgpack.Decoder(Activity).decode
