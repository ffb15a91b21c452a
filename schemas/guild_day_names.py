"""Names in a server's day: by local hour levels (the latest reading stands) and counts (sums); tallies."""

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

    Those of messages are counted at the hour in which the message was sent. ``eventsObserved`` are the events
    held of which it is known who came; the three counts behind it are sums over these.
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
    THREADS_LOCKED = "threadsLocked"
    THREADS_SOLVED = "threadsSolved"
    THREADS_DELETED = "threadsDeleted"
    THREADS_JOINED = "threadsJoined"
    MESSAGES_EDITED = "messagesEdited"
    MESSAGES_DELETED = "messagesDeleted"
    MESSAGES_BULK_DELETED = "messagesBulkDeleted"
    BULK_DELETIONS = "bulkDeletions"
    CHANNELS_CREATED = "channelsCreated"
    CHANNELS_DELETED = "channelsDeleted"
    CHANNELS_RENAMED = "channelsRenamed"
    CHANNELS_MOVED = "channelsMoved"
    JOINS = "joins"
    """All of them; on the day of the join also where it was found afterwards."""
    REJOINS = "rejoins"
    """Those of members of whom it is known that they were here before."""
    LEAVES = "leaves"
    """All of them, kicks, bans and prunes too; those that nobody saw on the day on which they were found."""
    LEAVES_FOUND = "leavesFound"
    JOINS_INVITED = "joinsInvited"
    """Those by an invite of a member's; by which is in ``inviteDays``. Of the rest the way is unknown."""
    JOINS_VANITY = "joinsVanity"
    """Those by the server's own address."""
    BOOSTS_BEGUN = "boostsBegun"
    BOOSTS_ENDED = "boostsEnded"
    SCREENINGS_PASSED = "screeningsPassed"
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
    EVENTS_HELD = "eventsHeld"
    EVENTS_CANCELLED = "eventsCancelled"
    EVENTS_OBSERVED = "eventsObserved"
    EVENT_INTERESTED = "eventInterested"
    EVENT_ATTENDED = "eventAttended"
    EVENT_ATTENDED_INTERESTED = "eventAttendedInterested"
    POLL_VOTES = "pollVotes"


class GuildTally(StrEnum):
    """A map of sums of the whole day; the value is the field of ``guildDays``."""

    ROLES_GIVEN = "rolesGiven"
    """By role id: how many members got it, not counting what somebody has when joining."""
    ROLES_TAKEN = "rolesTaken"
