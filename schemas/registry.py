"""Every collection of the database, one row each."""

from schemas import (
    bookkeeping,
    channel_stats,
    day_packs,
    day_slices,
    directory,
    guild_activity_snapshots,
    invites,
    member_activity_stats,
    member_archive,
    member_rosters,
    message_states,
)
from schemas.collection import Collection

COLLECTIONS: tuple[Collection, ...] = (
    member_activity_stats.COLLECTION,
    member_archive.COLLECTION,
    member_rosters.COLLECTION,
    invites.INVITES,
    invites.INVITE_DAYS,
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
)
