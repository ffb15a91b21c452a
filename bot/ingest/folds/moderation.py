"""What an entry of the audit log adds, once it is known to count."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.ingest.activities.moderation import ModerationAction
from bot.ingest.books.audit_log import ModerationCounted, TimeoutExpired
from bot.ingest.books.warnings import ModeratorDid
from bot.ingest.delta import Delta
from schemas.guild_day_names import GuildCount

COUNTS: Mapping[ModerationAction, GuildCount] = MappingProxyType(
    {
        ModerationAction.KICK: GuildCount.KICKS,
        ModerationAction.BAN: GuildCount.BANS,
        ModerationAction.UNBAN: GuildCount.UNBANS,
        ModerationAction.TIMEOUT: GuildCount.TIMEOUTS,
        ModerationAction.TIMEOUT_LIFTED: GuildCount.TIMEOUTS_LIFTED,
        ModerationAction.PRUNE: GuildCount.PRUNES,
        ModerationAction.PURGE: GuildCount.PURGES,
        ModerationAction.AUTOMOD_BLOCKED: GuildCount.AUTOMOD_BLOCKED,
        ModerationAction.AUTOMOD_FLAGGED: GuildCount.AUTOMOD_FLAGGED,
        ModerationAction.AUTOMOD_TIMEOUT: GuildCount.AUTOMOD_TIMEOUTS,
        ModerationAction.AUTOMOD_QUARANTINE: GuildCount.AUTOMOD_QUARANTINES,
    }
)
"""What each action counts as, for the server's hour and the moderator's day."""
NUMBERS: Mapping[ModerationAction, GuildCount] = MappingProxyType(
    {
        ModerationAction.PRUNE: GuildCount.PRUNED_MEMBERS,
        ModerationAction.PURGE: GuildCount.PURGED_MESSAGES,
    }
)
"""What the number of an action counts as."""


def fold_moderation_counted(delta: Delta, counted: ModerationCounted) -> None:
    """Count an action for the server and for the moderator."""
    entry = counted.entry
    action = ModerationAction(entry.action)
    added = [(COUNTS[action], 1)]
    if action in NUMBERS:
        added.append((NUMBERS[action], entry.number))
    day = delta.guild_day(entry.guild, entry.zone, entry.day)
    for name, by in added:
        day.count(name, entry.hour, by)
        if entry.moderator:
            delta.moderate(entry.guild, entry.zone, entry.day, entry.moderator, name, by)


def fold_timeout_expired(delta: Delta, expired: TimeoutExpired) -> None:
    """Count a timeout that ran out, in the hour in which it did."""
    day = delta.guild_day(expired.guild, expired.zone, expired.day)
    day.count(GuildCount.TIMEOUTS_EXPIRED, expired.hour)


def fold_moderator_did(delta: Delta, did: ModeratorDid) -> None:
    """Count what a moderator did, for the server and for the moderator."""
    delta.guild_day(did.guild, did.zone, did.day).count(did.name, did.hour)
    if did.moderator:
        delta.moderate(did.guild, did.zone, did.day, did.moderator, did.name)
