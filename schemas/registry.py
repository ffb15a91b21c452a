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
    settings,
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
    directory.GUILDS,
    directory.CHANNELS,
    message_states.MESSAGE_STATES,
    bookkeeping.WATERMARKS,
    bookkeeping.LEASES,
    bookkeeping.COVERAGE,
    bookkeeping.IMPORTS,
    consents.CONSENTS,
    settings.SETTINGS,
    settings.AUDIT,
)
