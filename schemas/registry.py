"""Every collection of the database, one row each."""

from schemas import (
    bookkeeping,
    channel_stats,
    consents,
    day_packs,
    day_slices,
    directory,
    guild_activity_snapshots,
    member_activity_stats,
    message_states,
    moderation,
    settings,
    warnings,
)
from schemas.collection import Collection

COLLECTIONS: tuple[Collection, ...] = (
    member_activity_stats.COLLECTION,
    guild_activity_snapshots.COLLECTION,
    channel_stats.COLLECTION,
    day_slices.MEMBER_DAYS,
    day_slices.CHANNEL_DAYS,
    day_slices.GUILD_DAYS,
    day_packs.MEMBER_PACKS,
    day_packs.CHANNEL_PACKS,
    day_packs.MEMBER_BASES,
    day_packs.CHANNEL_BASES,
    directory.GUILDS,
    directory.CHANNELS,
    message_states.MESSAGE_STATES,
    moderation.MODERATION_DAYS,
    moderation.AUDIT_LOGS,
    warnings.WARNINGS,
    bookkeeping.WATERMARKS,
    bookkeeping.LEASES,
    bookkeeping.COVERAGE,
    bookkeeping.IMPORTS,
    consents.CONSENTS,
    settings.SETTINGS,
    settings.AUDIT,
)
