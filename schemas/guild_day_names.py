"""Names of what a server's day holds by local hour: levels (the latest reading stands) and counts (a sum)."""

from enum import StrEnum


class GuildLevel(StrEnum):
    """A level; the value is the field of ``guildDays`` that maps from the hour to its latest reading."""

    MEMBERS = "members"
    VOICE = "voice"
    ACTIVE_THREADS = "activeThreads"
    CATEGORIES = "categories"
    TEXT_CHANNELS = "textChannels"
    VOICE_CHANNELS = "voiceChannels"
    STAGE_CHANNELS = "stageChannels"
    FORUM_CHANNELS = "forumChannels"


class GuildCount(StrEnum):
    """A count; the value is the key in ``guildDays.counts`` that maps from the hour to the sum.

    Those of messages are counted at the hour in which the message was sent.
    """

    FILES = "files"
    EMBEDS = "embeds"
    STICKERS = "stickers"
    POLLS = "polls"
    REPLIES = "replies"
    FORWARDS = "forwards"
    CONTENT_UNKNOWN = "contentUnknown"
    THREAD_MESSAGES = "threadMessages"
    WITH_REACTIONS = "withReactions"
    THREADS_CREATED = "threadsCreated"
    THREADS_ARCHIVED = "threadsArchived"
    KICKS = "kicks"
    BANS = "bans"
    UNBANS = "unbans"
    TIMEOUTS = "timeouts"
    TIMEOUTS_LIFTED = "timeoutsLifted"
    TIMEOUTS_EXPIRED = "timeoutsExpired"
    PRUNES = "prunes"
    PRUNED_MEMBERS = "prunedMembers"
    PURGES = "purges"
    PURGED_MESSAGES = "purgedMessages"
    AUTOMOD_BLOCKED = "automodBlocked"
    AUTOMOD_FLAGGED = "automodFlagged"
    AUTOMOD_TIMEOUTS = "automodTimeouts"
    AUTOMOD_QUARANTINES = "automodQuarantines"
    WARNINGS = "warnings"
    WARNINGS_RESOLVED = "warningsResolved"
